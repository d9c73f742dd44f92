; SPDX-License-Identifier: Apache-2.0
; Lua. Left out: local variables of functions, calls of the commonest built-in functions.

(function_declaration name: (identifier) @name) @definition.function
(function_declaration name: (dot_index_expression table: (_) @qualifier field: (identifier) @name))
  @definition.function
(function_declaration name: (method_index_expression table: (_) @qualifier method: (identifier) @name))
  @definition.method

(assignment_statement
  (variable_list . name: [
    (identifier) @name
    (dot_index_expression table: (identifier) @_self field: (identifier) @name)
  ])
  (expression_list . value: (function_definition))
  (#any-of? @_self "self" "_G" "_ENV")) @definition.function
(assignment_statement
  (variable_list . name: [
    (dot_index_expression table: (_) @qualifier field: (identifier) @name)
    (bracket_index_expression table: (_) @qualifier field: (string content: (string_content) @name))
  ])
  (expression_list . value: (function_definition))) @definition.function
(field
  name: [(identifier) @name (string content: (string_content) @name)]
  value: (function_definition)) @definition.function

; A local that holds what require() gives is an import, not a definition.
(assignment_statement
  (variable_list name: (identifier) @ignore)
  (expression_list . value: (function_call name: (identifier) @_require))
  (#eq? @_require "require"))
(chunk [
  (variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @definition.constant)
  (assignment_statement (variable_list name: (identifier) @name)) @definition.constant
] (#match? @name "^_*\\p{Lu}[\\p{Lu}\\p{N}_]+$"))
(chunk [
  (variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @definition.variable)
  (variable_declaration (variable_list name: (identifier) @name)) @definition.variable
  (assignment_statement (variable_list name: (identifier) @name)) @definition.variable
])
(chunk (assignment_statement
  (variable_list name: (dot_index_expression table: (_) @qualifier field: (identifier) @name))) @definition.field)
(chunk [
  (variable_declaration (assignment_statement (expression_list
    value: (table_constructor (field name: (identifier) @name) @definition.field))))
  (assignment_statement (expression_list
    value: (table_constructor (field name: (identifier) @name) @definition.field)))
  (return_statement (expression_list
    (table_constructor (field name: (identifier) @name) @definition.field)))
])
(chunk (return_statement (expression_list [
  (identifier) @name
  (table_constructor (field value: (identifier) @name))
] @reference.symbol)))

(function_call
  name: (identifier) @_require
  arguments: (arguments (string content: (string_content) @name @reference.import))
  (#any-of? @_require "require" "dofile" "loadfile")
  (#strip! @name "\\.lua$") (#strip! @name "^.*[./](?=[^./])"))
; setmetatable(Derived, { __index = Base })
(function_call
  name: (identifier) @_setmetatable
  arguments: (arguments (table_constructor (field name: (identifier) @_index value: (identifier) @name)))
  (#eq? @_setmetatable "setmetatable") (#eq? @_index "__index")) @reference.class
((function_call name: (identifier) @name @reference.call)
  (#not-any-of? @name "require" "setmetatable" "getmetatable" "print" "type" "pairs" "ipairs" "tostring" "tonumber"
    "assert" "error" "pcall" "select" "unpack" "rawget" "rawset" "next"))
(function_call name: [
  (dot_index_expression field: (identifier) @name)
  (method_index_expression method: (identifier) @name)
] @reference.call)

(dot_index_expression field: (identifier) @name @reference.member)
; Modules and constants as values. Locals of functions are hardly ever upper case.
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}"))
