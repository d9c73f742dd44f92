; inherits: ocaml_interface
; SPDX-License-Identifier: Apache-2.0
; OCaml: the values, which interfaces do not have.

(let_binding pattern: (value_name) @name . (parameter)) @definition.function
(let_binding pattern: (value_name) @name body: [(fun_expression) (function_expression)]) @definition.function
(let_binding pattern: (parenthesized_operator (_) @name)) @definition.operator
(compilation_unit (value_definition (let_binding pattern: [
  (value_name) @name
  (tuple_pattern (value_name) @name)
]) @definition.variable (#not-eq? @name "_")))
(structure (value_definition (let_binding pattern: [
  (value_name) @name
  (tuple_pattern (value_name) @name)
]) @definition.variable (#not-eq? @name "_")))
