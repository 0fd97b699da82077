; The word that begins a statement, and the words of its fields.
(plan (statement head: (head) @keyword))
(block (statement head: (head) @property))
(stray_block (statement head: (head) @property))

; `accountable QHM until 2020-03-31`
(clause word: _ @keyword.operator)
(range "to" @keyword.operator)
(approximate ["about" "up to"] @keyword.operator)
(estimate "~" @operator)

(comment) @comment
(text) @string
(number) @number
(percent) @number
(money) @number
(unit) @type
(date) @constant
(month) @constant
(quarter) @constant
(year) @constant
(absent) @constant.builtin

((name) @boolean
  (#any-of? @boolean "yes" "no"))
((name) @variable
  (#not-any-of? @variable "yes" "no"))
(rule_name) @variable

(list "," @punctuation.delimiter)
";" @punctuation.delimiter
["{" "}"] @punctuation.bracket

; What cannot be read.
(unclosed_text) @error
(malformed) @error
(stray) @error
