; SPDX-License-Identifier: Apache-2.0
; Erlang. All clauses of a function are one definition; functions of one name that differ in arity are several. Quoted
; names keep their quotes. A record's field and a macro's name stand without the record and the question mark.
; To the grammar a use of a type is a call.

(module_attribute name: (atom) @name) @definition.module

; The clauses behind the first one.
((fun_decl clause: (function_clause) ";") . (fun_decl clause: (function_clause name: (atom) @ignore)))
((fun_decl clause: (function_clause) ";") . (fun_decl clause: (function_clause name: (atom) @name)) @scope)
(fun_decl clause: (function_clause name: (atom) @name)) @definition.function

(pp_define lhs: (macro_lhs name: [(var) (atom)] @name)) @definition.macro
(record_decl name: (atom) @name) @definition.record
(record_decl fields: (record_field name: (atom) @name) @definition.field)
(type_alias name: (type_name name: (atom) @name)) @definition.type
(opaque name: (type_name name: (atom) @name)) @definition.type
(callback fun: (atom) @name) @definition.method

(behaviour_attribute name: (atom) @name @reference.implementation)
(pp_include file: (string) @name @reference.import (#strip! @name "^\"(.*/)?") (#strip! @name "\"$"))
(pp_include_lib file: (string) @name @reference.import (#strip! @name "^\"(.*/)?") (#strip! @name "\"$"))
(import_attribute module: (atom) @name @reference.import)
(import_attribute funs: (fa fun: (atom) @name @reference.import))

(macro_call_expr name: [(var) (atom)] @name @reference.macro
  (#not-any-of? @name "MODULE" "MODULE_STRING" "FILE" "LINE" "FUNCTION_NAME" "FUNCTION_ARITY" "OTP_RELEASE"))
(call expr: (atom) @name @reference.call
  (#not-any-of? @name "is_tuple" "is_list" "is_atom" "is_binary" "is_integer" "is_map" "is_pid" "is_function"
    "is_boolean" "is_number" "length" "size" "element" "setelement" "hd" "tl" "self" "spawn" "throw" "exit" "error"
    "integer" "binary" "atom" "pos_integer" "non_neg_integer" "boolean" "term" "any" "pid" "list" "tuple" "map"
    "string" "iolist" "iodata" "reference" "no_return" "timeout" "byte_size" "tuple_size" "map_size"))
(internal_fun fun: (atom) @name @reference.call)
(external_fun fun: (atom) @name @reference.call)
(remote_module module: (atom) @name @reference.symbol)
(external_fun module: (module name: (atom) @name @reference.symbol))

(record_name name: (atom) @name @reference.class)
(record_field name: (atom) @name @reference.member)
(record_field_name name: (atom) @name @reference.member)
