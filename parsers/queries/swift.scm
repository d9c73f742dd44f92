; SPDX-License-Identifier: Apache-2.0
; Swift. An extension lends its name to the scope of its members, and refers to the type. Left out: local variables,
; parameters, deinit and subscripts, which have no name.

(class_declaration declaration_kind: "extension" name: (user_type . (type_identifier) @name)) @scope
(class_declaration declaration_kind: ["class" "actor"] name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(protocol_declaration name: (type_identifier) @name) @definition.protocol
(enum_entry name: (simple_identifier) @name) @definition.enum_member
(typealias_declaration name: (type_identifier) @name) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(macro_declaration (simple_identifier) @name) @definition.macro
(operator_declaration (custom_operator) @name) @definition.operator

(init_declaration name: "init" @name) @definition.constructor
(class_body (function_declaration name: (simple_identifier) @name) @definition.method)
(enum_class_body (function_declaration name: (simple_identifier) @name) @definition.method)
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(function_declaration name: (simple_identifier) @name) @definition.function
(function_declaration name: [(custom_operator) "==" "!=" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "+=" "-=" "!" "~"] @name)
  @definition.operator

(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property)
(enum_class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name))
  @definition.property)
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property
(source_file (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable)

(import_declaration (identifier (simple_identifier) @name .) @reference.import)
(attribute (user_type (type_identifier) @name) @reference.annotation)
(inheritance_specifier inherits_from: (user_type (type_identifier) @name .) @reference.implementation)
(inheritance_specifier inherits_from: (user_type (type_identifier) @name . (type_arguments)) @reference.implementation)
(call_expression . (simple_identifier) @name @reference.class (#match? @name "^[A-Z]"))
(call_expression . [
  (simple_identifier) @name
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))
] @reference.call)
(macro_invocation (simple_identifier) @name @reference.macro)
(navigation_expression target: (simple_identifier) @name @reference.type (#match? @name "^[A-Z]"))
(navigation_suffix suffix: (simple_identifier) @name @reference.member)
(type_parameter (type_identifier) @ignore)
((user_type (type_identifier) @name @reference.type) (#not-match? @name "^.$"))
((simple_identifier) @name @reference.symbol (#match? @name "^k?[A-Z]\\w"))
