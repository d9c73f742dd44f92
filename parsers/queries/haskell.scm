; SPDX-License-Identifier: Apache-2.0
; Haskell. A definition stands at its type signature where one precedes it, and there is one for all its equations.
; Left out: bindings in let and where that take no arguments, functions given as arguments by their bare name, since
; that may be a local. An error in a layout block hides the rest of the block from the grammar.

(header module: (module) @name) @definition.module
(export (_) @ignore)
(export variable: (qualified id: (_) @ignore))
(export type: (qualified id: (_) @ignore))
(export children: (children element: (_) @ignore))

(data_type name: (name) @name) @definition.type
(newtype name: (name) @name) @definition.type
(type_synomym name: (name) @name) @definition.type
(type_family name: (name) @name) @definition.type
(data_family name: (name) @name) @definition.type
(data_type (infix operator: [(operator) (constructor_operator)] @name)) @definition.type
(type_synomym (infix operator: [(operator) (constructor_operator)] @name)) @definition.type
(class name: (name) @name) @definition.class

(data_constructor constructor: [
  (record name: (constructor) @name)
  (prefix name: (constructor) @name)
  (infix operator: (constructor_operator) @name)
]) @definition.constructor
(gadt_constructor name: (constructor) @name) @definition.constructor
(gadt_constructor names: (binding_list name: (constructor) @name)) @definition.constructor
(newtype_constructor name: (constructor) @name) @definition.constructor
(field name: (field_name (variable) @name)) @definition.field
(pattern_synonym (equation synonym: [
  (constructor) @name
  (apply function: [
    (constructor) @name
    (apply function: [(constructor) @name (apply function: (constructor) @name)])
  ])
  (infix operator: (constructor_operator) @name)
])) @definition.constructor
(pattern_synonym (signature synonym: (constructor) @ignore))

(class_declarations declaration: (signature [
  name: [(variable) @name (prefix_id (operator) @name)]
  names: (binding_list name: [(variable) @name (prefix_id (operator) @name)])
]) @definition.method)
; Default methods; the signature is the definition.
(class_declarations declaration: [(function name: (variable) @name) (bind name: (variable) @name)] @scope)
(class_declarations declaration: [
  (function name: (variable) @ignore)
  (function (infix operator: (operator) @ignore))
  (bind name: (variable) @ignore)
])
(instance name: [(name) @name (qualified id: (name) @name)]) @scope

; The second and later equations.
((function name: (variable) @_previous) . (function name: (variable) @ignore) (#eq? @_previous @ignore))
((function name: (variable) @_previous) . (function name: (variable) @name) @scope (#eq? @_previous @name))
((function (infix operator: (operator) @_previous)) . (function (infix operator: (operator) @ignore))
  (#eq? @_previous @ignore))

(instance_declarations declaration: [
  (function name: (variable) @name)
  (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
  (function name: (prefix_id (operator) @name))
  (bind name: [(variable) @name (prefix_id (operator) @name)])
] @definition.method)

((signature name: (variable) @name) . (function name: (variable) @_next) @definition.function (#eq? @name @_next))
((signature name: (variable) @name type: [(function) (context type: (function))]) . (bind name: (variable) @_next) @definition.function
  (#eq? @name @_next))
(declarations (signature name: (variable) @name) . (bind name: (variable) @_next) @definition.variable
  (#eq? @name @_next))
((signature name: (prefix_id (operator) @name)) . (function (infix operator: (operator) @_next)) @definition.operator
  (#eq? @name @_next))
((signature name: (variable) @_previous) . (function name: (variable) @ignore) (#eq? @_previous @ignore))
((signature name: (variable) @_previous) . (bind name: (variable) @ignore) (#eq? @_previous @ignore))
((signature name: (prefix_id (operator) @_previous)) . (function (infix operator: (operator) @ignore))
  (#eq? @_previous @ignore))

(function name: (variable) @name) @definition.function
(function (infix operator: (infix_id (variable) @name))) @definition.function
(function (infix operator: (operator) @name)) @definition.operator
(function name: (prefix_id (operator) @name)) @definition.operator
(declarations (bind name: (variable) @name) @definition.variable)
(declarations (bind name: (prefix_id (operator) @name)) @definition.operator)
(declarations (bind pattern: (tuple element: (variable) @name)) @definition.variable)
(foreign_import signature: (signature name: (variable) @name)) @definition.function

(import module: (module) @name @reference.import)
(import_name [
  variable: (variable) @name
  type: (name) @name
  operator: (prefix_id (operator) @name)
] @reference.import)
(import_name children: (children element: [(constructor) (variable)] @name @reference.import))
(instance name: [(name) @name (qualified id: (name) @name)] @reference.implementation)
(deriving_instance name: [(name) @name (qualified id: (name) @name)] @reference.implementation)
(deriving classes: [
  (name) @name
  (tuple [(name) @name (qualified id: (name) @name)])
  (parens [(name) @name (qualified id: (name) @name)])
] @reference.implementation)
((name) @name @reference.type
  (#not-any-of? @name "Int" "Integer" "Double" "Float" "Char" "String" "Bool" "IO" "Maybe" "Either" "Word" "Type"))

(apply function: [(variable) @name (qualified id: (variable) @name)] @reference.call)
(infix
  left_operand: [(variable) @name (qualified id: (variable) @name)] @reference.call
  operator: (operator) @_operator
  (#any-of? @_operator "$" "." "<$>" "$!" "=<<" "<=<" ">=>" "<$"))
(infix
  operator: (operator) @_operator
  right_operand: [(variable) @name (qualified id: (variable) @name)] @reference.call
  (#any-of? @_operator "." ">>=" "&" ">=>" "<=<" "<&>" "|>" ">>" "*>"))
(infix operator: (infix_id [(variable) @name (qualified id: (variable) @name)] @reference.call)
  (#not-any-of? @name "div" "mod" "elem" "seq" "quot" "rem"))
(infix operator: [(operator) @name (qualified id: (operator) @name)] @reference.call
  (#not-any-of? @name "$" "." "+" "-" "*" "/" "<>" "++" "==" "/=" "<" ">" "<=" ">=" "&&" "||" "<$>" "<*>" ">>=" ">>"
    "*>" "<*" "=<<" "<|>" "!!" "^" "<$" "$!" "<&>" "&" "!" "->" "~"))
(exp (variable) @name @reference.call)
(exp (qualified id: (variable) @name @reference.call))
(bind arrow: _ expression: [(variable) @name (qualified id: (variable) @name)] @reference.call)
(qualified id: (variable) @name @reference.symbol)

(field_update field: [
  (field_name (variable) @name)
  (qualified id: (field_name (variable) @name))
] @reference.member)
(field_pattern field: [
  (field_name (variable) @name)
  (qualified id: (field_name (variable) @name))
] @reference.member)
(projection field: (field_name (variable) @name @reference.member))
(quoter (variable) @name @reference.macro)
((constructor) @name @reference.symbol
  (#not-any-of? @name "True" "False" "Just" "Nothing" "Left" "Right"))
((constructor_operator) @name @reference.symbol (#not-eq? @name ":"))
