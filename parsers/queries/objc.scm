; SPDX-License-Identifier: Apache-2.0
; Objective-C, with the C that its headers use: c.scm as a whole takes a second to compile for this grammar. A method is named by the first part of its selector, in its definition as in messages to it.
; @implementation and categories lend their class's name to the scope of their methods, and refer to the class. Methods
; that @interface declares are not definitions; those that a protocol demands are.

(class_interface . (identifier) @name category: (identifier)) @scope
(class_interface . (identifier) @name @reference.type category: (identifier))
(class_interface . (identifier) @name !category) @definition.class
(class_implementation . (identifier) @name) @scope
(class_implementation . (identifier) @name @reference.type)
(protocol_declaration . (identifier) @name) @definition.protocol

(method_definition (method_type) . (identifier) @name) @definition.method
(protocol_declaration (method_declaration (method_type) . (identifier) @name) @definition.method)
(qualified_protocol_interface_declaration (method_declaration (method_type) . (identifier) @name) @definition.method)
(property_declaration (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (block_pointer_declarator declarator: (identifier) @name)))
]))) @definition.property
(instance_variable (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
]))) @definition.field
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator
  (block_pointer_declarator declarator: (type_identifier) @name)))) @definition.type

(module_import path: (identifier) @name @reference.import)
(class_interface superclass: (identifier) @name @reference.implementation)
(protocol_reference_list (identifier) @name @reference.implementation)
; Behind a superclass the grammar takes protocols for arguments of a generic type.
(class_interface superclass: (identifier)
  (parameterized_arguments (type_name (type_identifier) @name @reference.implementation)))
(message_expression receiver: (_) . method: (identifier) @name @reference.call)
(message_expression receiver: (identifier) @name @reference.class (#match? @name "^[A-Z]"))
((identifier) @name @reference.symbol (#match? @name "^k[A-Z]"))

(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro
(function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
]) @definition.function
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member
(type_definition type: (struct_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type
(field_declaration declarator: [
  (field_identifier) @name
  (pointer_declarator declarator: (field_identifier) @name)
  (array_declarator declarator: (field_identifier) @name)
]) @definition.field
(translation_unit (declaration declarator: (init_declarator declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)
])) @definition.variable)

(preproc_include path: [(string_literal (string_content) @name) (system_lib_string) @name] @reference.import
  (#strip! @name "^<") (#strip! @name ">$"))
(call_expression function: (identifier) @name @reference.call)
(field_expression field: (field_identifier) @name @reference.member)
(initializer_list (identifier) @name @reference.symbol)
((type_identifier) @name @reference.type)
(macro_type_specifier name: (identifier) @name @reference.macro)
((identifier) @name @reference.macro (#match? @name "^[A-Z][A-Z0-9_]+$"))
