" Plans by their form alone, for where tree-sitter and the language server's colours are not at hand. Vim can use this too.

if exists("b:current_syntax")
  finish
endif

syntax case match
syntax sync minlines=200

" The first word of a statement: at the margin it declares, inside a block it is a field.
syntax match remitKind "^\K\(\k\|-\)*"
syntax match remitField "^\s\+\zs\K\(\k\|-\)*"
syntax match remitField "\([{;]\s*\)\@<=\K\(\k\|-\)*"

syntax keyword remitClause from until by of for in dated sheet to
syntax keyword remitBoolean yes no
syntax match remitNumber "\(^\|[[:space:]{,~;]\)\@<=[-–—−]\?£\?\d[0-9_.]*\(bn\|m\|k\|%\)\?\([[:space:]{},~#;]\|$\)\@="
syntax match remitDate "\(^\|[[:space:]{,~;]\)\@<=\d\{4}\(-\d\d\(-\d\d\)\?\|/\d\d\)\([[:space:]{},~#;]\|$\)\@="
syntax match remitAbsent "\s\@<=[-–—−]\([[:space:]},#;]\|$\)\@="
syntax region remitText start=+"+ skip=+\\.+ end=+"\|$+
syntax region remitText start=+"""+ end=+"""+
syntax region remitText start=+[“”]+ end=+[“”"]\|$+
syntax match remitComment "#.*$" contains=@Spell
syntax match remitBrace "[{}]"

highlight default link remitKind Keyword
highlight default link remitField Identifier
highlight default link remitClause Operator
highlight default link remitBoolean Boolean
highlight default link remitNumber Number
highlight default link remitDate Constant
highlight default link remitAbsent Special
highlight default link remitText String
highlight default link remitComment Comment
highlight default link remitBrace Delimiter

let b:current_syntax = "remit"
