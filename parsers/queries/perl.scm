; SPDX-License-Identifier: Apache-2.0
; Perl. A package or class without a block reaches to the next one, which the tree does not show: its members have no
; scope. The words of qw(…) are one node: the parents in `use parent qw(A B)` are tagged only where there is one.
; Left out: lexical variables in blocks, calls of built-in functions, names made at run time.

(package_statement name: (package) @name) @definition.package
(class_statement name: (package) @name) @definition.class
(role_statement name: (package) @name) @definition.trait
(subroutine_declaration_statement name: (bareword) @name) @definition.function
(method_declaration_statement name: (bareword) @name) @definition.method
(assignment_expression left: (glob (varname) @name) right: (anonymous_subroutine_expression)) @definition.function
(source_file (expression_statement (assignment_expression
  left: (variable_declaration variable: (scalar (varname) @name))
  right: (anonymous_subroutine_expression)) @definition.function))

(use_statement
  module: (package) @_constant
  [
    (list_expression . [(autoquoted_bareword) @name (string_literal content: (string_content) @name)])
    (anonymous_hash_expression (list_expression (autoquoted_bareword) @name))
    (autoquoted_bareword) @name
  ] @definition.constant
  (#eq? @_constant "constant"))

(variable_declaration "field" variable: (_ (varname) @name)) @definition.field
(variable_declaration "our" [
  variable: (_ (varname) @name)
  variables: (_ (varname) @name)
]) @definition.variable
(source_file (expression_statement [
  (variable_declaration [variable: (_ (varname) @name) variables: (_ (varname) @name)]) @definition.variable
  (assignment_expression left: (variable_declaration [
    variable: (_ (varname) @name)
    variables: (_ (varname) @name)
  ])) @definition.variable
]))

(attrlist (attribute
  name: (attribute_name) @_isa value: (_) @name @reference.class
  (#any-of? @_isa "isa" "does")))
; Moose and its like.
(ambiguous_function_call_expression
  function: (function) @_has
  arguments: (list_expression . [(autoquoted_bareword) @name (string_literal content: (string_content) @name)])
  (#eq? @_has "has")) @definition.property
(ambiguous_function_call_expression
  function: (function) @_extends
  arguments: [
    (string_literal content: (string_content) @name)
    (list_expression (string_literal content: (string_content) @name))
  ] @reference.class
  (#eq? @_extends "extends"))
(ambiguous_function_call_expression
  function: (function) @_with
  arguments: [
    (string_literal content: (string_content) @name)
    (list_expression (string_literal content: (string_content) @name))
  ] @reference.implementation
  (#eq? @_with "with"))

(use_statement
  module: (package) @_parent
  [
    (string_literal content: (string_content) @name)
    (quoted_word_list content: (string_content) @name)
    (list_expression (string_literal content: (string_content) @name))
  ] @reference.class
  (#any-of? @_parent "parent" "base") (#match? @name "^[\\p{L}\\p{N}_:]+$"))
((use_statement module: (package) @name @reference.import)
  (#not-any-of? @name "strict" "warnings" "utf8" "constant" "parent" "base" "feature" "lib" "vars" "integer" "bytes"
    "overload" "experimental" "open" "autodie"))
(require_expression (bareword) @name @reference.import)

(method_call_expression invocant: (bareword) @name @reference.class)
(method_call_expression method: (method) @name @reference.call
  (#match? @name "^[\\p{L}\\p{N}_:]+$") (#strip! @name "^.*::"))
([
  (function_call_expression function: (function) @name @reference.call)
  (ambiguous_function_call_expression function: (function) @name @reference.call)
]
  (#match? @name "^&?[\\p{L}\\p{N}_:']+$")
  (#not-any-of? @name "print" "push" "bless" "die" "return" "printf" "join" "sprintf" "warn" "unshift" "splice" "open"
    "close" "sort" "map" "grep" "split" "substr" "exists" "delete" "defined" "ref" "scalar" "shift" "pop" "keys"
    "values" "each" "index" "pack" "unpack" "say" "chomp" "eval" "local" "unlink" "binmode" "has" "extends" "with"
    "read" "seek" "opendir" "readdir" "system" "exec" "exit" "wantarray" "sprintf" "lc" "uc" "length" "reverse")
  (#strip! @name "^&?(.*::)?"))
(refgen_expression (function (varname) @name @reference.symbol) (#strip! @name "^.*::"))
(expression_statement (bareword) @name @reference.call (#match? @name "^\\p{Ll}"))
; Constants and classes as values.
((bareword) @name @reference.symbol (#match? @name "^\\p{Lu}"))
