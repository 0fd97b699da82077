(block) @fold
((text) @fold
  (#match? @fold "^\"\"\""))
((comment)+ @fold)
