; SPDX-License-Identifier: Apache-2.0
; HCL, as Terraform and its relatives write it. The type of a resource stands before its name, as in what refers to it.

(config_file (body (block
  . (identifier) @_block
  . (string_lit (template_literal) @qualifier)
  . (string_lit (template_literal) @name)
  . (block_start)) @definition.resource))
(config_file (body (block . (identifier) @_block . (string_lit (template_literal) @name) . (block_start))
  @definition.variable (#any-of? @_block "variable" "output")))
(config_file (body (block . (identifier) @_block . (string_lit (template_literal) @name) . (block_start))
  @definition.module (#eq? @_block "module")))
(config_file (body (block . (identifier) @_block . (string_lit (template_literal) @name) . (block_start))
  @definition.object (#not-any-of? @_block "variable" "output" "module" "provider")))
; Jobs of Nomad.
(block . (identifier) @_block . (string_lit (template_literal) @name) . (block_start)
  (#any-of? @_block "group" "task")) @definition.object
(config_file (body (block . (identifier) @_block (body (attribute . (identifier) @name) @definition.variable))
  (#eq? @_block "locals")))
(config_file (body (attribute . (identifier) @name) @definition.key))

(config_file (body (block . (identifier) @_block . (string_lit (template_literal) @name @reference.import)
  . (block_start)) (#eq? @_block "provider")))
(config_file (body (block . (identifier) @_block
  (body (attribute . (identifier) @_key
    (expression (literal_value (string_lit (template_literal) @name @reference.import))))))
  (#eq? @_block "module") (#eq? @_key "source") (#strip! @name "[?].*$") (#strip! @name "^.*/")))
; var.depth, local.depth, module.harbour, data.berth.north, crane_large.first
((variable_expr (identifier) @_root) . (get_attr (identifier) @name @reference.symbol)
  (#any-of? @_root "var" "local" "module"))
((variable_expr (identifier) @_root) . (get_attr) . (get_attr (identifier) @name @reference.symbol)
  (#eq? @_root "data"))
((variable_expr (identifier) @_root) . (get_attr (identifier) @name @reference.symbol)
  (#match? @_root "_"))
