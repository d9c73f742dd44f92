; SPDX-License-Identifier: Apache-2.0
; Groovy, with the tasks of Gradle and the stages of Jenkins. The grammar knows no traits, and takes parentheses behind
; the name of a task for an error, and "berth.moor ship" for the declaration of a variable.

(package_declaration (_) @name @definition.package)
(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(annotation_type_declaration name: (identifier) @name) @definition.annotation
(constructor_declaration name: (identifier) @name) @definition.constructor
(method_declaration name: (identifier) @name) @definition.method
(function_definition name: (identifier) @name) @definition.function
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(program (local_variable_declaration
  declarator: (variable_declarator name: (identifier) @name) @definition.variable))
; task dredge { … }, tasks.register('dredge') { … }
(juxt_function_call name: (identifier) @_call args: (argument_list . (identifier) @name) (#eq? @_call "task"))
  @definition.target
(juxt_function_call name: (identifier) @_call args: (argument_list . (method_invocation name: (identifier) @name))
  (#eq? @_call "task")) @definition.target
(method_invocation object: (identifier) @_object name: (identifier) @_call
  arguments: (argument_list . [(character_literal) (string_literal)] @name)
  (#eq? @_object "tasks") (#any-of? @_call "register" "create")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.target
(method_invocation name: (identifier) @_call
  arguments: (argument_list . [(character_literal) (string_literal)] @name) body: (closure)
  (#eq? @_call "stage") (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.label

(import_declaration (_) @name @reference.import (#strip! @name "^[\\s\\S]*\\."))
(superclass (type_identifier) @name @reference.implementation)
(super_interfaces (type_list (type_identifier) @name @reference.implementation))
(object_creation_expression type: (type_identifier) @name @reference.class)
(marker_annotation name: (identifier) @name @reference.annotation)
(annotation name: (identifier) @name @reference.annotation)
((type_identifier) @name @reference.type (#match? @name "^\\p{Lu}") (#not-any-of? @name "String" "Object" "Integer"))
; id 'java', implementation 'org.harbour:tides:1.0'
(juxt_function_call name: (identifier) @_call args: (argument_list . [(character_literal) (string_literal)] @name)
  (#any-of? @_call "id" "implementation" "api" "compileOnly" "runtimeOnly" "testImplementation" "classpath" "compile")
  (#strip! @name "^[\"'](?:[^:\"']*:)?") (#strip! @name "[:\"'].*$")) @reference.import
(juxt_function_call name: (identifier) @name @reference.call (#not-any-of? @name "task" "println" "id"))
(method_invocation name: (identifier) @name @reference.call (#not-any-of? @name "println"))
(field_access field: (identifier) @name @reference.member)
