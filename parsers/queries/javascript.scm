; SPDX-License-Identifier: Apache-2.0
; JavaScript with JSX. Left out: local variables unless bound to a function or class, methods with computed names,
; properties of object literals unless they are functions or stand directly in a module's variable or its exports.

; A name bound to what require() gives is an import, not a definition.
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
(class_declaration name: (identifier) @name) @definition.class

(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(variable_declarator name: (identifier) @name value: (class)) @definition.class
; A function expression's own name counts too, unless it is what the function is bound to.
(variable_declarator name: (identifier) @_bound value: (_ name: (identifier) @ignore) (#eq? @ignore @_bound))
(assignment_expression
  left: (member_expression property: (property_identifier) @_bound)
  right: (_ name: (identifier) @ignore)
  (#eq? @ignore @_bound))
(pair key: (property_identifier) @_bound value: (_ name: (identifier) @ignore) (#eq? @ignore @_bound))
(function_expression name: (identifier) @name) @definition.function
(class name: (identifier) @name) @definition.class

(method_definition name: (property_identifier) @name (#eq? @name "constructor")) @definition.constructor
(method_definition ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name) @definition.property
(method_definition name: [
  (property_identifier) @name
  (private_property_identifier) @name
  (string (string_fragment) @name)
]) @definition.method
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(field_definition property: [(property_identifier) (private_property_identifier)] @name) @definition.field

; X.prototype.name = function, X.prototype = {...}
(assignment_expression
  left: (member_expression
    object: (member_expression object: (_) @qualifier property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#eq? @_prototype "prototype")) @definition.method
(assignment_expression
  left: (member_expression object: (identifier) @name property: (property_identifier) @_prototype)
  right: (object)
  (#eq? @_prototype "prototype")) @scope
; exports.name = …, module.exports.name = …
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_exports property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#match? @_exports "^(module\\.)?exports$|^(window|global|globalThis|self|root)$")
  (#not-eq? @name "exports")) @definition.function
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_exports property: (property_identifier) @name)
  right: (class)
  (#match? @_exports "^(module\\.)?exports$")) @definition.class
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_exports property: (property_identifier) @name)
  right: [(string) (number) (template_string) (object) (array) (true) (false) (regex) (new_expression)]
  (#match? @_exports "^(module\\.)?exports$")) @definition.constant
; module.exports = function
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @name)
  right: [(arrow_function) (function_expression !name) (generator_function !name)]
  (#eq? @_module "module") (#eq? @name "exports")) @definition.function
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @name)
  right: (class !name)
  (#eq? @_module "module") (#eq? @name "exports")) @definition.class
; Object.name = class
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @qualifier property: (property_identifier) @name)
  right: (class)
  (#not-eq? @name "exports")) @definition.class
; Object.name = function, this.name = function, name = function
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @qualifier property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-eq? @name "exports")) @definition.method
(assignment_expression
  left: (member_expression object: (this) property: [(property_identifier) (private_property_identifier)] @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
(assignment_expression
  left: (identifier) @name
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
(assignment_expression left: (identifier) @name right: (class)) @definition.class

(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: [(arrow_function) (function_expression) (generator_function)]) @definition.method

; Variables of the module.
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
  (export_statement declaration: (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @definition.constant))
])
(program [
  (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  (export_statement declaration: [
    (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)
    (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)
  ])
])
(program [
  (_ (variable_declarator value: (object (pair key: (property_identifier) @name) @definition.field)))
  (export_statement declaration: (_
    (variable_declarator value: (object (pair key: (property_identifier) @name) @definition.field))))
  (expression_statement (assignment_expression
    left: (member_expression)
    right: (object (pair key: (property_identifier) @name) @definition.field)))
])

(decorator [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
  (call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)])
] @reference.annotation)
(class_heritage [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
] @reference.class)
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
] @reference.class)

(import_specifier name: (identifier) @name @reference.import)
(import_specifier alias: (identifier) @ignore)
(import_clause (identifier) @name @reference.import)
(namespace_import (identifier) @ignore)
(export_statement (export_clause (export_specifier name: (identifier) @name @reference.import)) source: (_))
(export_specifier name: (identifier) @name @reference.symbol)
(export_specifier alias: (identifier) @ignore)
(export_statement value: (identifier) @name @reference.symbol)
; The last part of the path, without its extension.
([
  (import_statement source: (string (string_fragment) @name))
  (export_statement source: (string (string_fragment) @name))
] @reference.import
  (#strip! @name "^.*/(?=[^/])") (#strip! @name "\\.(js|jsx|mjs|cjs|json)$"))
(call_expression
  function: [(identifier) @_require (import) @_require]
  arguments: (arguments . (string (string_fragment) @name @reference.import))
  (#any-of? @_require "require" "import")
  (#strip! @name "^.*/(?=[^/])") (#strip! @name "\\.(js|jsx|mjs|cjs|json)$"))

((call_expression function: (identifier) @name @reference.call) (#not-eq? @name "require"))
(call_expression function: (member_expression
  property: [(property_identifier) (private_property_identifier)] @name @reference.call))

; Components; lower-case tags are HTML's.
([
  (jsx_opening_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
  (jsx_self_closing_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
] @reference.class (#match? @name "^\\p{Lu}"))
(jsx_closing_element name: [(identifier) @ignore (member_expression object: (_) @ignore)])
(jsx_closing_element name: (member_expression property: (property_identifier) @ignore))

; What a module exports.
(assignment_expression
  left: (member_expression object: (identifier) @_exports)
  right: [
    (identifier) @name @reference.symbol
    (object (shorthand_property_identifier) @name @reference.symbol)
    (object (pair value: (identifier) @name @reference.symbol))
  ]
  (#any-of? @_exports "module" "exports"))

((member_expression property: [(property_identifier) (private_property_identifier)] @name @reference.member)
  (#not-any-of? @name "prototype" "exports"))

; Classes and constants as values. Locals are hardly ever upper case.
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}"))
