; SPDX-License-Identifier: Apache-2.0
; Elm. Of a qualified name the last part counts. Values of functions' own lets are not tagged; names of values are
; references where they are called or qualified, and constructors everywhere.

(module_declaration name: (upper_case_qid) @name) @definition.module
(type_alias_declaration name: (upper_case_identifier) @name) @definition.type
(type_declaration name: (upper_case_identifier) @name) @definition.type
(union_variant name: (upper_case_identifier) @name) @definition.constructor
(field_type name: (lower_case_identifier) @name) @definition.field
(port_annotation name: (lower_case_identifier) @name) @definition.function
(file (value_declaration
  functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name . pattern: (_)))
  @definition.function)
(file (value_declaration functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name))
  @definition.constant)
(infix_declaration operator: (operator_identifier) @name) @definition.operator

(import_clause moduleName: (upper_case_qid) @name @reference.import)
(exposing_list (exposed_value (lower_case_identifier) @name @reference.symbol))
(exposing_list (exposed_type (upper_case_identifier) @name @reference.type))
(type_ref (upper_case_qid) @name @reference.type
  (#not-any-of? @name "Int" "String" "Bool" "Float" "List" "Char" "Never") (#strip! @name "^.*\\."))
(function_call_expr target: (value_expr name: [(value_qid) (upper_case_qid)] @name @reference.call
  (#strip! @name "^.*\\.")))
(value_expr name: (value_qid) @name @reference.symbol (#match? @name "\\.") (#strip! @name "^.*\\."))
(value_expr name: (upper_case_qid) @name @reference.symbol (#strip! @name "^.*\\."))
(union_pattern constructor: (upper_case_qid) @name @reference.symbol (#strip! @name "^.*\\."))
(field_access_expr (lower_case_identifier) @name @reference.member .)
(infix_declaration (value_expr name: (value_qid) @name @reference.symbol))
