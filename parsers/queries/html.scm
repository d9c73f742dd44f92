; SPDX-License-Identifier: Apache-2.0
; HTML. Ids are what a page defines; its scripts and styles are read as what they are. Of an attribute with several
; classes or ids the first counts, as one node gives one tag.

(element . [
  (start_tag (attribute (attribute_name) @_attribute
    [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))
  (self_closing_tag (attribute (attribute_name) @_attribute
    [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))
] (#eq? @_attribute "id")) @definition.anchor
; An element that is not closed, as in the first half of a page, is none to the grammar; its start tag stands alone.
(attribute (attribute_name) @_attribute
  [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]
  (#eq? @_attribute "id")) @definition.anchor
; The anchors of old.
(start_tag . (tag_name) @_tag (attribute (attribute_name) @_attribute
  [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]) @definition.anchor
  (#any-of? @_tag "a" "map") (#eq? @_attribute "name"))

(attribute (attribute_name) @_attribute [
  (attribute_value) @name @reference.symbol
  (quoted_attribute_value (attribute_value) @name @reference.symbol)
] (#any-of? @_attribute "class" "for" "list" "form" "headers" "aria-labelledby" "aria-describedby" "aria-controls"
    "aria-owns" "aria-details" "popovertarget")
  (#strip! @name "^\\s+") (#strip! @name "\\s.*$"))
(attribute (attribute_name) @_attribute [
  (attribute_value) @name @reference.symbol
  (quoted_attribute_value (attribute_value) @name @reference.symbol)
] (#any-of? @_attribute "href" "xlink:href" "usemap" "data-target" "data-bs-target" "hx-target")
  (#match? @name "^(?!\\w+:)[^#]*#.")
  (#strip! @name "^[^#]*#"))
; onclick="open(event)"
(attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name @reference.call)
  (#match? @_attribute "^on[a-z]+$") (#match? @name "^\\s*(?:return\\s+)?[\\w$.]+\\s*\\(")
  (#strip! @name "\\s*\\([\\s\\S]*$") (#strip! @name "^\\s*(?:return\\s+)?(?:[\\w$]+\\.)*"))

; An element with a hyphen in its name is a custom one.
(start_tag . (tag_name) @name @reference.class (#match? @name "-"))
(self_closing_tag . (tag_name) @name @reference.class (#match? @name "-"))

; A script of another type is data or a template.
(script_element . (start_tag) @_tag (raw_text) @injection.javascript
  (#not-match? @_tag "\\stype\\s*=\\s*[\"']?(?!module\\b|(?:text|application)/(?:x-)?(?:java|ecma)script)[a-z]"))
(style_element (raw_text) @injection.css)
