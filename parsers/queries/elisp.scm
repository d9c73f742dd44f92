; SPDX-License-Identifier: Apache-2.0
; Emacs Lisp. The feature that a file provides is a module. Left out: uses of variables, since they look like those of
; locals, and what setq assigns.

(function_definition name: (symbol) @name) @definition.function
(macro_definition name: (symbol) @name) @definition.macro
; Without a value it is a declaration only.
(special_form "defvar" . (symbol) @name . (_)) @definition.variable
(special_form "defconst" . (symbol) @name) @definition.constant

(list . (symbol) @_def . (symbol) @name
  (#any-of? @_def "cl-defun" "cl-defsubst" "define-inline" "cl-defgeneric" "defun*" "define-minor-mode"
    "define-derived-mode" "define-globalized-minor-mode" "define-global-minor-mode" "defgeneric" "iter-defun"
    "define-compilation-mode" "define-generic-mode" "transient-define-prefix" "transient-define-suffix"))
  @definition.function
(list . (symbol) @_def . (symbol) @name
  (#any-of? @_def "cl-defmacro" "defmacro*" "pcase-defmacro" "define-compiler-macro")) @definition.macro
(list . (symbol) @_def . (symbol) @name (#any-of? @_def "cl-defmethod" "defmethod")) @definition.method
(list . (symbol) @_def . (symbol) @name
  (#any-of? @_def "defcustom" "defvar-local" "defvar-keymap" "defface" "defvaralias" "define-widget"
    "easy-menu-define")) @definition.variable
(list . (symbol) @_def . (symbol) @name (#eq? @_def "defgroup")) @definition.section
(list . (symbol) @_def . (symbol) @name (#eq? @_def "ert-deftest")) @definition.test
(list . (symbol) @_def . (symbol) @name (#any-of? @_def "defclass" "define-record-type")) @definition.class
(list . (symbol) @_def . [(symbol) @name (list . (symbol) @name)]
  (#any-of? @_def "cl-defstruct" "defstruct")) @definition.struct
(list
  . (symbol) @_def
  . [(symbol) (list)]
  [(symbol) @name (list . (symbol) @name)] @definition.field
  (#any-of? @_def "cl-defstruct" "defstruct"))
(list . (symbol) @_def . (symbol) . (_) . (list (list . (symbol) @name) @definition.field)
  (#eq? @_def "defclass"))
(list . (symbol) @_def . (quote (symbol) @name)
  (#any-of? @_def "defalias" "define-obsolete-function-alias" "fset")) @definition.function
(list . (symbol) @_def . (quote (symbol) @name)
  (#any-of? @_def "define-obsolete-variable-alias" "defvaralias")) @definition.variable
(list . (symbol) @_def . (quote (symbol) @name) (#eq? @_def "define-error")) @definition.type
(list . (symbol) @_def . (quote (symbol) @name) (#eq? @_def "provide")) @definition.module
(list . (symbol) @_def . (list (list . (symbol) @name . (list)) @definition.function)
  (#any-of? @_def "cl-flet" "cl-labels" "cl-flet*" "flet" "labels" "cl-macrolet"))

; Lists that are no calls: parameters, bindings, clauses, data.
(function_definition parameters: (list . (symbol) @ignore))
(macro_definition parameters: (list . (symbol) @ignore))
(special_form "lambda" . (list . (symbol) @ignore))
(special_form ["let" "let*"] . (list (list . (symbol) @ignore)))
(special_form "cond" (list . (symbol) @ignore))
(special_form "condition-case" . (_) . (_) (list . (symbol) @name @reference.type (#not-eq? @name "error")))
(special_form "condition-case" . (_) . (_) (list . (symbol) @ignore))
(quote "'" (list . (symbol) @ignore))
(quote "'" (list (list . (symbol) @ignore)))
(quote "'" (list (list (list . (symbol) @ignore))))
(quote "'" (list (list (list (list . (symbol) @ignore)))))
(list . (symbol) @_def . (symbol) . (list (list . (symbol) . (symbol) @name @reference.type .))
  (#any-of? @_def "cl-defmethod" "defmethod"))
(list . (symbol) @_def . (symbol) . (list (symbol) @name @reference.class)
  (#eq? @_def "defclass"))
(list . (symbol) @_def . (symbol) . (list . (symbol) @ignore)
  (#any-of? @_def "cl-defun" "cl-defmacro" "cl-defmethod" "cl-defgeneric" "cl-defsubst" "define-inline" "ert-deftest"
    "iter-defun" "defclass" "transient-define-prefix" "transient-define-suffix"))
(list . (symbol) @_def . (symbol) . (list (list . (symbol) @ignore))
  (#any-of? @_def "cl-defun" "cl-defmacro" "cl-defmethod" "cl-defgeneric" "cl-defsubst"))
(list . (symbol) @_let . (list . (symbol) @ignore)
  (#any-of? @_let "dolist" "dotimes" "cl-dolist" "cl-dotimes" "dolist-with-progress-reporter" "pcase-dolist"
    "cl-destructuring-bind" "cl-multiple-value-bind" "seq-let" "seq-doseq" "when-let" "if-let" "-let" "-lambda"
    "pcase-lambda" "cl-function"))
(list . (symbol) @_let . (list (list . (symbol) @ignore))
  (#any-of? @_let "when-let" "if-let" "when-let*" "if-let*" "and-let*" "pcase-let" "pcase-let*" "cl-letf" "cl-letf*"
    "dlet" "cl-symbol-macrolet" "letrec" "cl-flet" "cl-labels" "cl-do" "cl-do*" "-let" "-let*" "while-let"))
(list . (symbol) @_let . (list (list . (symbol) . (list . (symbol) @ignore)))
  (#any-of? @_let "cl-flet" "cl-labels" "cl-flet*" "flet" "labels" "cl-macrolet"))
(list . (symbol) @_case . (_) (list . (symbol) @ignore)
  (#any-of? @_case "pcase" "pcase-exhaustive" "cl-case" "cl-ecase" "cl-typecase" "cl-etypecase"))
(list . (symbol) @_case . (_) (list . (quote (list . (symbol) @ignore)))
  (#any-of? @_case "pcase" "pcase-exhaustive"))
(list . (symbol) @_declare (list . (symbol) @ignore) (#eq? @_declare "declare"))

(list . (symbol) @_require . (quote (symbol) @name @reference.import) (#eq? @_require "require"))
(list . (symbol) @_make . (quote (symbol) @name @reference.class)
  (#any-of? @_make "make-instance" "signal" "make-record"))
(list . (symbol) @_mode . (symbol) . (symbol) @name @reference.call
  (#any-of? @_mode "define-derived-mode" "define-globalized-minor-mode"))
(list . (symbol) @_mode . (symbol) . (symbol) . (symbol) @name @reference.call
  (#eq? @_mode "define-globalized-minor-mode"))
(function_quote (symbol) @name @reference.call (#match? @name "\\w"))
; A quoted name with a hyphen is a function or a variable more often than data.
(quote (symbol) @name @reference.symbol (#match? @name "^[^:].*-"))
(list . (symbol) @name @reference.call
  (#not-any-of? @name "require" "provide" "defcustom" "defgroup" "defface" "defvar-local" "cl-defun" "cl-defmacro"
    "cl-defstruct" "cl-defgeneric" "cl-defmethod" "cl-defsubst" "define-inline" "defclass" "defalias" "ert-deftest"
    "define-minor-mode" "define-derived-mode" "define-globalized-minor-mode" "define-error" "declare-function"
    "define-obsolete-function-alias" "define-obsolete-variable-alias" "defvaralias" "autoload" "declare" "when"
    "unless" "dolist" "dotimes" "push" "pop" "pcase" "pcase-let" "pcase-let*" "cl-loop" "cl-case" "cl-flet" "cl-labels"
    "if-let" "when-let" "if-let*" "when-let*" "setf" "incf" "cl-incf" "cl-decf" "cl-letf" "not" "null" "eq" "equal"
    "car" "cdr" "cons" "list" "append" "nth" "length" "concat" "format" "message" "error" "user-error" "signal" "=" "<"
    ">" "<=" ">=" "+" "-" "*" "/" "1+" "1-" "point" "goto-char" "insert" "nconc" "funcall" "apply" "mapcar" "mapc"
    "memq" "member" "assq" "assoc" "aref" "get" "put" "set" "plist-get" "gethash" "puthash" "string=" "stringp" "listp"
    "symbolp" "with-current-buffer" "with-temp-buffer" "ignore-errors" "should" "make-instance" "cadr" "cddr"
    "add-hook" "define-key" "kbd" "looking-at" "re-search-forward" "match-string" "forward-line" "char-after" "bobp"
    "eobp" "&optional" "&rest" "setcar" "setcdr" "nreverse" "reverse" "symbol-value" "boundp" "fboundp" "numberp")
  (#not-match? @name "^[:0-9]"))
