; SPDX-License-Identifier: Apache-2.0
; CSS. Classes and ids that a rule is about are definitions, without the dot and the hash, so that they meet the class
; and id attributes of pages. Inside :not(.name) and the like they are references, as everything in arguments is. The
; grammar knows no names that begin with a letter beyond Latin-1.

(arguments (class_selector (class_name (identifier) @name)) @reference.symbol)
(arguments (id_selector (id_name) @name) @reference.symbol)
(arguments (class_selector (class_name (identifier) @ignore)))
(arguments (id_selector (id_name) @ignore))
; The first selector of a rule has the extent of its block; the selectors behind it are not within that.
(rule_set (selectors . (class_selector (class_name (identifier) @name))) (block) @definition.selector)
(rule_set (selectors . (id_selector (id_name) @name)) (block) @definition.selector)
(class_selector (class_name (identifier) @name)) @definition.selector
(id_selector (id_name) @name) @definition.selector

(declaration . (property_name) @name (#match? @name "^--")) @definition.variable
(at_rule . (at_keyword) @_keyword . (keyword_query) @name (#eq? @_keyword "@property")) @definition.variable
(keyframes_statement (keyframes_name) @name) @definition.rule
(at_rule . (at_keyword) @_keyword . (keyword_query) @name (#any-of? @_keyword "@layer" "@counter-style" "@container"))
  @definition.rule

(call_expression (function_name) @_function (arguments . (plain_value) @name @reference.symbol)
  (#eq? @_function "var"))
(declaration . (property_name) @_property (plain_value) @name @reference.symbol
  (#match? @_property "^(?:-webkit-)?animation(?:-name)?$")
  (#not-any-of? @name "ease" "ease-in" "ease-out" "ease-in-out" "linear" "infinite" "alternate" "alternate-reverse"
    "forwards" "backwards" "both" "none" "normal" "reverse" "paused" "running" "step-start" "step-end" "inherit"
    "initial" "unset"))
; The name of an imported sheet is the file's, without its extension.
(import_statement [
  (string_value (string_content) @name @reference.import)
  (call_expression (arguments (string_value (string_content) @name @reference.import)))
] (#strip! @name "\\.css.*$") (#strip! @name "^.*/"))
; An element with a hyphen in its name is a custom one.
((tag_name) @name @reference.class (#match? @name "^\\w.*-"))
