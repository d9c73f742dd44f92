; inherits: c
; SPDX-License-Identifier: Apache-2.0
; Objective-C, on top of C. A method is named by the first part of its selector, in its definition as in messages to it.
; @implementation and categories lend their class's name to the scope of their methods, and refer to the class. Methods
; that @interface declares are not definitions; those that a protocol demands are.

(class_interface . (identifier) @name category: (identifier)) @scope
(class_interface . (identifier) @name @reference.type category: (identifier))
(class_interface . (identifier) @name !category) @definition.class
(class_implementation . (identifier) @name) @scope
(class_implementation . (identifier) @name @reference.type)
(protocol_declaration . (identifier) @name) @definition.protocol

(method_definition . (method_type) . (identifier) @name) @definition.method
(protocol_declaration (method_declaration . (method_type) . (identifier) @name) @definition.method)
(qualified_protocol_interface_declaration (method_declaration . (method_type) . (identifier) @name) @definition.method)
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
