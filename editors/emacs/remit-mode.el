;;; remit-mode.el --- Plans in the Remit language  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.3"))
;; Keywords: languages

;;; Commentary:

;; Colours and indents plans, and tells eglot how to start the language server: `M-x eglot' in a plan, or
;; (add-hook 'remit-mode-hook #'eglot-ensure).

;;; Code:

(defgroup remit nil
  "People plans as code."
  :group 'languages)

(defcustom remit-program "remit"
  "The program that checks plans."
  :type 'string
  :group 'remit)

(defcustom remit-indent 2
  "How far a block is indented."
  :type 'integer
  :safe #'integerp
  :group 'remit)

(defconst remit-mode--clauses '("from" "until" "by" "of" "for" "in" "dated" "sheet" "to")
  "Words that begin a clause, and the one that joins a range.")

(defconst remit-mode--end "\\(?:[][ \t\n{},~#;\"]\\|$\\)"
  "What stands after a word.")

(defvar remit-mode-font-lock-keywords
  `(;; The first word of a statement: at the margin it declares, inside a block it is a field.
    ("^\\([[:alpha:]][[:alnum:]-]*\\)" 1 font-lock-keyword-face)
    ("\\(?:^[ \t]+\\|[{;][ \t]*\\)\\([[:alpha:]][[:alnum:]-]*\\)" 1 font-lock-variable-name-face)
    (,(concat "[ \t]\\(" (regexp-opt remit-mode--clauses) "\\)" remit-mode--end) 1 font-lock-builtin-face)
    (,(concat "[ \t,~]\\(-?£?[0-9][0-9_./-]*\\(?:bn\\|m\\|k\\|%\\)?\\)" remit-mode--end) 1 font-lock-constant-face)
    (,(concat "[ \t]\\(yes\\|no\\|-\\)" remit-mode--end) 1 font-lock-constant-face))
  "What is coloured in plans beside texts and comments.")

(defvar remit-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?{ "(}" table)
    (modify-syntax-entry ?} "){" table)
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?/ "_" table)
    table)
  "Syntax of plans.")

(defun remit-mode--indent-line ()
  "Indent the line by the blocks around it."
  (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
         (closes (save-excursion (back-to-indentation) (eq (char-after) ?\})))
         (depth (max 0 (- (car state) (if closes 1 0)))))
    ;; What stands inside a text of several lines is the text's own.
    (unless (nth 3 state)
      (if (<= (current-column) (current-indentation))
          (indent-line-to (* remit-indent depth))
        (save-excursion (indent-line-to (* remit-indent depth)))))))

;;;###autoload
(define-derived-mode remit-mode prog-mode "Remit"
  "Major mode for people plans in the Remit language."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width remit-indent)
  (setq-local indent-line-function #'remit-mode--indent-line)
  (setq-local electric-indent-chars (cons ?\} electric-indent-chars))
  (setq-local font-lock-defaults '(remit-mode-font-lock-keywords))
  (setq-local imenu-generic-expression '((nil "^\\([[:alpha:]][^{#\n]*?\\)[ \t]*\\(?:[{#]\\|$\\)" 1))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.remit\\'" . remit-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(remit-mode . (,remit-program "lsp"))))

(provide 'remit-mode)
;;; remit-mode.el ends here
