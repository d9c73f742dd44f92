; SPDX-License-Identifier: Apache-2.0
; Markdown, its blocks. A heading is the definition of its section; the sections below an underlined heading are not
; nested in it by the grammar. What stands in a paragraph, a heading or a cell is the work of markdown_inline, and a
; block of HTML that of html. Code in fences is an example, not part of the project, and gives no tags.

; The name is without an explicit {#id}, tags, and the back quotes around a name of code that is all of the heading.
(section . (atx_heading heading_content: (inline) @name) @_heading
  (#strip! @name "\\s*(?:\\{[^{}]*\\})?[\\s#]*$") (#strip! @name "\\s*<.*$")
  (#strip! @name "^`(?=[^`]+`$)") (#strip! @name "^[^`]+\\K`$")) @definition.section
(section . (setext_heading heading_content: (paragraph (inline) @name))
  (#strip! @name "\\s*\\{[^{}]*\\}\\s*$") (#strip! @name "\\s*<.*$")) @definition.section

; The label is what the text refers to: [label]: destination.
(link_reference_definition (link_label) @name (#not-match? @name "^\\[\\^") (#strip! @name "^\\[")
  (#strip! @name "\\]$"))
  @definition.anchor

; [label]: #fragment
(link_reference_definition (link_destination) @name @reference.symbol
  (#match? @name "^(?!\\w+:)[^#]*#.") (#strip! @name "^[^#]*#"))

((inline) @injection.markdown_inline)
((pipe_table_cell) @injection.markdown_inline)
((html_block) @injection.html)
