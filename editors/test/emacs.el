;;; emacs.el --- The set-up of editors/emacs in the real Emacs  -*- lexical-binding: t; -*-

;;; Commentary:

;; Findings, a hover, a completion, indentation and colours, with eglot.
;;   emacs --batch -L editors/emacs -l editors/test/emacs.el PLAN     run by .ci/editors

;;; Code:

(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'remit-mode)

(defvar failed nil)

(defmacro step (name &rest work)
  "Say whether WORK, which NAME describes, went well."
  (declare (indent 1))
  `(condition-case said
       (progn ,@work (princ (format "ok      %s\n" ,name)))
     (error (setq failed t) (princ (format "FAILED  %s: %S\n" ,name said)))))

(defun until (what holds)
  "Wait for HOLDS, which WHAT describes, to return something."
  (let ((end (+ (float-time) 60)) seen)
    (while (not (setq seen (funcall holds)))
      (when (> (float-time) end)
        (error "Not within a minute: %s" what))
      (accept-process-output nil 0.1)
      (flymake-start nil))
    seen))

(defun finding (words)
  "The finding whose message holds WORDS."
  (seq-find (lambda (diagnostic) (string-match-p (regexp-quote words) (flymake-diagnostic-text diagnostic))) (flymake-diagnostics)))

(defun ask (method position)
  "What the server answers to METHOD at POSITION."
  (save-excursion
    (goto-char position)
    (jsonrpc-request (eglot--current-server-or-lose) method (eglot--TextDocumentPositionParams) :timeout 60)))

(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-autoshutdown t)
(find-file (car command-line-args-left))
(setq command-line-args-left nil)

(step "Emacs knows a plan by its ending"
  (cl-assert (eq major-mode 'remit-mode)))

(step "the colours of a plan"
  (font-lock-ensure)
  (goto-char (point-min))
  (search-forward "responsibility pay-policy")
  (cl-assert (eq (get-text-property (match-beginning 0) 'face) 'font-lock-keyword-face))
  (search-forward "accountable")
  (cl-assert (eq (get-text-property (match-beginning 0) 'face) 'font-lock-variable-name-face)))

(step "lines are indented by their blocks"
  (let ((before (buffer-string)))
    (indent-region (point-min) (point-max))
    (cl-assert (string= before (buffer-string)))))

(step "a finding at the very words"
  (apply #'eglot (eglot--guess-contact))
  (flymake-mode 1)
  (let ((found (until "a finding" (lambda () (finding "pay policy stays national")))))
    (cl-assert (string= "wessex-and-mercia" (buffer-substring (flymake-diagnostic-beg found) (flymake-diagnostic-end found))))
    (goto-char (flymake-diagnostic-beg found))
    (cl-assert (looking-at ".*a penny an hour"))))

(step "what is put right is gone"
  (goto-char (point-min))
  (re-search-forward "accountable +\\(wessex-and-mercia\\) +# a penny")
  (replace-match "dhsc" t t nil 1)
  ;; Emacs sends changes when it is idle, which it never is in a batch.
  (eglot--signal-textDocument/didChange)
  (until "the finding is gone" (lambda () (not (finding "pay policy stays national")))))

(step "a hover says what the words mean"
  (goto-char (point-min))
  (search-forward "responsibility pay-poli")
  (let ((contents (plist-get (ask :textDocument/hover (point)) :contents)))
    (cl-assert (string-match-p "[Pp]ay" (format "%S" contents)))))

(step "a completion knows what may stand here"
  (goto-char (point-min))
  (search-forward "responsibility pay-policy")
  (beginning-of-line)
  (insert "responsibility \n")
  (forward-char -1)
  (eglot--signal-textDocument/didChange)
  (let* ((answer (ask :textDocument/completion (point)))
         (items (if (vectorp answer) answer (plist-get answer :items))))
    (cl-assert (seq-find (lambda (item) (string= (plist-get item :label) "workforce-planning")) items))))

(set-buffer-modified-p nil)
(ignore-errors (eglot-shutdown (eglot-current-server)))
(kill-emacs (if failed 1 0))
;;; emacs.el ends here
