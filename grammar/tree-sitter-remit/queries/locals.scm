(plan) @local.scope

; `evidence assurance-2019 "…" {` declares a name; elsewhere names are used.
(plan (statement head: (head) . (name) @local.definition))
(name) @local.reference
