; SPDX-License-Identifier: Apache-2.0
; Elixir. Definitions are calls of macros to the grammar. A module has its last part as name, since it is used by that
; under an alias. Clauses that follow one another are one definition. Left out: names made at run time by unquote.

(call target: (identifier) @_macro (arguments . (alias) @name) (#eq? @_macro "defmodule") (#strip! @name "^.*\\."))
  @definition.module
(call target: (identifier) @_macro (arguments . (alias) @name) (#eq? @_macro "defprotocol") (#strip! @name "^.*\\."))
  @definition.protocol
(call target: (identifier) @_macro (arguments . (alias) @name) (#eq? @_macro "defimpl") (#strip! @name "^.*\\."))
  @scope

; The second and later clauses.
((call
  target: (identifier)
  (arguments . [
    (call target: (identifier) @_previous)
    (binary_operator left: (call target: (identifier) @_previous))
  ]))
  .
  (call
    target: (identifier) @_macro
    (arguments . [
      (call target: (identifier) @ignore)
      (binary_operator left: (call target: (identifier) @ignore))
    ]))
  (#any-of? @_macro "def" "defp" "defmacro" "defmacrop")
  (#eq? @_previous @ignore))
((call
  target: (identifier)
  (arguments . [
    (call target: (identifier) @_previous)
    (binary_operator left: (call target: (identifier) @_previous))
  ]))
  .
  (call
    target: (identifier) @_macro
    (arguments . [
      (call target: (identifier) @name)
      (binary_operator left: (call target: (identifier) @name))
    ])) @scope
  (#any-of? @_macro "def" "defp" "defmacro" "defmacrop")
  (#eq? @_previous @name))

(call
  target: (identifier) @_macro
  (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
  ])
  (#any-of? @_macro "def" "defp" "defdelegate" "defn" "defnp")) @definition.function
(call
  target: (identifier) @_macro
  (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
  ])
  (#any-of? @_macro "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro
(call
  target: (identifier) @_macro
  (arguments . (binary_operator operator: _ @name))
  (#any-of? @_macro "def" "defp" "defmacro")
  (#not-eq? @name "when")) @definition.operator
(call
  target: (identifier) @_macro
  (arguments . [
    (list (atom) @name)
    (list (keywords (pair key: (keyword) @name)))
    (keywords (pair key: (keyword) @name))
  ] @definition.field)
  (#any-of? @_macro "defstruct" "defexception")
  (#strip! @name "^:|:\\s*$"))
(call
  target: (identifier) @_macro
  (arguments . (string . (quoted_content) @name .))
  (do_block)
  (#eq? @_macro "test")) @definition.test

(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments . (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")))
  (#any-of? @_attribute "type" "typep" "opaque")) @definition.type
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments . (binary_operator left: (call target: (identifier) @name) operator: "::")))
  (#any-of? @_attribute "callback" "macrocallback")) @definition.method
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments . (binary_operator left: (call target: (identifier) @ignore) operator: "::")))
  (#eq? @_attribute "spec"))
(unary_operator
  operator: "@"
  operand: (call target: (identifier) @ignore)
  (#any-of? @ignore "moduledoc" "doc" "typedoc" "spec" "type" "typep" "opaque" "callback" "macrocallback" "impl"
    "behaviour" "derive" "enforce_keys" "fallback_to_any" "optional_callbacks" "compile" "dialyzer" "deprecated" "tag"
    "moduletag" "describetag" "before_compile" "after_compile" "external_resource" "on_load" "on_definition" "vsn"
    "since" "nifs" "protocol"))
(unary_operator operator: "@" operand: (call target: (identifier) @name)) @definition.constant
(unary_operator operator: "@" operand: (identifier) @name @reference.symbol)

(call
  target: (identifier) @_macro
  (arguments . [
    (alias) @name
    (dot right: (tuple (alias) @name))
  ] @reference.import)
  (#any-of? @_macro "alias" "import" "require" "use")
  (#strip! @name "^.*\\."))
(call
  target: (identifier) @_macro
  (arguments . (alias) @name @reference.implementation)
  (#eq? @_macro "defimpl")
  (#strip! @name "^.*\\."))
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments . [
      (alias) @name
      (tuple . (alias) @name)
      (list [(alias) @name (tuple . (alias) @name)])
    ] @reference.implementation))
  (#any-of? @_attribute "behaviour" "derive")
  (#strip! @name "^.*\\."))
; The name that an alias is given.
(pair key: (keyword) @_as value: (alias) @ignore (#match? @_as "^as:"))
(dot left: (alias) @ignore right: (tuple))
(call
  target: (identifier) @_macro
  (arguments . (alias) @name @reference.class)
  (#any-of? @_macro "raise" "reraise" "struct" "struct!")
  (#strip! @name "^.*\\."))
(struct (alias) @name @reference.class (#strip! @name "^.*\\."))

; A call without parentheses on something that is no module is an access to a field.
(call target: (dot left: [(identifier) (call)] right: (identifier) @name @reference.member) .)
; Every module has a type t, so that a use of it says nothing.
(call target: (dot left: (alias) right: (identifier) @ignore) (#eq? @ignore "t"))
((call target: [(identifier) @name (dot right: (identifier) @name)] @reference.call)
  (#not-any-of? @name "def" "defp" "defdelegate" "defguard" "defguardp" "defmacro" "defmacrop" "defn" "defnp"
    "defmodule" "defprotocol" "defimpl" "defstruct" "defexception" "defoverridable" "alias" "case" "cond" "for" "if"
    "import" "quote" "raise" "receive" "require" "reraise" "super" "throw" "try" "unless" "unquote" "unquote_splicing"
    "use" "with" "test" "describe" "setup" "setup_all" "assert" "refute" "assert_raise" "is_nil" "is_binary" "is_atom"
    "is_list" "is_map" "is_integer" "is_function" "is_tuple" "length" "inspect" "to_string" "hd" "tl" "elem"))
(binary_operator operator: "|>" right: (identifier) @name @reference.call)
; A function as value: &name/1.
(unary_operator operator: "&" operand: (binary_operator left: (identifier) @name operator: "/") @reference.call)
((alias) @name @reference.symbol (#strip! @name "^.*\\."))
