; SPDX-License-Identifier: Apache-2.0
; Dart, as far as the grammar knows the language (2.17): it has no sealed classes, records or extension types. In its
; trees a body is the sibling of its signature, so a definition ends with its signature. Left out: local variables,
; parameters, operators, which have no name.

(class_definition name: (identifier) @name) @definition.class
(mixin_declaration . (identifier) @name) @definition.mixin
(extension_declaration name: (identifier) @name) @definition.extension
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(type_alias . (type_identifier) @name "=") @definition.type
(type_alias (type_identifier) @name . (formal_parameter_list)) @definition.type

; Foo.named() is named by its own part.
(constructor_signature name: (identifier) @ignore . "." . (identifier))
(constructor_signature name: (identifier) @name) @definition.constructor
(factory_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(constant_constructor_signature (qualified (identifier) @name .)) @definition.constructor
(method_signature (function_signature name: (identifier) @name)) @definition.method
(declaration (function_signature name: (identifier) @name)) @definition.method
(lambda_expression parameters: (function_signature name: (identifier) @name)) @definition.function
(function_signature name: (identifier) @name) @definition.function
(getter_signature name: (identifier) @name) @definition.property
(setter_signature name: (identifier) @name) @definition.property

(declaration (initialized_identifier_list (initialized_identifier . (identifier) @name) @definition.field))
(declaration (static_final_declaration_list (static_final_declaration . (identifier) @name) @definition.constant))
(program (initialized_identifier_list (initialized_identifier . (identifier) @name) @definition.variable))
(program (static_final_declaration_list (static_final_declaration . (identifier) @name) @definition.constant))

(uri (string_literal) @name @reference.import (#strip! @name "^['\"](?:package:)?") (#strip! @name "['\"]$"))
(marker_annotation name: (identifier) @name @reference.annotation)
(annotation name: (identifier) @name @reference.annotation)
(superclass (type_identifier) @name @reference.implementation)
(mixins (type_identifier) @name @reference.implementation)
(interfaces (type_identifier) @name @reference.implementation)
(new_expression (type_identifier) @name @reference.class)
(const_object_expression (type_identifier) @name @reference.class)
((identifier) @name @reference.class . (selector (argument_part)) (#match? @name "^[A-Z]"))
((identifier) @name @reference.call . (selector (argument_part)))
((selector (unconditional_assignable_selector (identifier) @name @reference.call)) . (selector (argument_part)))
((selector (conditional_assignable_selector (identifier) @name @reference.call)) . (selector (argument_part)))
(cascade_section (cascade_selector (identifier) @name @reference.call) . (argument_part))
(cascade_selector (identifier) @name @reference.member)
(unconditional_assignable_selector (identifier) @name @reference.member)
(conditional_assignable_selector (identifier) @name @reference.member)
(type_parameter (type_identifier) @ignore)
((type_identifier) @name @reference.type (#not-match? @name "^(?:[A-Z]|int|bool|double|num|String|void|dynamic)$"))
((identifier) @name @reference.symbol (#match? @name "^k?[A-Z]\\w"))
