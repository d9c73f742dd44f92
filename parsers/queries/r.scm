; SPDX-License-Identifier: Apache-2.0
; R. Names lose their backticks. Members of an R6 or reference class are those that stand in its call. Left out: local
; variables, what assign and makeActiveBinding define, functions given as arguments other than to the apply family.

(binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "=" "<<-" ":="]
  rhs: (function_definition)
  (#strip! @name "^`") (#strip! @name "`$")) @definition.function
(binary_operator
  lhs: [(function_definition) (parenthesized_expression body: (function_definition))]
  operator: ["->" "->>"]
  rhs: [(identifier) @name (string content: (string_content) @name)]
  (#strip! @name "^`") (#strip! @name "`$")) @definition.function

(binary_operator
  lhs: (identifier) @name
  operator: ["<-" "=" "<<-"]
  rhs: (call function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)])
  (#any-of? @_class "setClass" "R6Class" "setRefClass" "ggproto" "new_class" "setClassUnion")) @definition.class
(binary_operator
  lhs: (identifier)
  rhs: (call
    function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)]
    arguments: (arguments . (argument value: (string content: (string_content) @ignore))))
  (#any-of? @_class "setClass" "R6Class" "setRefClass" "new_class" "setClassUnion"))
(call
  function: (identifier) @_class
  arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#any-of? @_class "setClass" "setRefClass" "setClassUnion")) @definition.class
(call
  function: (identifier) @_generic
  arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#eq? @_generic "setGeneric")) @definition.function
(call
  function: (identifier) @_method
  arguments: (arguments
    . (argument value: (string content: (string_content) @name))
    . (comma)
    . (argument value: [
      (string content: (string_content) @qualifier)
      (call arguments: (arguments . (argument value: (string content: (string_content) @qualifier))))
    ]))
  (#any-of? @_method "setMethod" "setReplaceMethod")) @definition.method

(call
  function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)]
  arguments: (arguments (argument
    name: (identifier) @_section
    value: (call arguments: (arguments
      (argument name: (identifier) @name value: (function_definition)) @definition.method))))
  (#any-of? @_class "R6Class" "setRefClass")
  (#any-of? @_section "public" "private" "active" "methods"))
(call
  function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)]
  arguments: (arguments (argument
    name: (identifier) @_section
    value: (call arguments: (arguments (argument name: (identifier) @name) @definition.field))))
  (#any-of? @_class "R6Class" "setRefClass" "setClass" "new_class")
  (#any-of? @_section "public" "private" "fields" "slots" "properties"))
(call
  function: (identifier) @_class
  arguments: (arguments (argument value: (call
    function: (identifier) @_representation
    arguments: (arguments (argument name: (identifier) @name) @definition.field))))
  (#eq? @_class "setClass")
  (#eq? @_representation "representation"))

(program (binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "=" "<<-"]
  (#strip! @name "^`") (#strip! @name "`$")) @definition.variable)
(program (binary_operator operator: ["->" "->>"] rhs: (identifier) @name) @definition.variable)

(call
  function: (identifier) @_library
  arguments: (arguments . (argument value: [(identifier) @name (string content: (string_content) @name)])) @reference.import
  (#any-of? @_library "library" "require" "requireNamespace" "loadNamespace" "source")
  (#strip! @name "^.*/") (#strip! @name "\\.[rR]$"))
(call
  function: (identifier) @_new
  arguments: (arguments . (argument value: (string content: (string_content) @name))) @reference.class
  (#any-of? @_new "new" "setValidity" "validObject"))
(call
  function: (extract_operator lhs: (identifier) @name @reference.class rhs: (identifier) @_new)
  (#eq? @_new "new"))
(call function: (extract_operator rhs: (identifier) @ignore) (#eq? @ignore "new"))
(argument
  name: (identifier) @_parent
  value: [(identifier) @name (string content: (string_content) @name)] @reference.class
  (#any-of? @_parent "inherit" "contains"))
(call
  function: (identifier) @_dispatch
  arguments: (arguments . (argument value: (string content: (string_content) @name))) @reference.call
  (#any-of? @_dispatch "UseMethod" "standardGeneric" "do.call" "match.fun"))
(call
  function: [(identifier) @_apply (namespace_operator rhs: (identifier) @_apply)]
  arguments: (arguments . (argument) . (comma) . (argument value: (identifier) @name @reference.call))
  (#any-of? @_apply "lapply" "sapply" "vapply" "map" "map_chr" "map_dbl" "map_lgl" "map_int" "map_dfr" "walk" "tapply"))
(call
  function: [(identifier) @_apply (namespace_operator rhs: (identifier) @_apply)]
  arguments: (arguments . (argument value: (identifier) @name @reference.call))
  (#any-of? @_apply "Map" "Reduce" "Filter" "mapply" "do.call" "Vectorize" "match.fun"))

(argument name: (identifier) @ignore)
(parameter name: (identifier) @ignore)
(call function: [
  (identifier) @name
  (namespace_operator rhs: (identifier) @name)
  (extract_operator rhs: (identifier) @name)
] @reference.call
  (#not-any-of? @name "c" "list" "paste0" "paste" "stop" "length" "is.null" "return" "library" "require" "names"
    "inherits" "sprintf" "cat" "print" "warning" "invisible" "function" "UseMethod" "unlist" "lapply" "vapply" "sapply"
    "is.character" "is.na" "rep" "seq_along" "seq_len" "nchar" "character" "numeric" "logical" "any" "all" "max" "min"
    "sum" "identical" "structure" "attr" "missing" "new" "setClass" "setMethod" "setGeneric" "setRefClass" "R6Class"
    "source" "standardGeneric" "representation" "signature" "setValidity" "requireNamespace" "nrow" "ncol" "is.function")
  (#strip! @name "^`") (#strip! @name "`$"))
(binary_operator operator: "special" @name @reference.call
  (#not-any-of? @name "%>%" "%in%" "%%" "%/%" "%o%" "%*%" "%||%" "%<>%" "%x%"))
(binary_operator operator: ["special" "|>"] @_pipe rhs: (identifier) @name @reference.call
  (#any-of? @_pipe "%>%" "|>"))
(namespace_operator lhs: (identifier) @name @reference.import)
(namespace_operator rhs: (identifier) @name @reference.symbol)
(extract_operator rhs: (identifier) @name @reference.member)
((identifier) @name @reference.symbol (#match? @name "^[A-Z][A-Z0-9_.]+$") (#not-eq? @name "NA_character_"))
