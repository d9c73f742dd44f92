; SPDX-License-Identifier: Apache-2.0
; CMake. Variables that are set at the level of a file, also under a condition, are definitions; those set inside a
; function are its own. Variables in capitals are references, but not those that CMake itself provides.
; After a syntax error the grammar takes the rest of the file for the text of a bracket; names of commands are ASCII.

(function_def (function_command (argument_list . (argument) @name))
  (#strip! @name "^\"") (#strip! @name "\"$")) @definition.function
(macro_def (macro_command (argument_list . (argument) @name))
  (#strip! @name "^\"") (#strip! @name "\"$")) @definition.macro

(normal_command . (identifier) @_command (argument_list . (argument) @name)
  (#match? @_command "^(?i:add_(?:library|executable|custom_target))$")
  (#strip! @name "^\"") (#strip! @name "\"$")) @definition.target
(normal_command . (identifier) @_command (argument_list . (argument) @name)
  (#match? @_command "^(?i:project)$")
  (#strip! @name "^\"") (#strip! @name "\"$")) @definition.package
(normal_command . (identifier) @_command (argument_list . (argument) @_word . (argument) @name)
  (#match? @_command "^(?i:add_test)$") (#eq? @_word "NAME")
  (#strip! @name "^\"") (#strip! @name "\"$")) @definition.test

(normal_command . (identifier) @_command (argument_list . (argument) @name)
  (#match? @_command "^(?i:option|cmake_dependent_option)$")) @definition.variable
(source_file (normal_command . (identifier) @_command (argument_list . (argument) @name)) @definition.variable
  (#match? @_command "^(?i:set)$") (#match? @name "^\\w+$") (#not-match? @name "^CMAKE_"))
(source_file (if_condition (body
  (normal_command . (identifier) @_command (argument_list . (argument) @name)) @definition.variable))
  (#match? @_command "^(?i:set)$") (#match? @name "^\\w+$") (#not-match? @name "^CMAKE_"))

; The first target is changed by the command, the others are what it needs.
(normal_command . (identifier) @_command (argument_list (argument (unquoted_argument) @name @reference.symbol))
  (#match? @_command "^(?i:target_link_libraries|add_dependencies)$") (#match? @name "^[\\w\\p{L}][\\w\\p{L}:.+-]*$")
  (#not-any-of? @name "PUBLIC" "PRIVATE" "INTERFACE" "debug" "optimized" "general"))
(normal_command . (identifier) @_command (argument_list . (argument (unquoted_argument) @name @reference.symbol))
  (#match? @_command "^(?i:target_\\w+|set_target_properties|get_target_property)$")
  (#match? @name "^[\\w\\p{L}][\\w\\p{L}:.+-]*$"))
(normal_command . (identifier) @_command (argument_list . (argument) @name @reference.import)
  (#match? @_command "^(?i:include|find_package|add_subdirectory)$") (#match? @name "^[^$]*$|^[^{]*\\{[^}]*\\}/[^$]*$")
  (#strip! @name "^\"(?=[^/]*$)|^.*/") (#strip! @name "(?:\\.cmake)?\"?$"))

(normal_command . (identifier) @name @reference.call
  (#not-match? @name "^(?i:add_\\w+|aux_source_directory|block|break|build_command)$")
  (#not-match? @name "^(?i:cmake_(?:host_system_information|language|minimum_required|parse_arguments|path|policy))$")
  (#not-match? @name "^(?i:configure_file|continue|create_test_sourcelist|define_property|enable_\\w+|endblock)$")
  (#not-match? @name "^(?i:execute_process|export|file|find_(?:file|library|package|path|program)|fltk_wrap_ui)$")
  (#not-match? @name "^(?i:get_\\w+|include|include_\\w+|install|link_\\w+|list|load_cache|load_command)$")
  (#not-match? @name "^(?i:mark_as_advanced|math|message|option|project|remove_definitions|return)$")
  (#not-match? @name "^(?i:separate_arguments|set|set_(?:directory|source_files|target|tests)_properties)$")
  (#not-match? @name "^(?i:set_property|site_name|source_group|string|target_\\w+|try_compile|try_run|unset)$")
  (#not-match? @name "^(?i:variable_watch)$"))

((variable) @name @reference.symbol (#match? @name "^[A-Z]\\w+$")
  (#not-match? @name "^(?:CMAKE_|CPACK_|CTEST_|PROJECT_|ARG[CNV]|ARG_|_)"))
([(if_command (argument_list (argument (unquoted_argument) @name @reference.symbol)))
  (elseif_command (argument_list (argument (unquoted_argument) @name @reference.symbol)))]
  (#match? @name "^[A-Z][A-Z0-9]*_[A-Z0-9_]+$")
  (#not-match? @name "^(?:CMAKE_|CPACK_|CTEST_|PROJECT_|ARG_|VERSION_|IN_LIST|IS_)"))
