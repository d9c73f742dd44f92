; SPDX-License-Identifier: Apache-2.0
; Python. Left out: local variables, parameters, attributes first assigned outside __init__, calls of the commonest
; built-in functions. An attribute assigned in __init__ has the scope of __init__, where it stands.

(class_definition name: (identifier) @name) @definition.class

(class_definition body: (block [
  (decorated_definition
    (decorator [
      (identifier) @_decorator
      (attribute attribute: (identifier) @_decorator)
    ])
    definition: (function_definition name: (identifier) @name) @definition.property)
  ])
  (#any-of? @_decorator "property" "cached_property" "abstractproperty" "setter" "getter" "deleter"))
(class_definition body: (block [
  (function_definition name: (identifier) @name) @definition.method
  (decorated_definition definition: (function_definition name: (identifier) @name) @definition.method)
]))
(function_definition name: (identifier) @name) @definition.function

(type_alias_statement left: (type [
  (identifier) @name
  (generic_type (identifier) @name)
])) @definition.type

(module (expression_statement (assignment left: (identifier) @name right: (lambda)) @definition.function))
; Names the module defines, also under a condition or a try. Upper case tells constants.
(module [
  (expression_statement (assignment left: (identifier) @name) @definition.constant)
  (expression_statement (assignment left: (pattern_list (identifier) @name @definition.constant)))
  (if_statement [
    consequence: (block (expression_statement (assignment left: (identifier) @name) @definition.constant))
    alternative: (_ (block (expression_statement (assignment left: (identifier) @name) @definition.constant)))
  ])
  (try_statement [
    (block (expression_statement (assignment left: (identifier) @name) @definition.constant))
    (_ (block (expression_statement (assignment left: (identifier) @name) @definition.constant)))
  ])
] (#match? @name "^_*\\p{Lu}[\\p{Lu}\\p{N}_]*$"))
(module [
  (expression_statement (assignment left: (identifier) @name) @definition.variable)
  (expression_statement (assignment left: (pattern_list (identifier) @name @definition.variable)))
  (expression_statement (assignment right: (assignment left: (identifier) @name))) @definition.variable
  (if_statement [
    consequence: (block (expression_statement (assignment left: (identifier) @name) @definition.variable))
    alternative: (_ (block (expression_statement (assignment left: (identifier) @name) @definition.variable)))
  ])
  (try_statement [
    (block (expression_statement (assignment left: (identifier) @name) @definition.variable))
    (_ (block (expression_statement (assignment left: (identifier) @name) @definition.variable)))
  ])
])

(class_definition body: (block (expression_statement [
  (assignment left: (identifier) @name) @definition.field
  (assignment left: (pattern_list (identifier) @name @definition.field))
])))
(function_definition
  name: (identifier) @_init
  body: (block (expression_statement (assignment
    left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @definition.field))
  (#eq? @_init "__init__") (#eq? @_self "self"))

(decorator [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (call function: [(identifier) @name (attribute attribute: (identifier) @name)])
] @reference.annotation)

(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: [(identifier) @name (attribute attribute: (identifier) @name)])
  (keyword_argument value: [(identifier) @name (attribute attribute: (identifier) @name)])
] @reference.class))

(call function: [
    (identifier) @name
    (attribute attribute: (identifier) @name)
  ] @reference.call
  (#not-any-of? @name "len" "isinstance" "print" "str" "int" "super" "range" "getattr" "hasattr" "list" "dict" "tuple"
    "set" "bool" "float" "bytes" "type" "repr" "setattr" "enumerate" "zip" "id" "callable" "issubclass" "bytearray"
    "frozenset" "object"))

(type [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (generic_type (identifier) @name)
  (binary_operator [(identifier) @name (attribute attribute: (identifier) @name)])
] @reference.type
  (#not-any-of? @name "str" "int" "bool" "float" "bytes" "object" "list" "dict" "tuple" "set" "type" "T"))
((type (string (string_content) @name)) @reference.type (#match? @name "^[\\p{L}_][\\p{L}\\p{N}_.]*$")
  (#strip! @name "^.*\\."))

(import_statement name: [
  (dotted_name (identifier) @name .)
  (aliased_import name: (dotted_name (identifier) @name .))
] @reference.import)
(import_from_statement module_name: [
  (dotted_name (identifier) @name .)
  (relative_import (dotted_name (identifier) @name .))
] @reference.import)
(import_from_statement name: [
  (dotted_name (identifier) @name .)
  (aliased_import name: (dotted_name (identifier) @name .))
] @reference.import)

; What a module exports.
(expression_statement [
  (assignment left: (identifier) @_all right: [
    (list (string (string_content) @name @reference.symbol))
    (tuple (string (string_content) @name @reference.symbol))
  ])
  (augmented_assignment left: (identifier) @_all right: (list (string (string_content) @name @reference.symbol)))
] (#eq? @_all "__all__"))

(attribute attribute: (identifier) @name @reference.member)

(aliased_import alias: (identifier) @ignore)
; Classes and constants as values. Locals are hardly ever upper case.
((identifier) @name @reference.symbol (#match? @name "^_*\\p{Lu}\\p{L}"))
