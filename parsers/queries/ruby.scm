; SPDX-License-Identifier: Apache-2.0
; Ruby. Left out: local variables, instance variables first assigned outside initialize. A bare name that is neither an
; argument list's head nor ends in ? or ! may be a local variable or a call: it counts as a call where it is a statement.

(module name: [
  (constant) @name
  (scope_resolution scope: (_) @qualifier name: (constant) @name)
  (scope_resolution !scope name: (constant) @name)
]) @definition.module
(class name: [
  (constant) @name
  (scope_resolution scope: (_) @qualifier name: (constant) @name)
  (scope_resolution !scope name: (constant) @name)
]) @definition.class

(method name: (identifier) @name (#eq? @name "initialize")) @definition.constructor
(method name: (setter) @name) @definition.property
(method name: [(identifier) (constant) (operator)] @name) @definition.method
(singleton_method object: (identifier) @qualifier name: [(identifier) (constant) (setter) (operator)] @name)
  @definition.method
(singleton_method name: [(identifier) (constant) (setter) (operator)] @name) @definition.method
(alias name: [(identifier) (constant) (setter) (operator)] @name) @definition.method
(alias alias: [(identifier) (constant) (setter) (operator)] @name @reference.call)

; Names given as symbols: attributes, methods made at run time, aliases, scopes and associations.
(call
  !receiver
  method: (identifier) @_macro
  arguments: (argument_list [(simple_symbol) @name (string (string_content) @name)] @definition.property)
  (#any-of? @_macro "attr_accessor" "attr_reader" "attr_writer" "attr" "cattr_accessor" "mattr_accessor"
    "class_attribute" "thread_mattr_accessor" "cattr_reader" "mattr_reader")
  (#strip! @name "^:\"?"))
(call
  !receiver
  method: (identifier) @_macro
  arguments: (argument_list . [(simple_symbol) @name (string (string_content) @name)])
  (#any-of? @_macro "define_method" "define_singleton_method" "alias_method" "scope")
  (#strip! @name "^:\"?")) @definition.method
(call
  !receiver
  method: (identifier) @_macro
  arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_macro "has_many" "has_one" "belongs_to" "has_and_belongs_to_many")
  (#strip! @name "^:")) @definition.property
(call
  receiver: (constant) @_struct
  method: (identifier) @_new
  arguments: (argument_list (simple_symbol) @name @definition.property)
  (#any-of? @_struct "Struct" "Data") (#any-of? @_new "new" "define")
  (#strip! @name "^:"))

(assignment
  left: [(constant) @name (scope_resolution scope: (_) @qualifier name: (constant) @name)]
  right: (call receiver: (constant) @_class method: (identifier) @_new)
  (#any-of? @_class "Struct" "Data") (#any-of? @_new "new" "define")) @definition.struct
(assignment
  left: [(constant) @name (scope_resolution scope: (_) @qualifier name: (constant) @name)]
  right: (call receiver: (constant) @_class method: (identifier) @_new)
  (#eq? @_class "Class") (#eq? @_new "new")) @definition.class
(assignment
  left: [(constant) @name (scope_resolution scope: (_) @qualifier name: (constant) @name)]
  right: (call receiver: (constant) @_class method: (identifier) @_new)
  (#eq? @_class "Module") (#eq? @_new "new")) @definition.module
(assignment left: [
  (constant) @name
  (scope_resolution scope: (_) @qualifier name: (constant) @name)
  (left_assignment_list (constant) @name)
]) @definition.constant
(operator_assignment left: (constant) @name) @definition.constant
; To the grammar a constant starts with an ASCII letter. Uses of such a name are no tags.
(assignment left: (identifier) @name (#match? @name "^\\p{Lu}")) @definition.constant

(program (assignment left: (global_variable) @name) @definition.variable)
(body_statement (assignment left: (class_variable) @name) @definition.field)
(method
  name: (identifier) @_initialize
  body: (body_statement [
    (assignment left: (instance_variable) @name)
    (operator_assignment left: (instance_variable) @name)
  ] @definition.field)
  (#eq? @_initialize "initialize"))

(superclass [
  (constant) @name
  (scope_resolution name: (constant) @name)
] @reference.class)
(call
  method: (identifier) @_mixin
  arguments: (argument_list [(constant) @name (scope_resolution name: (constant) @name)] @reference.implementation)
  (#any-of? @_mixin "include" "extend" "prepend"))
(call
  receiver: [(constant) @name (scope_resolution name: (constant) @name)] @reference.class
  method: (identifier) @_new
  (#eq? @_new "new"))
(call
  !receiver
  method: (identifier) @_require
  arguments: (argument_list (string (string_content) @name @reference.import))
  (#any-of? @_require "require" "require_relative" "load" "autoload")
  (#strip! @name "^.*/(?=[^/])") (#strip! @name "\\.rb$"))

; Methods named by symbols.
(block_argument (simple_symbol) @name @reference.call (#strip! @name "^:"))
(call
  method: (identifier) @_macro
  arguments: (argument_list (simple_symbol) @name @reference.call)
  (#match? @_macro "^((before|after|around|skip)_\\w+|validate|method|instance_method|public_send|send|__send__|delegate|private|public|protected|module_function|alias_method|private_class_method|public_class_method|helper_method|respond_to\\?|def_delegators?)$")
  (#match? @name "^:[^@]")
  (#strip! @name "^:"))

((call method: [(identifier) (constant)] @name @reference.call)
  (#not-any-of? @name "new" "require" "require_relative" "attr_accessor" "attr_reader" "attr_writer" "include" "extend"
    "prepend" "private" "public" "protected" "module_function" "lambda" "proc" "loop" "puts" "raise" "autoload" "load"
    "alias_method" "define_method" "private_constant"))
(call method: (operator) @ignore)
((identifier) @name @reference.call (#match? @name "[?!]$"))
(body_statement (identifier) @name @reference.call
  (#not-any-of? @name "private" "protected" "public" "module_function" "raise"))
(then (identifier) @name @reference.call (#not-eq? @name "raise"))
(class_variable) @name @reference.member
(instance_variable) @name @reference.member
(global_variable) @name @reference.symbol
(constant) @name @reference.symbol
