; SPDX-License-Identifier: Apache-2.0
; Markdown, the text inside paragraphs. References are uses of link labels and the fragments of links, which meet the
; anchors and ids of the same name. Footnotes are no part of the grammar, and local to a page anyway. A fragment made
; from a heading's text (#getting-started) is not the heading's name, so it finds its section only where they are the
; same.

(full_reference_link (link_label) @name @reference.symbol (#strip! @name "^\\[") (#strip! @name "\\]$"))
(collapsed_reference_link (link_text) @name @reference.symbol)
; [text] is a link only where the label is defined; a blank or a mark of a task list is none.
(shortcut_link (link_text) @name @reference.symbol (#match? @name "^[\\p{L}\\d].|^\\d$"))
(inline_link (link_destination) @name @reference.symbol (#match? @name "^(?!\\w+:)[^#]*#.") (#strip! @name "^[^#]*#"))

((html_tag) @name @definition.anchor
  (#match? @name "^<\\w+\\s+(?:name|id)\\s*=\\s*[\"'][^\"']+[\"']")
  (#strip! @name "^<\\w+\\s+(?:name|id)\\s*=\\s*[\"']") (#strip! @name "[\"'].*$"))
