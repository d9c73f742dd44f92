; SPDX-License-Identifier: Apache-2.0
; Kotlin. Left out: local variables, parameters (but val and var of a primary constructor are properties), secondary
; constructors, which have no name. The grammar takes the body behind "class A : B by c {…}" for a lambda, and gives up on
; enum entries with a body.

(package_header (qualified_identifier) @name) @definition.package

(class_declaration (modifiers (class_modifier "enum")) name: (identifier) @name) @definition.enum
(class_declaration (modifiers (class_modifier "annotation")) name: (identifier) @name) @definition.annotation
(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name) @definition.object
(companion_object (identifier) @name) @definition.object
(type_alias type: (identifier) @name) @definition.type
(enum_entry . (identifier) @name) @definition.enum_member

(class_body (function_declaration name: (identifier) @name) @definition.method)
(enum_class_body (function_declaration name: (identifier) @name) @definition.method)
(function_declaration name: (identifier) @name) @definition.function

(property_declaration (modifiers (property_modifier "const"))
  (variable_declaration . (identifier) @name)) @definition.constant
(class_body (property_declaration [
  (variable_declaration . (identifier) @name)
  (multi_variable_declaration (variable_declaration . (identifier) @name))
]) @definition.property)
(enum_class_body (property_declaration (variable_declaration . (identifier) @name)) @definition.property)
(class_parameter ["val" "var"] . (identifier) @name) @definition.property
(source_file (property_declaration (variable_declaration . (identifier) @name)) @definition.variable)

(import (qualified_identifier (identifier) @name .) @reference.import)
(annotation [
  (user_type (identifier) @name .)
  (constructor_invocation (user_type (identifier) @name .))
] @reference.annotation)
(delegation_specifier [
  (user_type . (identifier) @name)
  (constructor_invocation (user_type . (identifier) @name))
  (explicit_delegation (user_type . (identifier) @name))
] @reference.implementation)
(call_expression . (identifier) @name @reference.class (#match? @name "^[A-Z].*[a-z]"))
(call_expression . [
  (identifier) @name
  (navigation_expression (identifier) @name .)
] @reference.call)
(infix_expression (_) . (identifier) @name @reference.call . (_))
(callable_reference (identifier) @name @reference.call .)
(navigation_expression . (identifier) @name @reference.type (#match? @name "^[A-Z].*[a-z]"))
(navigation_expression (identifier) @name @reference.member .)
(type_parameter (identifier) @ignore)
((user_type (identifier) @name @reference.type) (#not-match? @name "^.$"))
((identifier) @name @reference.symbol (#match? @name "^[A-Z][A-Z0-9_]+$"))
