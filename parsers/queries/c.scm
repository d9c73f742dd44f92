; SPDX-License-Identifier: Apache-2.0
; C. Macros stand in the way of the grammar: an attribute macro in front of a name ends up as a type or in an ERROR node
; beside the declarator, so patterns name the declarator and leave the rest open. Bodies of macros are text to the
; grammar: what they use is no reference. Left out: prototypes, extern declarations, local variables, parameters, labels.

; Attributes that stand between the words of a declaration:
; hide: (?<!def )(?<!define )(?<!define\t)\b__(?:init|exit|initdata|initconst|user|kernel|iomem|rcu|percpu|force|must_check|always_inline|maybe_unused|used|weak|cold|pure|ref|meminit|init_memblock|sched|packed|read_mostly|ro_after_init|bitwise|attribute_const__|visible|cacheline_aligned\w*)\b
; hide: (?<!def )(?<!define )(?<!define\t)\b(?:noinline|asmlinkage|__printf\(\d, ?\d\)|__(?:acquires|releases|must_hold)\([^()\n]*\))(?=[\s\w])
; The end of do_each_thread(…) {…} while_each_thread(…);
; hide: \}\s*\Kwhile_each_\w+\([^()\n]*\)

; The guard of a header is no macro that anybody uses.
(preproc_ifdef "#ifndef" name: (identifier) @_guard . (preproc_def name: (identifier) @ignore !value)
  (#eq? @_guard @ignore))
(preproc_ifdef "#ifndef" name: (identifier) @ignore . (preproc_def name: (identifier) @_guard !value)
  (#eq? @_guard @ignore))
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

; Macros that take the name of what they define as their first argument.
((function_definition declarator: (function_declarator
    declarator: (identifier) @ignore) @_declarator)
  (#match? @_declarator "^(?:COMPAT_)?SYSCALL_DEFINE[0-6]\\b"))
((function_definition declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name)))) @definition.function
  (#match? @_macro "^(?:COMPAT_)?SYSCALL_DEFINE[0-6]$"))
((expression_statement (call_expression
    function: (identifier) @_macro
    arguments: (argument_list . (identifier) @name))) @definition.function
  (#match? @_macro "^(?:COMPAT_)?SYSCALL_DEFINE[0-6]$"))
((translation_unit (expression_statement (call_expression
    function: (identifier) @_macro
    arguments: (argument_list . (identifier) @name))) @definition.variable)
  (#match? @_macro "^(?:DEFINE_|H?LIST_HEAD$|DECLARE_(?:BITMAP|WAIT|WORK|DELAYED_WORK|RWSEM|COMPLETION|TASKLET))"))
((translation_unit (declaration
    type: (type_identifier) @_macro
    declarator: (parenthesized_declarator (identifier) @name)) @definition.variable)
  (#match? @_macro "^(?:DEFINE_|H?LIST_HEAD$|DECLARE_(?:BITMAP|WAIT|WORK|DELAYED_WORK|RWSEM|COMPLETION|TASKLET))"))

(function_definition declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (parenthesized_declarator (identifier) @name)
    ; A function that returns a pointer to a function.
    (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
  ])
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
]) @definition.function

(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member

(type_definition type: (struct_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.union
(type_definition type: (enum_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.enum
; On the name alone, so that the members are in the scope of the tag only.
(type_definition type: (_ name: (_) body: (_)) declarator: (type_identifier) @name @definition.type)
(type_definition type: (_ body: (_)) declarator: (pointer_declarator
  declarator: (type_identifier) @name @definition.type))
; The macro in "typedef u32 __bitwise name"; the name itself is in an ERROR node, which a pattern cannot reach.
(type_definition declarator: (type_identifier) @ignore (#match? @ignore "^__(?:bitwise|attribute)"))
(type_definition declarator: [
  [(type_identifier) (primitive_type)] @name
  (pointer_declarator declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: (type_identifier) @name)
    (function_declarator declarator: [
      (type_identifier) @name
      (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
    ])
  ])
  (array_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: [
    (type_identifier) @name
    (parenthesized_declarator [
      (type_identifier) @name
      (pointer_declarator declarator: (type_identifier) @name)
    ])
  ])
]) @definition.type

(field_declaration declarator: [
  (field_identifier) @name
  (pointer_declarator declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: (field_identifier) @name)
    (array_declarator declarator: (field_identifier) @name)
    (function_declarator declarator: (parenthesized_declarator
      (pointer_declarator declarator: (field_identifier) @name)))
  ])
  (array_declarator declarator: [
    (field_identifier) @name
    (array_declarator declarator: (field_identifier) @name)
  ])
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: [
    (field_identifier) @name
    (array_declarator declarator: (field_identifier) @name)
  ])))
]) @definition.field

; Variables of the file: at the top, and below one condition, such as the guard of a header.
(declaration (storage_class_specifier "extern") declarator: [
  (identifier) @ignore
  (pointer_declarator declarator: (identifier) @ignore)
  (array_declarator declarator: (identifier) @ignore)
])
; An attribute macro, of which the grammar makes a declaration of its own, or a variable behind a struct.
(declaration declarator: (identifier) @ignore . (MISSING ";"))
((declaration type: (struct_specifier body: (_)) declarator: (identifier) @ignore) (#match? @ignore "^__[a-z]"))
(translation_unit (declaration declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
  (init_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)
    ])
    (array_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)
    ])))
  ])
]) @definition.variable)
(translation_unit [
  (preproc_ifdef (declaration declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (init_declarator declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
    ])
  ]) @definition.variable)
  (preproc_if (declaration declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (init_declarator declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
    ])
  ]) @definition.variable)
])
; In extern "C" {…}.
(declaration_list (declaration declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)
  (init_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
  ])
]) @definition.variable)

(preproc_include path: [(string_literal (string_content) @name) (system_lib_string) @name] @reference.import
  (#strip! @name "^<") (#strip! @name ">$"))
(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (parenthesized_expression (pointer_expression argument: [
    (identifier) @name
    (field_expression field: (field_identifier) @name)
  ]))
] @reference.call)
(field_expression field: (field_identifier) @name @reference.member)
(field_designator (field_identifier) @name @reference.member)
; Functions and constants in tables.
(initializer_pair value: (identifier) @name @reference.symbol)
(initializer_list (identifier) @name @reference.symbol)
((type_identifier) @name @reference.type)
(macro_type_specifier name: (identifier) @name @reference.macro)
; Macros without arguments and constants of enums, which look alike.
((identifier) @name @reference.macro (#match? @name "^[A-Z][A-Z0-9_]+$"))
