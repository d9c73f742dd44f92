; inherits: typescript
; SPDX-License-Identifier: Apache-2.0
; Components; lower-case tags are HTML's.
([
  (jsx_opening_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
  (jsx_self_closing_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
] @reference.class (#match? @name "^\\p{Lu}"))
(jsx_closing_element name: [(identifier) @ignore (member_expression object: (_) @ignore)])
(jsx_closing_element name: (member_expression property: (property_identifier) @ignore))
