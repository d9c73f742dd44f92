; SPDX-License-Identifier: Apache-2.0
; OCaml interfaces, and what OCaml has in common with them. Left out: local values, and functions given as arguments by their bare name, since that
; may be a local. A compilation unit is a module without a node of its own, so its name is no tag. Nearly every module
; has a type t, so that a use of it says nothing.

(module_binding (module_name) @name) @definition.module
(module_type_definition (module_type_name) @name) @definition.interface
(class_binding (class_name) @name) @definition.class
(class_type_binding (class_type_name) @name) @definition.interface
(method_definition (method_name) @name) @definition.method
(method_specification (method_name) @name) @definition.method
(instance_variable_definition (instance_variable_name) @name) @definition.field
(instance_variable_specification (instance_variable_name) @name) @definition.field

(type_binding name: (type_constructor) @name) @definition.type
(constructor_declaration (constructor_name) @name) @definition.constructor
(tag_specification (tag) @name) @definition.constructor
(field_declaration (field_name) @name) @definition.field
(external [(value_name) @name (parenthesized_operator (_) @name)]) @definition.function

(value_specification (value_name) @name type: (function_type)) @definition.function
(value_specification (value_name) @name) @definition.variable
(value_specification (parenthesized_operator (_) @name)) @definition.operator

(open_module module: (module_path (module_name) @name @reference.import))
(include_module module: [
  (module_path (module_name) @name @reference.import)
  (module_application functor: (module_path (module_name) @name @reference.import))
])
(include_module_type module_type: (module_type_path (module_type_name) @name @reference.implementation))
(include_module_type module_type: (module_type_constraint
  module_type: (module_type_path (module_type_name) @name @reference.implementation)))
(module_binding module_type: [
  (module_type_path (module_type_name) @name)
  (module_type_constraint module_type: (module_type_path (module_type_name) @name))
] @reference.implementation)
(module_type_path (module_type_name) @name @reference.type)
(module_application functor: (module_path (module_name) @name @reference.call))
(module_path (module_name) @name @reference.symbol)
(extended_module_path (module_name) @name @reference.symbol)

(class_path (class_name) @name @reference.class)
(inheritance_specification (class_type_path (class_type_name) @name @reference.class))
(class_type_path (class_type_name) @name @reference.type)
(type_constructor_path (type_constructor) @name @reference.type
  (#not-any-of? @name "int" "string" "float" "bool" "unit" "list" "option" "char" "bytes" "array" "exn" "ref" "int64"
    "int32" "nativeint" "t" "_"))
(constructor_path (constructor_name) @name @reference.symbol
  (#not-any-of? @name "Some" "None" "Ok" "Error"))
(tag) @name @reference.symbol

(application_expression function: (value_path [
  (value_name) @name
  (parenthesized_operator (_) @name)
] @reference.call) (#not-any-of? @name "raise" "ref" "ignore" "not" "fst" "snd" "failwith" "invalid_arg"))
(infix_expression
  left: (value_path (value_name) @name @reference.call)
  operator: (concat_operator) @_operator
  (#eq? @_operator "@@"))
(infix_expression
  operator: (rel_operator) @_operator
  right: (value_path (value_name) @name @reference.call)
  (#any-of? @_operator "|>" ">>=" ">>|" ">|="))
(infix_expression
  operator: [(rel_operator) (concat_operator) (add_operator) (mult_operator) (pow_operator) (and_operator) (or_operator)]
  @name @reference.call
  (#not-any-of? @name "+" "-" "*" "/" "+." "-." "*." "/." "=" "<>" "==" "!=" "<" ">" "<=" ">=" "|>" "@@" "@" "^" "&&"
    "||" "mod" "land" "lor" "lxor" "lsl" "lsr" "asr" "**" ">>=" ">>|"))
((prefix_operator) @name @reference.call (#not-eq? @name "!"))
(value_definition [(let_operator) (let_and_operator)] @name @reference.call)
(method_invocation method: (method_name) @name @reference.call)
(value_path (module_path) (value_name) @name @reference.symbol)
(field_path (field_name) @name @reference.member)
