; SPDX-License-Identifier: Apache-2.0
; Julia. A method of another module's function (Base.show) has the module as its scope. Left out: functions given as
; arguments by their bare name, since that may be a local. The grammar does not know a constant field of a mutable
; struct, but what it makes of one still gives the field.

(module_definition name: (identifier) @name) @definition.module
(struct_definition (type_head [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
])) @definition.struct
(abstract_definition (type_head [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
])) @definition.type
(primitive_definition (type_head [
  (identifier) @name
  (binary_expression . (identifier) @name)
])) @definition.type

(struct_definition [
  (identifier) @name
  (typed_expression . (identifier) @name)
  (assignment . [(identifier) @name (typed_expression . (identifier) @name)])
  (ERROR (typed_expression . (identifier) @name))
] @definition.field)
(struct_definition [
  (assignment . [
    (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))
  ])
  (function_definition (signature [
    (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))
  ]))
] @definition.constructor)

(function_definition (signature [
  (identifier) @name
  (call_expression . [
    [(identifier) (operator)] @name
    (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
    (parametrized_type_expression . (identifier) @name)
  ])
  (_ . (call_expression . [
    [(identifier) (operator)] @name
    (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
    (parametrized_type_expression . (identifier) @name)
  ]))
  (where_expression . (_ . (call_expression . [
    [(identifier) (operator)] @name
    (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
    (parametrized_type_expression . (identifier) @name)
  ])))
])) @definition.function
(assignment . [
  (call_expression . [
    [(identifier) (operator)] @name
    (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
    (parametrized_type_expression . (identifier) @name)
  ])
  (typed_expression . (call_expression . [
    [(identifier) (operator)] @name
    (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
  ]))
  (where_expression . [
    (call_expression . [
      [(identifier) (operator)] @name
      (field_expression value: (_) @qualifier [(identifier) @name (quote_expression (operator) @name)] .)
      (parametrized_type_expression . (identifier) @name)
    ])
    (typed_expression . (call_expression . (identifier) @name))
  ])
]) @definition.function
(assignment . (identifier) @name . (operator) . (arrow_function_expression)) @definition.function
(macro_definition (signature (call_expression . [(identifier) (operator)] @name))) @definition.macro

(const_statement (assignment . [(identifier) @name (typed_expression . (identifier) @name)])) @definition.constant
(const_statement (assignment . (open_tuple (identifier) @name))) @definition.constant
(source_file [
  (assignment . (identifier) @name)
  (assignment . (open_tuple (identifier) @name))
  (global_statement (assignment . (identifier) @name))
] @definition.variable)
(module_definition [
  (assignment . (identifier) @name)
  (assignment . (open_tuple (identifier) @name))
  (global_statement (assignment . (identifier) @name))
] @definition.variable)

(macrocall_expression
  (macro_identifier (identifier) @_enum)
  (macro_argument_list . [(identifier) @name (typed_expression . (identifier) @name)])
  (#eq? @_enum "enum")) @definition.enum
(macrocall_expression
  (macro_identifier (identifier) @_enum)
  (macro_argument_list (_) [
    (identifier) @name @definition.enum_member
    (assignment . (identifier) @name) @definition.enum_member
    (compound_statement [
      (identifier) @name @definition.enum_member
      (assignment . (identifier) @name) @definition.enum_member
    ])
  ])
  (#eq? @_enum "enum"))

(export_statement (identifier) @ignore)
(public_statement (identifier) @ignore)
(using_statement [
  (identifier) @name
  (scoped_identifier (identifier) @name .)
  (import_path [(identifier) @name (scoped_identifier (identifier) @name .)])
  (selected_import [(identifier) @name (scoped_identifier (identifier) @name .) (import_alias . (identifier) @name)])
] @reference.import)
(import_statement [
  (identifier) @name
  (scoped_identifier (identifier) @name .)
  (import_path [(identifier) @name (scoped_identifier (identifier) @name .)])
  (import_alias . (identifier) @name)
  (selected_import [(identifier) @name (scoped_identifier (identifier) @name .) (import_alias . (identifier) @name)])
] @reference.import)
(import_alias (identifier) @ignore .)
(scoped_identifier . (identifier) @ignore)
(call_expression
  . (identifier) @_include
  (argument_list . (string_literal . (content) @name .) @reference.import)
  (#eq? @_include "include")
  (#strip! @name "^.*/") (#strip! @name "\\.jl$"))

(type_head (binary_expression (operator) . [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . (identifier) @name)
] @reference.class))
; Type parameters are single letters as a rule.
((typed_expression (identifier) @name @reference.type .)
  (#not-match? @name "^(.|Int|Float64|String|Bool|Any|Symbol|Nothing|Vector|Dict|Int64|Integer|Real|Number|Function|AbstractString)$"))
((typed_expression [
  (field_expression (identifier) @name .)
  (parametrized_type_expression . [(identifier) @name (field_expression (identifier) @name .)])
] @reference.type .) (#not-any-of? @name "Vector" "Dict" "Union" "Tuple" "Array" "Matrix" "Type" "AbstractVector" "Set"))
(unary_typed_expression [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . (identifier) @name)
] @reference.type (#not-any-of? @name "Type" "Any" "Int" "Val"))
(curly_expression (identifier) @name @reference.type
  (#not-match? @name "^(.|Int|Float64|String|Bool|Any|Symbol|Nothing|Vector|Dict|Int64|Integer|Real|Number|Function|AbstractString)$"))

(call_expression . [
  (identifier) @name
  (field_expression (identifier) @name .)
] @reference.call
  (#not-any-of? @name "include" "new" "length" "push!" "println" "print" "string" "error" "throw" "isempty" "typeof"
    "size" "Int" "convert" "zeros" "map" "haskey" "get" "esc" "Symbol" "Dict" "Vector" "Set" "Float64" "String"
    "ArgumentError" "eltype" "similar" "copy" "isa" "iterate" "first" "last" "max" "min" "abs" "collect"))
(call_expression . (parametrized_type_expression . [
  (identifier) @name
  (field_expression (identifier) @name .)
] @reference.class) (#not-any-of? @name "new" "Dict" "Vector" "Set" "Array" "Matrix" "Tuple"))
(broadcast_call_expression . [
  (identifier) @name
  (field_expression (identifier) @name .)
] @reference.call)
((binary_expression (operator) @_pipe . (identifier) @name @reference.call .) (#any-of? @_pipe "|>" ".|>"))
(binary_expression (operator) @name @reference.call
  (#match? @name "[^\\x00-\\x7f]")
  (#not-any-of? @name "∈" "∉" "⊆" "≤" "≥" "≠" "≈" "∘" "÷" "×" "∩" "∪" "∋" "⊂" "≡" "≢"))
(macrocall_expression (macro_identifier (identifier) @name @reference.macro)
  (#not-any-of? @name "inline" "inbounds" "assert" "info" "warn" "error" "debug" "test" "show" "time" "enum" "doc"
    "noinline" "eval" "view" "views" "async" "sync" "generated" "nospecialize" "testset"))
(field_expression (identifier) @name @reference.member .)
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}.")
  (#not-any-of? @name "Int" "Float64" "String" "Bool" "Any" "Symbol" "Nothing" "Vector" "Dict" "Int64" "Base" "Union"
    "Tuple" "Array" "Matrix" "Type" "Integer" "Real" "Number" "Function" "AbstractString"))
