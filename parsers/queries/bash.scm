; SPDX-License-Identifier: Apache-2.0
; Bash and its relatives. Left out: what functions assign, variables of a lower-case name as references (nearly all are
; local), built-in commands.

(function_definition name: (word) @name) @definition.function

(command
  name: (command_name (word) @_alias)
  argument: [(concatenation . (word) @name) (word) @name]
  (#eq? @_alias "alias") (#match? @name "^[^-].*=") (#strip! @name "=.*$")) @definition.macro

(declaration_command "readonly" (variable_assignment name: (variable_name) @name) @definition.constant)
(program (declaration_command
  (word) @_flags
  (variable_assignment name: (variable_name) @name) @definition.constant
  (#match? @_flags "^-[a-zA-Z]*r")))
(program [
  (variable_assignment name: (variable_name) @name)
  (declaration_command (variable_assignment name: (variable_name) @name))
] @definition.variable)

(command
  name: (command_name (word) @_source)
  .
  argument: [(word) (string) (raw_string) (concatenation)] @name @reference.import
  (#any-of? @_source "source" ".")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$") (#strip! @name "^.*/"))
(command
  name: (command_name (word) @_trap)
  .
  argument: [(word) @name (raw_string) @name (string (string_content) @name)] @reference.call
  (#eq? @_trap "trap") (#match? @name "^['\"]?[\\p{Ll}_][^\\s$;|&]*([\\s;].*)?$")
  (#strip! @name "^[\"']") (#strip! @name "[\\s;\"'].*$"))
((command name: (command_name (word) @name @reference.call))
  (#not-any-of? @name "echo" "cd" "exit" "return" "set" "test" "[" ":" "true" "false" "printf" "shift" "eval" "exec"
    "read" "trap" "source" "." "alias" "unalias" "break" "continue" "wait" "kill" "pushd" "popd" "getopts" "command"
    "builtin" "shopt" "type" "umask" "ulimit" "hash" "let" "unset" "export" "local" "mapfile" "readarray"))

; export -f name, declare -x NAME
(declaration_command (word) @_flag (variable_name) @name @reference.call (#match? @_flag "^-\\w*f"))
(declaration_command (variable_name) @name @reference.symbol (#match? @name "^_*\\p{Lu}"))

(simple_expansion (variable_name) @name @reference.symbol (#match? @name "^_*\\p{Lu}"))
(expansion (variable_name) @name @reference.symbol (#match? @name "^_*\\p{Lu}"))
(expansion (subscript name: (variable_name) @name @reference.symbol) (#match? @name "^_*\\p{Lu}"))
