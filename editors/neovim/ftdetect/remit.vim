autocmd BufNewFile,BufRead *.remit setfiletype remit
