; SPDX-License-Identifier: Apache-2.0
; C#. Left out: local variables, parameters (but those of a record are its properties), type parameters, accessors, and
; what has no name: indexers and conversions. A destructor is named like its class.

; The names before the last of a.b.c say where, not what.
(qualified_name qualifier: [(identifier) @ignore (qualified_name name: (identifier) @ignore)])
(namespace_declaration name: (qualified_name name: (identifier) @ignore))
(file_scoped_namespace_declaration name: (qualified_name name: (identifier) @ignore))
(namespace_declaration name: (_) @name) @definition.namespace
(file_scoped_namespace_declaration name: (_) @name) @definition.namespace
(using_directive name: (identifier) @name) @definition.type

(class_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(record_declaration name: (identifier) @name) @definition.record
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.property))
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enum_member
(delegate_declaration name: (identifier) @name) @definition.type

(constructor_declaration name: (identifier) @name) @definition.constructor
(destructor_declaration name: (identifier) @name) @definition.method
(method_declaration name: (identifier) @name) @definition.method
(local_function_statement name: (identifier) @name) @definition.function
(operator_declaration operator: _ @name) @definition.operator
(property_declaration name: (identifier) @name) @definition.property
(event_declaration name: (identifier) @name) @definition.event
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name) @definition.event))
(field_declaration (modifier "const")
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.constant))
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name) @definition.field))

(using_directive [(identifier) @name (qualified_name name: (identifier) @name)] @reference.import)
(attribute name: [(identifier) @name (qualified_name name: (identifier) @name)] @reference.annotation)
(base_list [
  (identifier) @name
  (generic_name (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name (identifier) @name)])
  (primary_constructor_base_type type: [(identifier) @name (generic_name (identifier) @name)])
] @reference.implementation)
(object_creation_expression type: [
  (identifier) @name
  (generic_name (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name (identifier) @name)])
] @reference.class)
((invocation_expression function: [
    (identifier) @name
    (generic_name (identifier) @name)
    (member_access_expression name: [(identifier) @name (generic_name (identifier) @name)])
    (conditional_access_expression
      (member_binding_expression name: [(identifier) @name (generic_name (identifier) @name)]))
  ] @reference.call)
  (#not-eq? @name "nameof"))
(member_access_expression name: [(identifier) @name (generic_name (identifier) @name)] @reference.member)
(member_binding_expression name: (identifier) @name @reference.member)
(member_access_expression expression: (identifier) @name @reference.type (#match? @name "^[A-Z]"))

(type_parameter name: (identifier) @ignore)
(generic_name (identifier) @name @reference.type)
(variable_declaration type: (identifier) @name @reference.type (#not-match? @name "^(?:.|var)$"))
(parameter type: (identifier) @name @reference.type (#not-match? @name "^.$"))
(method_declaration returns: (identifier) @name @reference.type (#not-match? @name "^.$"))
(property_declaration type: (identifier) @name @reference.type (#not-match? @name "^.$"))
(type_argument_list (identifier) @name @reference.type (#not-match? @name "^.$"))
(nullable_type type: (identifier) @name @reference.type)
(array_type type: (identifier) @name @reference.type)
(cast_expression type: (identifier) @name @reference.type)
(typeof_expression type: (identifier) @name @reference.type)
(catch_declaration type: (identifier) @name @reference.type)
(foreach_statement type: (identifier) @name @reference.type)
(declaration_pattern type: (identifier) @name @reference.type)
(event_declaration type: (identifier) @name @reference.type)
(explicit_interface_specifier (identifier) @name @reference.implementation)
; What is left: types in other places, and members of the own class by their bare names. Locals are lower case.
((identifier) @name @reference.symbol (#match? @name "^[A-Z]\\w"))
