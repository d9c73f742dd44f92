; SPDX-License-Identifier: Apache-2.0
; Java. Left out: local variables, parameters (but the components of a record are its fields), type parameters.

(package_declaration [(identifier) (scoped_identifier)] @name) @definition.package
(module_declaration name: (_) @name) @definition.module

(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(annotation_type_declaration name: (identifier) @name) @definition.annotation
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(record_declaration name: (identifier) @name) @definition.record
(record_declaration parameters: (formal_parameters
  (formal_parameter name: (identifier) @name) @definition.field))

(method_declaration name: (identifier) @name) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(compact_constructor_declaration name: (identifier) @name) @definition.constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name) @definition.field)
(constant_declaration declarator: (variable_declarator name: (identifier) @name) @definition.constant)

; The last name; of "import static a.B.c" that is the member.
(import_declaration [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.import)
; The annotations of the language itself stand on everything and say nothing of what matters.
(marker_annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.annotation
  (#not-any-of? @name "Override" "Deprecated" "SuppressWarnings" "SafeVarargs" "FunctionalInterface"))
(annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.annotation
  (#not-any-of? @name "Override" "Deprecated" "SuppressWarnings" "SafeVarargs" "FunctionalInterface"))

(superclass [
  (type_identifier) @name
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (type_identifier) @name)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
] @reference.implementation)
(type_list [
  (type_identifier) @name
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (type_identifier) @name)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
] @reference.implementation)
(object_creation_expression type: [
  (type_identifier) @name
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (type_identifier) @name)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
] @reference.class)
(type_parameter (type_identifier) @ignore)
((type_identifier) @name @reference.type (#not-match? @name "^(?:[A-Z]|[a-z].*)$"))

(method_invocation name: (identifier) @name @reference.call)
(method_reference . [
    (identifier) @name
    (field_access field: (identifier) @name)
  ] @reference.type (#match? @name "^[A-Z]"))
(method_reference (identifier) @name @reference.call .)

; Names of classes before a dot. A field of the own class by its bare name cannot be told from a local variable.
(method_invocation object: [
    (identifier) @name
    (field_access field: (identifier) @name)
  ] @reference.type (#match? @name "^[A-Z].*[a-z]"))
(field_access object: (identifier) @name @reference.type (#match? @name "^[A-Z].*[a-z]"))
(field_access field: (identifier) @name @reference.member)
(element_value_pair key: (identifier) @name @reference.member)
((identifier) @name @reference.symbol (#match? @name "^[A-Z][A-Z0-9_]+$"))
