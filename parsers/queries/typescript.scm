; SPDX-License-Identifier: Apache-2.0
; TypeScript. Overload signatures and what `declare` announces are definitions. Left out: local variables unless bound
; to a function or class, members of anonymous object types, properties of object literals unless they are functions or
; stand directly in a module's variable.

(variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern key: (property_identifier) @name)
  ] @reference.import)
  value: (call_expression function: (identifier) @_require)
  (#eq? @_require "require"))
(variable_declarator
  name: [
    (identifier) @ignore
    (object_pattern (shorthand_property_identifier_pattern) @ignore)
    (object_pattern (pair_pattern value: (identifier) @ignore))
  ]
  value: (call_expression function: (identifier) @_require)
  (#eq? @_require "require"))

(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(function_signature name: (identifier) @name) @definition.function
(class_declaration name: (type_identifier) @name) @definition.class
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body [
  (property_identifier) @name
  (string (string_fragment) @name)
  (enum_assignment name: [(property_identifier) @name (string (string_fragment) @name)])
] @definition.enum_member)

; namespace A.B.C {…}
(internal_module name: [
  (identifier) @name
  (nested_identifier property: (property_identifier) @name)
  (nested_identifier object: (identifier) @name)
  (nested_identifier object: (member_expression [(identifier) (property_identifier)] @name))
]) @definition.namespace
(module name: [
  (identifier) @name
  (nested_identifier property: (property_identifier) @name)
  (nested_identifier object: (identifier) @name)
]) @definition.namespace
(module name: (string (string_fragment) @name)) @definition.module

(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(variable_declarator name: (identifier) @name value: (class)) @definition.class
; A function expression's own name counts too, unless it is what the function is bound to.
(variable_declarator name: (identifier) @_bound value: (_ name: (_) @ignore) (#eq? @ignore @_bound))
(assignment_expression
  left: (member_expression property: (property_identifier) @_bound)
  right: (_ name: (_) @ignore)
  (#eq? @ignore @_bound))
(pair key: (property_identifier) @_bound value: (_ name: (_) @ignore) (#eq? @ignore @_bound))
(function_expression name: (identifier) @name) @definition.function
(class name: (type_identifier) @name) @definition.class

(method_definition name: (property_identifier) @name (#eq? @name "constructor")) @definition.constructor
(method_definition ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name) @definition.property
(method_definition name: [
  (property_identifier) @name
  (private_property_identifier) @name
  (string (string_fragment) @name)
]) @definition.method
(abstract_method_signature
  ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name) @definition.property
(abstract_method_signature name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(class_body (method_signature name: (property_identifier) @name (#eq? @name "constructor")) @definition.constructor)
(class_body (method_signature name: [(property_identifier) (private_property_identifier)] @name) @definition.method)
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(public_field_definition name: [
  (property_identifier) @name
  (private_property_identifier) @name
  (string (string_fragment) @name)
]) @definition.field
; Constructor parameters that are fields.
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.field
(required_parameter "readonly" pattern: (identifier) @name) @definition.field

(interface_body [
  (method_signature ["get" "set"] name: (property_identifier) @name) @definition.property
])
(interface_body [
  (method_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.method
])
(interface_body [
  (property_signature name: [(property_identifier) @name (string (string_fragment) @name)]) @definition.field
])
(type_alias_declaration value: [
  (object_type (method_signature name: (property_identifier) @name) @definition.method)
  (intersection_type (object_type (method_signature name: (property_identifier) @name) @definition.method))
])
(type_alias_declaration value: [
  (object_type (property_signature name: (property_identifier) @name) @definition.field)
  (intersection_type (object_type (property_signature name: (property_identifier) @name) @definition.field))
])

(assignment_expression
  left: (member_expression
    object: (member_expression object: (_) @qualifier property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#eq? @_prototype "prototype")) @definition.method
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_exports property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#match? @_exports "^(module\\.)?exports$|^(window|global|globalThis|self|root)$")
  (#not-eq? @name "exports")) @definition.function
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @qualifier property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-eq? @name "exports")) @definition.method
(assignment_expression
  left: (member_expression object: (this) property: [(property_identifier) (private_property_identifier)] @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method

(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method

; Variables of the module and of a namespace.
(program [
  (lexical_declaration kind: "const" (variable_declarator name: [
    (object_pattern [(shorthand_property_identifier_pattern) @name (pair_pattern value: (identifier) @name)])
    (array_pattern (identifier) @name)
  ] @definition.constant))
  (export_statement declaration: (lexical_declaration kind: "const" (variable_declarator name: [
    (object_pattern [(shorthand_property_identifier_pattern) @name (pair_pattern value: (identifier) @name)])
    (array_pattern (identifier) @name)
  ] @definition.constant)))
])
(program [
  (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @definition.constant)
  (export_statement declaration: (lexical_declaration
    kind: "const" (variable_declarator name: (identifier) @name) @definition.constant))
])
(program [
  (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (export_statement declaration: [
    (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)
    (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  ])
])
(ambient_declaration [
  (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @definition.constant)
])
(ambient_declaration [
  (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
])
([
  (internal_module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
    (export_statement declaration: (lexical_declaration
      (variable_declarator name: (identifier) @name) @definition.variable))
  ]))
  (module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)
    (export_statement declaration: (lexical_declaration
      (variable_declarator name: (identifier) @name) @definition.variable))
  ]))
])
(program [
  (lexical_declaration (variable_declarator value: [
    (object (pair key: (property_identifier) @name) @definition.field)
    (as_expression (object (pair key: (property_identifier) @name) @definition.field))
  ]))
  (export_statement declaration: (lexical_declaration (variable_declarator value: [
    (object (pair key: (property_identifier) @name) @definition.field)
    (as_expression (object (pair key: (property_identifier) @name) @definition.field))
  ])))
])

(decorator [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
  (call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)])
] @reference.annotation)
(extends_clause value: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
] @reference.class)
(extends_type_clause type: [
  (type_identifier) @name
  (nested_type_identifier name: (type_identifier) @name)
  (generic_type name: [(type_identifier) @name (nested_type_identifier name: (type_identifier) @name)])
] @reference.class)
(implements_clause [
  (type_identifier) @name
  (nested_type_identifier name: (type_identifier) @name)
  (generic_type name: [(type_identifier) @name (nested_type_identifier name: (type_identifier) @name)])
] @reference.implementation)
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
] @reference.class)

(import_specifier name: (identifier) @name @reference.import)
(import_specifier alias: (identifier) @ignore)
(import_clause (identifier) @name @reference.import)
(import_require_clause (identifier) @ignore)
(namespace_import (identifier) @ignore)
(export_statement (export_clause (export_specifier name: (identifier) @name @reference.import)) source: (_))
(export_specifier name: (identifier) @name @reference.symbol)
(export_specifier alias: (identifier) @ignore)
(export_statement value: (identifier) @name @reference.symbol)
(export_statement "namespace" (identifier) @ignore)
(export_statement "=" (identifier) @name @reference.symbol)
; The last part of the path, without its extension.
([
  (import_statement source: (string (string_fragment) @name))
  (import_require_clause source: (string (string_fragment) @name))
  (export_statement source: (string (string_fragment) @name))
] @reference.import
  (#strip! @name "^.*/(?=[^/])") (#strip! @name "\\.(js|jsx|mjs|cjs|json|tsx?|mts|cts)$"))
(call_expression
  function: [(identifier) @_require (import) @_require]
  arguments: (arguments . (string (string_fragment) @name @reference.import))
  (#any-of? @_require "require" "import")
  (#strip! @name "^.*/(?=[^/])") (#strip! @name "\\.(js|jsx|mjs|cjs|json|tsx?|mts|cts)$"))

((call_expression function: (identifier) @name @reference.call) (#not-eq? @name "require"))
(call_expression function: (member_expression
  property: [(property_identifier) (private_property_identifier)] @name @reference.call))

(type_parameter name: (type_identifier) @ignore)
(mapped_type_clause name: (type_identifier) @ignore)
(type_identifier) @name @reference.type
(type_query (identifier) @name @reference.symbol)

((member_expression property: [(property_identifier) (private_property_identifier)] @name @reference.member)
  (#not-any-of? @name "prototype" "exports"))

; Classes and constants as values. Locals are hardly ever upper case.
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}"))
