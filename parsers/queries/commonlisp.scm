; SPDX-License-Identifier: Apache-2.0
; Common Lisp. Definitions are lists by their head, written in lower case, as is the custom; an unknown head that begins
; with "def" defines a variable. Accessors of a slot are methods. Symbols stand as they are written, without their
; package. Left out: uses of lexical variables, the words of loop, names in strings.
;
; Words of loop that the grammar does not know: the type of a variable, a name, the end of a clause, symbols.
; hide: (?<!defun)\s\Kof-type\s+(?:[^\s()]+|\([^()]*\))
; hide: \(loop\s+\Knamed\s+[^\s()]+
; hide: \)\s+\Kend(?=\s+(?:do|collect|append|when|if|unless|for|finally|while|until|else)\s)
; hide: \bfor\s+[^\s()]+\s+being\s+(?:the|each)\s+(?:external-|present-)?symbols?\s+(?:of|in)\s+[^\s()]+

(defun (defun_header keyword: (defun_keyword) @_keyword function_name: [
  (sym_lit) @name
  (list_lit . value: (sym_lit) . value: (sym_lit) @name)
]) (#match? @_keyword "(?i)^defmethod$")) @definition.method
(defun (defun_header keyword: (defun_keyword) @_keyword function_name: (sym_lit) @name)
  (#match? @_keyword "(?i)^defmacro$")) @definition.macro
(defun (defun_header function_name: [
  (sym_lit) @name
  (package_lit symbol: (sym_lit) @name)
  (list_lit . value: (sym_lit) . value: (sym_lit) @name)
])) @definition.function

(list_lit . value: (sym_lit) @_def . value: [(sym_lit) (kwd_lit) (str_lit)] @name
  (#any-of? @_def "defpackage" "define-package" "uiop:define-package")
  (#strip! @name "^[:\"]") (#strip! @name "\"$")) @definition.package
(list_lit
  . value: [(sym_lit) @_def (package_lit symbol: (sym_lit) @_def)]
  . value: [(sym_lit) (kwd_lit) (str_lit)] @name
  (#any-of? @_def "defsystem" "define-package")
  (#strip! @name "^[:\"]") (#strip! @name "\"$")) @definition.module
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "defvar" "defparameter" "defglobal" "define-symbol-macro" "define-global-var")) @definition.variable
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "defconstant" "define-constant" "defconst")) @definition.constant
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "define-compiler-macro" "define-modify-macro" "define-setf-expander" "defsetf" "defmacro-mundanely"))
  @definition.macro
(list_lit . value: (sym_lit) @_def . value: [(sym_lit) @name (list_lit . value: (sym_lit) @name)]
  (#any-of? @_def "deftype" "define-foreign-type")) @definition.type
(list_lit . value: (sym_lit) @_def . value: [(sym_lit) @name (list_lit . value: (sym_lit) @name)]
  (#any-of? @_def "defstruct" "defcstruct")) @definition.struct
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "defclass" "define-condition")) @definition.class
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "deftest" "def-test" "define-test")) @definition.test
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name
  (#any-of? @_def "define-method-combination" "defcfun" "define-alien-routine" "definline")) @definition.function
(list_lit . value: (sym_lit) @_def . value: (sym_lit) @name (#match? @_def "^def")) @definition.variable

(list_lit
  . value: (sym_lit) @_def
  . value: [(sym_lit) (list_lit)]
  value: [(sym_lit) @name (list_lit . value: (sym_lit) @name)] @definition.field
  (#eq? @_def "defstruct"))
(list_lit
  . value: (sym_lit) @_def
  . value: (sym_lit)
  . value: [(list_lit) (nil_lit)]
  . value: (list_lit value: [(sym_lit) @name (list_lit . value: (sym_lit) @name)] @definition.field)
  (#any-of? @_def "defclass" "define-condition"))
(list_lit
  . value: (sym_lit) @_def
  . value: (sym_lit)
  . value: [(list_lit) (nil_lit)]
  . value: (list_lit value: (list_lit value: (kwd_lit) @_option . value: (sym_lit) @name @definition.method))
  (#any-of? @_def "defclass" "define-condition")
  (#any-of? @_option ":accessor" ":reader" ":writer"))
(list_lit
  . value: (sym_lit) @_def
  . value: (list_lit value: (list_lit . value: (sym_lit) @name . value: [(list_lit) (nil_lit)]) @definition.function)
  (#any-of? @_def "flet" "labels" "macrolet"))

; Lists that are no calls: parameters, bindings, clauses, data.
(defun_header lambda_list: (list_lit . value: (sym_lit) @ignore))
(defun_header
  keyword: (defun_keyword) @_keyword
  lambda_list: (list_lit value: (list_lit . value: (sym_lit) . value: (sym_lit) @name @reference.type .))
  (#match? @_keyword "(?i)^defmethod$"))
(defun_header lambda_list: (list_lit value: (list_lit . value: (sym_lit) @ignore)))
(defun_header function_name: (list_lit . value: (sym_lit) @ignore))
(quoting_lit value: (list_lit . value: (sym_lit) @ignore))
(quoting_lit value: (list_lit value: (list_lit . value: (sym_lit) @ignore)))
(list_lit
  . value: (sym_lit) @_def
  . value: (sym_lit)
  . value: (list_lit value: (sym_lit) @name @reference.class)
  (#any-of? @_def "defclass" "define-condition"))
(list_lit
  . value: (sym_lit) @_def
  . value: (list_lit value: (list_lit . value: (kwd_lit) @_include . value: (sym_lit) @name @reference.class))
  (#eq? @_def "defstruct") (#eq? @_include ":include"))
(list_lit . value: (sym_lit) @_def . value: (sym_lit) . value: (list_lit . value: (sym_lit) @ignore)
  (#match? @_def "^def"))
(list_lit . value: (sym_lit) @_let . value: (list_lit value: (list_lit . value: (sym_lit) @ignore))
  (#any-of? @_let "let" "let*" "symbol-macrolet" "prog" "prog*" "do" "do*" "when-let" "if-let" "when-let*" "with-slots"
    "with-accessors" "handler-bind" "restart-bind"))
(list_lit . value: (sym_lit) @_let . value: (list_lit . value: (sym_lit) @ignore)
  (#match? @_let "^(with-|do|multiple-value-bind$|destructuring-bind$|lambda$|let\\*?$|when-let|if-let|prog\\*?$)"))
(list_lit
  . value: (sym_lit) @_let
  . value: (list_lit value: (list_lit . value: (sym_lit) . value: (list_lit . value: (sym_lit) @ignore)))
  (#any-of? @_let "flet" "labels" "macrolet"))
(list_lit . value: (sym_lit) @_case . value: (_) value: (list_lit . value: (sym_lit) @name @reference.type)
  (#any-of? @_case "handler-case" "typecase" "etypecase" "ctypecase")
  (#not-any-of? @name "error" "t" "otherwise" "string" "list" "symbol" "integer" "number" "cons" "condition"))
(list_lit . value: (sym_lit) @_case . value: (_) value: (list_lit . value: (sym_lit) @ignore)
  (#any-of? @_case "handler-case" "typecase" "etypecase" "ctypecase" "case" "ecase" "ccase" "restart-case"))
(list_lit
  . value: (sym_lit) @_case
  . value: (_)
  value: (list_lit . value: (_) . value: (list_lit . value: (sym_lit) @ignore))
  (#any-of? @_case "handler-case" "restart-case"))
(for_clause variable: (list_lit . value: (sym_lit) @ignore))
(list_lit . value: (sym_lit) @_cond value: (list_lit . value: (sym_lit) @ignore) (#eq? @_cond "cond"))
(list_lit . value: (sym_lit) @_declare value: (list_lit . value: (sym_lit) @ignore)
  (#any-of? @_declare "declare" "declaim"))

(list_lit . value: (sym_lit) @_in . value: [(sym_lit) (kwd_lit) (str_lit)] @name @reference.import
  (#any-of? @_in "in-package" "require" "use-package")
  (#strip! @name "^[:\"]") (#strip! @name "\"$"))
(list_lit
  . value: (sym_lit) @_def
  value: (list_lit . (kwd_lit) @_use [(sym_lit) (kwd_lit) (str_lit)] @name @reference.import)
  (#any-of? @_def "defpackage" "define-package")
  (#any-of? @_use ":use" ":import-from" ":mix" ":use-reexport" ":reexport")
  (#not-any-of? @name ":cl" ":common-lisp" "cl" "common-lisp")
  (#strip! @name "^[:\"]") (#strip! @name "\"$"))
(list_lit . value: (sym_lit) @_make . value: (quoting_lit value: [
  (sym_lit) @name
  (package_lit symbol: (sym_lit) @name)
] @reference.class)
  (#any-of? @_make "make-instance" "error" "signal" "make-condition" "warn" "find-class" "cerror"))
(var_quoting_lit value: [(sym_lit) @name (package_lit symbol: (sym_lit) @name)] @reference.call)
(quoting_lit value: (sym_lit) @name @reference.symbol (#match? @name "-"))

(list_lit . value: [(sym_lit) @name (package_lit symbol: (sym_lit) @name)] @reference.call
  (#not-match? @name "^(def|&|[0-9])")
  (#not-any-of? @name "let" "let*" "if" "when" "unless" "cond" "case" "ecase" "typecase" "etypecase" "progn" "prog1"
    "flet" "labels" "macrolet" "symbol-macrolet" "lambda" "function" "quote" "setf" "setq" "psetf" "incf" "decf" "push"
    "pop" "pushnew" "and" "or" "not" "null" "eq" "eql" "equal" "equalp" "car" "cdr" "cons" "list" "list*" "append" "+"
    "-" "*" "/" "=" "/=" "<" ">" "<=" ">=" "1+" "1-" "first" "second" "third" "rest" "nth" "length" "format" "error"
    "warn" "funcall" "apply" "mapcar" "mapc" "loop" "dolist" "dotimes" "do" "do*" "return" "return-from" "block"
    "values" "declare" "declaim" "multiple-value-bind" "destructuring-bind" "the" "make-instance" "in-package" "require"
    "eval-when" "handler-case" "handler-bind" "unwind-protect" "ignore-errors" "call-next-method" "assert" "slot-value"
    "with-slots" "with-accessors" "gethash" "aref" "elt" "concatenate" "string=" "zerop" "consp" "listp" "symbolp"
    "stringp" "reverse" "nreverse" "member" "assoc" "getf" "print" "cadr" "cddr" "caar" "in-suite" "locally" "go"
    "tagbody" "throw" "catch" "multiple-value-list" "load-time-value" "progv" "check-type" "max" "min" "export"))
; Special variables and constants, by the ears that their names have.
((sym_lit) @name @reference.symbol (#match? @name "^([*].+[*]|[+].+[+])$"))
