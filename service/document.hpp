// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/document_values.hpp"
#include "core/model/file_tags.hpp"

namespace repomap {

/// The text of one file, saved or not, with its tags and its syntax. All places are byte offsets into text(); any
/// offset is valid, also one behind the end or inside of a character. Texts embedded in another language (a script in
/// HTML) have tags, but no syntax of their own: the surrounding language's tree ends at them.
///
/// Owns all that it tells. Immutable, so thread-safe. What is syntactic is told by rules that know many grammars a
/// little: it can be wrong where only types or macros tell.
class Document {
 public:
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::string& text() const;
  /// The language's name: "cpp".
  const std::string& language() const;
  /// The tags of text(): what Service::file_tags() gives for a file of this content.
  const FileTags& tags() const;

  /// The identifier that contains the byte or, if none does, ends at it. Keywords, literals and comments are none.
  std::optional<ByteRange> identifier_at(std::uint32_t byte) const;

  /// The ranges of the syntax nodes around the byte, innermost first, each larger than the one before; from the
  /// identifier at the byte, if there is one, to the whole text. Empty for an empty text only.
  std::vector<ByteRange> enclosing(std::uint32_t byte) const;

  /// By first line, at most one for each: the longest.
  std::vector<Fold> folds() const;

  /// What the identifier means, if it is bound by a function around it: the innermost one that binds the name as
  /// parameter or local variable, or (a type parameter) around the declaration that has it. Nothing for a name that no
  /// function binds, for a member (`x` in `a.x`), for the label of an argument, and for what `global` declares.
  ///
  /// In C, C++, Objective-C, Go, Rust, Java, C#, Lua, JavaScript and TypeScript the blocks of a function have variables
  /// of their own, and in all but the last two a variable is not known before its declaration. Elsewhere, and in a
  /// function with syntax errors, a function is one scope. Declarations of one name in one block are one binding.
  /// A function, too, must be a kind of node of its own: in Elixir and the Lisps, where it is a call or a list like any
  /// other, nothing is local. Imports inside of a function do not bind, so that they lead to what they import. Nor does
  /// an assignment, in a language that has declarations.
  std::optional<LocalBinding> local_binding(ByteRange identifier) const;

  /// All identifiers with this text, ascending.
  std::vector<ByteRange> occurrences(std::string_view name) const;

  /// The comment above a definition, or the docstring in it, without the marks of a comment: plain text, at most
  /// 4 KiB. Decorators, attributes and annotations may stand between. "" if there is none.
  /// REQUIRES: `definition` is one of tags().
  std::string doc_comment(const Tag& definition) const;

  /// The tag whose name contains the byte or ends at it; a definition before a reference. Null if there is none. It
  /// lives as long as the document.
  const Tag* tag_at(std::uint32_t byte) const;

  /// The place of a byte; of the end of the text for one behind it.
  TextPosition position_of(std::uint32_t byte) const;

  /// The byte at a place, where a column behind the line's end means the end (before "\n" or "\r\n"); nothing for a
  /// line behind the last. A text that ends with "\n" has an empty last line.
  std::optional<std::uint32_t> byte_at(TextPosition position) const;

  /// The line without its end; "" for one behind the last.
  std::string_view line(std::uint32_t line) const;

  /// About how much memory it takes.
  std::uint64_t size_bytes() const;

 private:
  friend class Documents;
  struct State;
  explicit Document(std::unique_ptr<const State> state);

  const std::unique_ptr<const State> state_;
};

}  // namespace repomap
