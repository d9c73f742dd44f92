; SPDX-License-Identifier: Apache-2.0
; Solidity. Errors are types, and modifiers methods of their contract, whose use calls them.

(contract_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(library_declaration name: (identifier) @name) @definition.module
(struct_declaration name: (identifier) @name) @definition.struct
(struct_member name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name) @definition.enum
((enum_value) @name @definition.enum_member)
(event_definition name: (identifier) @name) @definition.event
(error_declaration name: (identifier) @name) @definition.type
(user_defined_type_definition name: (identifier) @name) @definition.type
(source_file (function_definition name: (identifier) @name) @definition.function)
(function_definition name: (identifier) @name) @definition.method
(modifier_definition name: (identifier) @name) @definition.method
(constructor_definition "constructor" @name) @definition.constructor
(constant_variable_declaration name: (identifier) @name) @definition.constant
(state_variable_declaration name: (identifier) @name) @definition.variable

(import_directive source: (string) @name @reference.import
  (#strip! @name "^[\"'](?:.*/)?") (#strip! @name "(?:\\.sol)?[\"']$"))
(import_directive import_name: (identifier) @name @reference.import)
(inheritance_specifier ancestor: (user_defined_type (identifier) @name @reference.implementation .))
(new_expression name: (type_name (user_defined_type (identifier) @name @reference.class .)))
(user_defined_type (identifier) @name @reference.type .)
(using_directive (type_alias (identifier) @name @reference.type .))
(modifier_invocation (identifier) @name @reference.call .)
(emit_statement name: (expression [
  (identifier) @name @reference.call
  (member_expression property: (identifier) @name @reference.call)
]))
(revert_statement error: (expression [
  (identifier) @name @reference.call
  (member_expression property: (identifier) @name @reference.call)
]))
(call_expression function: (expression [
  (identifier) @name @reference.call
  (member_expression property: (identifier) @name @reference.call)
  (struct_expression type: (expression [
    (identifier) @name @reference.call
    (member_expression property: (identifier) @name @reference.call)
  ]))
]) (#not-any-of? @name "require" "assert" "revert" "keccak256" "push" "pop"))
(member_expression property: (identifier) @name @reference.member)
; A constant, or a contract or enum before the member that is used.
(expression (identifier) @name @reference.symbol (#match? @name "^[A-Z]"))
(member_expression object: (identifier) @name @reference.symbol (#match? @name "^[A-Z]"))
