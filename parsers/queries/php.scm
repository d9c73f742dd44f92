; SPDX-License-Identifier: Apache-2.0
; PHP. Properties are named without the dollar sign, as in $object->name. Left out: variables, parameters (but those
; that a constructor promotes are properties), functions and classes without a name.

(namespace_definition name: (namespace_name) @name) @definition.namespace
(const_declaration (const_element . (name) @name) @definition.constant)
(function_call_expression
  function: (name) @_define
  arguments: (arguments . (argument (_ (string_content) @name)))
  (#eq? @_define "define")) @definition.constant

(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(enum_declaration name: (name) @name) @definition.enum
(enum_case name: (name) @name) @definition.enum_member
(function_definition name: (name) @name) @definition.function
((method_declaration name: (name) @name) @definition.constructor (#eq? @name "__construct"))
(method_declaration name: (name) @name) @definition.method
(property_declaration (property_element name: (variable_name (name) @name)) @definition.property)
(property_promotion_parameter name: (variable_name (name) @name)) @definition.property

(namespace_use_clause [(name) @name (qualified_name (name) @name)] @reference.import)
(attribute [(name) @name (qualified_name (name) @name)] @reference.annotation)
(base_clause [(name) @name (qualified_name (name) @name)] @reference.implementation)
(class_interface_clause [(name) @name (qualified_name (name) @name)] @reference.implementation)
(use_declaration [(name) @name (qualified_name (name) @name)] @reference.implementation)
(object_creation_expression [(name) @name (qualified_name (name) @name)] @reference.class
  (#not-any-of? @name "static" "self" "parent"))
(named_type [(name) @name (qualified_name (name) @name)] @reference.type
  (#not-any-of? @name "static" "self" "parent"))

(function_call_expression function: [(name) @name (qualified_name (name) @name)] @reference.call)
(member_call_expression name: (name) @name @reference.call)
(nullsafe_member_call_expression name: (name) @name @reference.call)
(scoped_call_expression scope: [(name) @name (qualified_name (name) @name)] @reference.type)
(scoped_call_expression name: (name) @name @reference.call)
(member_access_expression name: (name) @name @reference.member)
(nullsafe_member_access_expression name: (name) @name @reference.member)
(scoped_property_access_expression scope: [(name) @name (qualified_name (name) @name)] @reference.type)
(scoped_property_access_expression name: (variable_name (name) @name @reference.member))
; Foo::BAR and Foo::class, whose first node is the class.
(class_constant_access_expression . [(name) @name (qualified_name (name) @name)] @reference.type)
((class_constant_access_expression (name) @name @reference.member .) (#not-eq? @name "class"))
(binary_expression operator: "instanceof" right: [(name) @name (qualified_name (name) @name)] @reference.type)
((name) @name @reference.symbol (#match? @name "^[A-Z][A-Z0-9_]+$"))
