; SPDX-License-Identifier: Apache-2.0
; PowerShell. Names are without the scope before them: $script:berths is berths. Variables are definitions where a
; script assigns them outside of functions; of uses only those with a scope are references. To the grammar the name of
; a variable ends before a letter that is not ASCII.

(function_statement (function_name) @name (#strip! @name "^\\w+:")) @definition.function
(class_statement . (simple_name) @name) @definition.class
(class_statement . (simple_name) @_class (class_method_definition (simple_name) @name) @definition.constructor
  (#eq? @name @_class))
(class_method_definition (simple_name) @name) @definition.method
(class_property_definition (variable) @name (#strip! @name "^\\$")) @definition.property
(enum_statement . (simple_name) @name) @definition.enum
(enum_member . (simple_name) @name) @definition.enum_member
(program (statement_list (pipeline (assignment_expression (left_assignment_expression) @name)) @definition.variable)
  (#match? @name "^(?:\\[[^\\]]*\\]\\s*)?\\$(?:(?i:script|global):)?[\\w\\p{L}]+$")
  (#strip! @name "^(?:\\[[^\\]]*\\]\\s*)?\\$(?:\\w+:)?"))

; The base class and the interfaces.
(class_statement . (simple_name) (simple_name) @name @reference.implementation)
(command (command_name) @_command (command_elements (generic_token) @name @reference.import)
  (#match? @_command "^(?i:import-module|using)$") (#not-any-of? @name "module" "namespace" "assembly")
  (#strip! @name "\\.psm?1$") (#strip! @name "^.*[/\\\\]"))
(command (command_invokation_operator) (command_name_expr (command_name) @name @reference.import)
  (#match? @name "\\.psm?1$") (#strip! @name "\\.psm?1$") (#strip! @name "^.*[/\\\\]"))
(command (command_name) @_command (command_elements . (command_argument_sep) . (generic_token) @name @reference.class)
  (#match? @_command "^(?i:new-object)$") (#strip! @name "^.*\\."))
(command (command_name) @name @reference.call (#not-match? @name "^(?i:param|using|import-module|new-object)$")
  (#match? @name "^[\\p{L}]"))
(invokation_expression (member_name (simple_name) @name @reference.call))
(member_access (member_name (simple_name) @name @reference.member))
(attribute (attribute_name (type_spec) @name @reference.annotation (#strip! @name "^.*\\.")))
(type_literal (type_spec (type_name) @name @reference.type)
  (#not-match? @name "^(?i:string|int|bool|void|object|hashtable|switch|array|long|double|char|byte|datetime|xml)$")
  (#strip! @name "^.*\\."))
((variable) @name @reference.symbol (#match? @name "^\\$(?i:script|global):\\w") (#strip! @name "^\\$\\w+:"))
