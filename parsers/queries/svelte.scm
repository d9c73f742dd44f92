; SPDX-License-Identifier: Apache-2.0
; Svelte. Scripts and plain styles are read as what they are; the markup defines ids and snippets, and refers to
; components, to functions in its expressions, and to classes.

(element . [
  (start_tag (attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name)))
  (self_closing_tag (attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name)))
] (#eq? @_attribute "id")) @definition.anchor
; An element that is not closed.
(attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name)
  (#eq? @_attribute "id")) @definition.anchor
(snippet_statement (snippet_start (snippet_name) @name)) @definition.function

; <Berth/>, <harbour.Berth/>
(start_tag . (tag_name) @name @reference.class (#match? @name "^[A-Z]|[.-]") (#not-match? @name "^svelte:")
  (#strip! @name "^.*\\."))
(self_closing_tag . (tag_name) @name @reference.class (#match? @name "^[A-Z]|[.-]") (#not-match? @name "^svelte:")
  (#strip! @name "^.*\\."))

(render_tag (svelte_raw_text) @name @reference.call (#strip! @name "\\s*[?(][\\s\\S]*$")
  (#strip! @name "^\\s*(?:.*\\.)?"))
(expression (svelte_raw_text) @name @reference.call
  (#match? @name "^\\s*[\\w$.]+\\s*\\(") (#strip! @name "\\s*\\([\\s\\S]*$") (#strip! @name "^\\s*(?:.*\\.)?"))
(html_tag (svelte_raw_text) @name @reference.call
  (#match? @name "^\\s*[\\w$.]+\\s*\\(") (#strip! @name "\\s*\\([\\s\\S]*$") (#strip! @name "^\\s*(?:.*\\.)?"))
; on:click={unload}, {name}
(attribute (expression (svelte_raw_text) @name @reference.symbol
  (#match? @name "^\\s*[A-Za-z_$][\\w$]*\\s*$") (#strip! @name "^\\s+")))
; {unload(ship)} in a text
(each_start identifier: (svelte_raw_text) @name @reference.symbol
  (#match? @name "^\\s*[A-Za-z_$][\\w$]*\\s*$") (#strip! @name "^\\s+"))
; use:tooltip, transition:fade
(attribute (attribute_name) @name @reference.call
  (#match? @name "^(?:use|transition|in|out|animate):\\w") (#strip! @name "^\\w+:") (#strip! @name "[|.].*$"))

(attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name @reference.symbol)
  (#any-of? @_attribute "class" "for" "list" "form") (#strip! @name "^\\s+") (#strip! @name "\\s.*$"))
(attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name @reference.symbol)
  (#eq? @_attribute "href") (#match? @name "^(?!\\w+:)[^#]*#.") (#strip! @name "^[^#]*#"))

(script_element . (start_tag) @_tag (raw_text) @injection.javascript
  (#not-match? @_tag "\\slang\\s*=\\s*[\"']?(?:ts|typescript)\\b"))
(script_element . (start_tag) @_tag (raw_text) @injection.typescript
  (#match? @_tag "\\slang\\s*=\\s*[\"']?(?:ts|typescript)\\b"))
(style_element . (start_tag) @_tag (raw_text) @injection.css
  (#not-match? @_tag "\\slang\\s*=\\s*[\"']?(?:sass|stylus|less|scss)\\b"))
