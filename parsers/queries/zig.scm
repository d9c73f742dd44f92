; SPDX-License-Identifier: Apache-2.0
; Zig. A type is the value of a constant. Constants and variables of functions are not tagged; an identifier that
; begins with a capital is a type by the language's convention.

(variable_declaration . (identifier) @name (struct_declaration)) @definition.struct
(variable_declaration . (identifier) @name (enum_declaration)) @definition.enum
(variable_declaration . (identifier) @name (union_declaration)) @definition.union
(variable_declaration . (identifier) @name (opaque_declaration)) @definition.type
(variable_declaration . (identifier) @name (error_set_declaration)) @definition.enum
; The name of an imported file is bound to that file.
(variable_declaration . (identifier) @ignore
  (builtin_function (builtin_identifier) @_function (#eq? @_function "@import")))
(source_file (variable_declaration . (string)? . (identifier) @name) @definition.variable
  (#not-eq? @name "_") (#strip! @name "^@\"") (#strip! @name "\"$"))
(struct_declaration (variable_declaration . (identifier) @name) @definition.variable)
(enum_declaration (variable_declaration . (identifier) @name) @definition.variable)
(union_declaration (variable_declaration . (identifier) @name) @definition.variable)
(opaque_declaration (variable_declaration . (identifier) @name) @definition.variable)

(source_file (function_declaration name: (identifier) @name body: (_)) @definition.function)
(struct_declaration (function_declaration name: (identifier) @name) @definition.method)
(enum_declaration (function_declaration name: (identifier) @name) @definition.method)
(union_declaration (function_declaration name: (identifier) @name) @definition.method)
(opaque_declaration (function_declaration name: (identifier) @name) @definition.method)
(enum_declaration (container_field name: (identifier) @name) @definition.enum_member)
(container_field name: (identifier) @name) @definition.field
(error_set_declaration (identifier) @name @definition.enum_member)
(test_declaration (string (string_content) @name)) @definition.test

(builtin_function (builtin_identifier) @_function (arguments (string (string_content) @name @reference.import))
  (#any-of? @_function "@import" "@cImport" "@embedFile") (#strip! @name "\\.zig$") (#strip! @name "^.*/"))
(struct_initializer (identifier) @name @reference.class)
(struct_initializer (field_expression member: (identifier) @name @reference.class))
(call_expression function: (identifier) @name @reference.call)
(call_expression function: (field_expression member: (identifier) @name @reference.call))
(error_type (identifier) @name @reference.symbol)
(test_declaration (identifier) @name @reference.symbol)
(field_expression member: (identifier) @name @reference.type (#match? @name "^\\p{Lu}[\\p{L}\\d_]"))
(field_expression member: (identifier) @name @reference.member)
((identifier) @name @reference.type (#match? @name "^\\p{Lu}[\\p{L}\\d_]"))
