; SPDX-License-Identifier: Apache-2.0
; Scala 2 and 3. Left out: local values, parameters (but those of a class are its fields), secondary constructors, which
; have no name.

(package_clause name: (package_identifier) @name) @definition.package
(package_object name: (identifier) @name) @definition.package
(class_definition name: (identifier) @name) @definition.class
(trait_definition name: (identifier) @name) @definition.trait
(object_definition name: (identifier) @name) @definition.object
(enum_definition name: (identifier) @name) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.enum_member
(full_enum_case name: (identifier) @name) @definition.enum_member
(type_definition name: (type_identifier) @name) @definition.type
(given_definition name: (identifier) @name) @definition.object

((function_definition name: (identifier) @ignore) (#eq? @ignore "this"))
(template_body (function_definition name: [(identifier) (operator_identifier)] @name) @definition.method)
(function_definition name: [(identifier) (operator_identifier)] @name) @definition.function
(function_declaration name: [(identifier) (operator_identifier)] @name) @definition.method

(class_parameters (class_parameter name: (identifier) @name) @definition.field)
(object_definition body: (template_body (val_definition pattern: [
  (identifier) @name
  (identifiers (identifier) @name)
]) @definition.constant))
(package_object body: (template_body (val_definition pattern: (identifier) @name) @definition.constant))
(compilation_unit (val_definition pattern: (identifier) @name) @definition.constant)
(compilation_unit (var_definition pattern: (identifier) @name) @definition.variable)
(template_body [
  (val_definition pattern: [(identifier) @name (identifiers (identifier) @name)])
  (var_definition pattern: [(identifier) @name (identifiers (identifier) @name)])
  (val_declaration name: (identifier) @name)
  (var_declaration name: (identifier) @name)
] @definition.field)

(import_declaration (identifier) @name @reference.import .)
(namespace_selectors [
  (identifier) @name
  (arrow_renamed_identifier name: (identifier) @name)
] @reference.import)
(annotation name: (type_identifier) @name @reference.annotation)
; No field: it also holds the "with" tokens, so that a pattern with it would match the first type only.
(extends_clause [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name)
  (generic_type type: (stable_type_identifier (type_identifier) @name))
] @reference.implementation)
(instance_expression [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name)
] @reference.class)
(call_expression function: (identifier) @name @reference.class (#match? @name "^[A-Z]"))
(call_expression function: [
  (identifier) @name
  (field_expression field: (identifier) @name)
  (generic_function function: [(identifier) @name (field_expression field: (identifier) @name)])
] @reference.call (#not-any-of? @name "this" "super"))
(infix_expression operator: (identifier) @name @reference.call)
(field_expression value: (identifier) @name @reference.type (#match? @name "^[A-Z]"))
(field_expression field: (identifier) @name @reference.member)
((type_identifier) @name @reference.type (#not-match? @name "^[A-Z]$"))
; Objects and constants by their bare names. Locals are lower case.
((identifier) @name @reference.symbol (#match? @name "^[A-Z]\\w"))
