(plan (statement head: (head) . [(name) (text)] @name) @definition.object)
