; SPDX-License-Identifier: Apache-2.0
; SQL. Tables by whatever statement uses them are references; of columns only those with a table before them. The
; grammar knows no procedures.

(create_table (object_reference name: (identifier) @name) (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
  @definition.table
(create_view (object_reference name: (identifier) @name) (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
  @definition.view
(create_materialized_view (object_reference name: (identifier) @name)
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.view
(create_index column: (identifier) @name (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.index
(create_function (keyword_function) . (object_reference name: (identifier) @name)
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.function
(create_trigger (keyword_trigger) . (object_reference name: (identifier) @name)
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.event
(create_type (object_reference name: (identifier) @name) (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
  @definition.type
(create_sequence (object_reference name: (identifier) @name) (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
  @definition.object
(create_schema (identifier) @name (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.namespace
(column_definition name: [(identifier) (literal)] @name
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$")) @definition.column
(enum_elements enum_element: (literal) @name (#strip! @name "^'") (#strip! @name "'$")) @definition.enum_member

(invocation (object_reference name: (identifier) @name @reference.call)
  (#not-match? @name "^(?i:abs|array_agg|avg|ceil|coalesce|concat|count|date|date_trunc|extract|floor|greatest)$")
  (#not-match? @name "^(?i:ifnull|json_agg|least|length|lower|max|min|now|nullif|replace|round|row_number)$")
  (#not-match? @name "^(?i:string_agg|substring|substr|sum|to_char|trim|upper)$"))
(invocation (object_reference name: (identifier) @ignore))
; The execution of a function by a trigger.
(create_trigger (keyword_execute) (object_reference name: (identifier) @name @reference.call) .)
(field (object_reference) name: (identifier) @name @reference.member
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
; What stands before a column is most often an alias.
(field (object_reference name: (identifier) @ignore))
(all_fields (object_reference name: (identifier) @ignore))
(column_definition custom_type: (object_reference name: (identifier) @name @reference.type)
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
(object_reference name: (identifier) @name @reference.symbol
  (#not-any-of? @name "internal" "bool" "text" "record" "cstring" "void" "trigger")
  (#strip! @name "^[\"`\\[]") (#strip! @name "[\"`\\]]$"))
