; SPDX-License-Identifier: Apache-2.0
; Clojure. Definitions are lists by their head, in whatever namespace the macro is; an unknown head that begins with
; "def" defines a variable. A name stands without its namespace. Left out: keywords of specifications, functions given
; by their bare name other than as first argument of map and the like, bare steps of threading macros.

(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#any-of? @_def "ns" "in-ns")) @definition.namespace
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#any-of? @_def "defn" "defn-" "defmulti" ">defn" ">defn-")) @definition.function
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "defmacro")) @definition.macro
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "defmethod")) @definition.method
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "defprotocol")) @definition.protocol
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "definterface")) @definition.interface
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "defrecord")) @definition.record
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "deftype")) @definition.class
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#eq? @_def "deftest")) @definition.test
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#match? @_def "^def")) @definition.variable

(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name)
  (#any-of? @_def "extend-type" "extend-protocol")) @scope
(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit)
  . value: (vec_lit value: (sym_lit name: (sym_name) @name) @definition.field)
  (#any-of? @_def "defrecord" "deftype"))
(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  value: (list_lit . value: (sym_lit name: (sym_name) @name) . value: (vec_lit)) @definition.method
  (#any-of? @_def "defprotocol" "definterface" "defrecord" "deftype" "extend-type" "extend-protocol" "reify"))
(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (vec_lit value: (list_lit . value: (sym_lit name: (sym_name) @name) . value: (vec_lit)) @definition.function)
  (#eq? @_def "letfn"))

; The parts of a namespace's head.
(list_lit
  . value: (kwd_lit name: (kwd_name) @_clause)
  value: [
    (sym_lit name: (sym_name) @name)
    (vec_lit . value: (sym_lit name: (sym_name) @name))
    (list_lit . value: (sym_lit name: (sym_name) @name))
  ] @reference.import
  (#any-of? @_clause "require" "use" "require-macros" "use-macros"))
(vec_lit
  value: (kwd_lit name: (kwd_name) @_refer)
  . value: (vec_lit value: (sym_lit name: (sym_name) @name @reference.import))
  (#any-of? @_refer "refer" "refer-macros" "only"))
(list_lit
  . value: (kwd_lit name: (kwd_name) @_clause)
  value: [
    (list_lit . value: (sym_lit name: (sym_name) @ignore))
    (vec_lit . value: (sym_lit name: (sym_name) @ignore))
  ]
  (#eq? @_clause "import"))
(list_lit
  . value: (kwd_lit name: (kwd_name) @_clause)
  value: [
    (sym_lit name: (sym_name) @name)
    (list_lit . value: (_) value: (sym_lit name: (sym_name) @name))
    (vec_lit . value: (_) value: (sym_lit name: (sym_name) @name))
  ] @reference.import
  (#eq? @_clause "import")
  (#strip! @name "^.*\\."))

(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit)
  . value: (vec_lit)
  value: (sym_lit name: (sym_name) @name @reference.implementation)
  (#any-of? @_def "defrecord" "deftype"))
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name @reference.implementation)
  (#any-of? @_def "extend-protocol" "reify"))
(list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name @reference.type)
  (#eq? @_def "extend-type"))
(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (_)
  . value: (sym_lit name: (sym_name) @name @reference.implementation)
  (#eq? @_def "extend-type"))

(list_lit . value: (sym_lit name: (sym_name) @_new) . value: (sym_lit name: (sym_name) @name @reference.class)
  (#eq? @_new "new"))
(list_lit . value: (sym_lit name: (sym_name) @name @reference.class)
  (#match? @name "^(map)?->\\p{Lu}|^\\p{Lu}.*\\.$")
  (#strip! @name "^(map)?->") (#strip! @name "^.*\\.(?=.)") (#strip! @name "\\.$"))
; Functions given to functions.
(list_lit . value: (sym_lit name: (sym_name) @_function) . value: (sym_lit name: (sym_name) @name @reference.call)
  (#any-of? @_function "map" "filter" "remove" "reduce" "mapv" "filterv" "keep" "mapcat" "some" "every?" "apply"
    "partial" "sort-by" "group-by" "run!" "pmap" "map-indexed" "reduce-kv" "take-while" "drop-while" "iterate" "comp"))
(var_quoting_lit value: (sym_lit name: (sym_name) @name @reference.symbol))
(quoting_lit value: (list_lit . value: (sym_lit name: (sym_name) @ignore)))
(anon_fn_lit . value: (sym_lit name: (sym_name) @name @reference.call)
  (#not-any-of? @name "=" "not" "+" "-" "str" "get" "nth" "assoc" "conj" "if" "let" "->" "when" "first" "not=" "<" ">"))
(list_lit . value: (sym_lit name: (sym_name) @name @reference.call)
  (#not-any-of? @name "ns" "in-ns" "def" "defn" "defn-" "defmacro" "defmulti" "defmethod" "defprotocol" "defrecord"
    "deftype" "definterface" "defonce" "deftest" "declare" "extend-type" "extend-protocol" "reify" "let" "letfn" "if"
    "if-not" "if-let" "if-some" "when" "when-not" "when-let" "when-some" "when-first" "cond" "cond->" "cond->>" "condp"
    "case" "do" "loop" "recur" "for" "doseq" "dotimes" "fn" "fn*" "quote" "var" "throw" "try" "catch" "finally" "new"
    "set!" "binding" "comment" "->" "->>" "as->" "some->" "some->>" "doto" "and" "or" "not" "=" "not=" "==" "<" ">" "<="
    ">=" "+" "-" "*" "/" "inc" "dec" "str" "count" "first" "rest" "next" "second" "last" "map" "filter" "reduce" "mapv"
    "assoc" "dissoc" "get" "get-in" "assoc-in" "update" "update-in" "conj" "cons" "concat" "into" "merge" "keys" "vals"
    "nil?" "some?" "empty?" "seq" "vec" "set" "list" "vector" "hash-map" "atom" "deref" "swap!" "reset!" "apply"
    "partial" "comp" "identity" "name" "keyword" "symbol" "println" "prn" "is" "are" "testing" "with-open" "while"
    "contains?" "every?" "some" "remove" "keep" "nth" "ex-info" "fdef" "delay" "future" "lazy-seq" "range" "." "..")
  (#strip! @name "^\\.-?(?=.)"))
(sym_lit namespace: (sym_ns) name: (sym_name) @name @reference.symbol
  (#not-match? @name "^(f?def|is$|are$|testing$)"))
