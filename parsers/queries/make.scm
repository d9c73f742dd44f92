; SPDX-License-Identifier: Apache-2.0
; Make. Targets and variables; += adds to a variable that is defined elsewhere, so it is a reference to it. Variables
; set for one target only are left out.

; A variable in the name of the variable that is assigned: obj-$(CONFIG_CRANES) += crane.o
; hide: (?m)^[\w-]+\K\$[({][\w-]+[)}](?=[\w-]*[ \t]*(?:[+?!]|::?)?=)

(variable_assignment target_or_pattern: (_) name: (word) @ignore)
(variable_assignment name: (word) @name operator: ["=" ":=" "::=" "?="] (#not-match? @name "-$"))
  @definition.variable
(shell_assignment name: (word) @name) @definition.variable
(define_directive name: (word) @name) @definition.macro

; .PHONY and its kind only say something about the targets that they name.
(rule (targets (word) @_target) normal: (prerequisites (word) @ignore) (#match? @_target "^\\.[A-Z_]+$"))
; Of several targets none is within the other, so only a single one has the extent of its rule.
(rule (targets . (word) @name .) (#match? @name "%")) @definition.rule
(rule (targets . (word) @name .) (#match? @name "^[\\w./@]") (#not-match? @name "^\\.[A-Z_]+$")) @definition.target
(targets (word) @name @definition.rule (#match? @name "%"))
(targets (word) @name @definition.target (#match? @name "^[\\w./@]") (#not-match? @name "^\\.[A-Z_]+$"))

(variable_assignment name: (word) @name @reference.symbol operator: "+=" (#not-match? @name "-$"))
(variable_reference (word) @name @reference.symbol
  (#not-any-of? @name "MAKE" "CURDIR" "MAKEFLAGS" "MAKEFILE_LIST" "MAKECMDGOALS" "SHELL") (#not-match? @name "^\\d+$"))
(function_call function: "call" (arguments . argument: (text) @name) (#match? @name "^[\\w.-]+(?:,|$)")
  (#strip! @name ",[\\s\\S]*$")) @reference.call
(prerequisites (word) @name @reference.symbol (#not-match? @name "%|^[./]+$|^-"))
(include_directive filenames: (list (word) @name @reference.import (#not-match? @name "[*?]")
  (#strip! @name "\\.(?:mk|mak|make)$") (#strip! @name "^.*/")))
