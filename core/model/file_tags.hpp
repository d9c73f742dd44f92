// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/model/symbol_kind.hpp"

namespace repomap {

/// A set of distinct strings in one block of memory, named by dense ids in the order of insertion. Id 0 is "".
/// Thread-compatible.
class StringPool {
 public:
  using Id = std::uint32_t;

  /// The id of `text`, which is added if it is new.
  Id add(std::string_view text);

  /// REQUIRES: id < size(). The view lives as long as the pool is not changed.
  std::string_view at(Id id) const;

  std::size_t size() const { return ends_.size() + 1; }

  /// Frees what only add() needs. Later calls of add() still work, and are slow once.
  void seal();

  /// All strings but "", end to end in the order of their ids.
  std::string_view bytes() const { return bytes_; }

  /// The end in bytes() of each string but "": that of id i is ends()[i - 1].
  std::span<const std::uint32_t> ends() const { return ends_; }

  /// The sealed pool that has these bytes() and ends(). Strings are not compared: where two are equal, add() gives the
  /// id of one of them. Errors: kCorrupt if the ends do not rise from above 0 to bytes.size().
  static Result<StringPool> restore(std::string bytes, std::vector<std::uint32_t> ends);

 private:
  void grow_table(std::size_t slots);

  std::string bytes_;
  std::vector<std::uint32_t> ends_;    // ends_[i] is the end of string i + 1 in bytes_
  std::vector<StringPool::Id> slots_;  // open-addressing hash table of ids, 0 is free
};

/// One occurrence of a symbol in a file. Lines and columns are 0-based, columns count bytes.
struct Tag {
  StringPool::Id name = 0;   ///< in FileTags::strings
  StringPool::Id scope = 0;  ///< the enclosing definitions' names, outermost first, joined by the language's separator
  StringPool::Id signature = 0;  ///< the source line of the name, trimmed; "" for references
  std::uint32_t line = 0;        ///< of the name
  std::uint32_t column = 0;      ///< of the name
  std::uint32_t end_line = 0;    ///< last line of the definition; of the name for references
  Role role = Role::kDefinition;
  SymbolKind kind = SymbolKind::kSymbol;
};

/// A line on which syntax nodes of several lines start, as far as rendering needs to know them. Lines are 0-based.
struct ScopeSpan {
  std::uint32_t start = 0;       ///< the line on which the nodes start
  std::uint32_t last = 0;        ///< the last line of the longest of them
  std::uint32_t header_end = 0;  ///< one past the last line of the header shown for this scope

  friend bool operator==(const ScopeSpan&, const ScopeSpan&) = default;
};

/// Everything that is extracted from one file: its tags and the spans of its multi-line nodes.
/// Immutable once extracted, so readers on any thread may share it.
struct FileTags {
  Digest content;  ///< of the text
  std::string language;
  std::vector<Tag> tags;          ///< by (line, column, role, name)
  std::vector<ScopeSpan> scopes;  ///< by start, one for each start line
  StringPool strings;             ///< names, scopes and signatures
  std::uint32_t line_count = 0;
  bool has_syntax_errors = false;

  /// The same without its references and their strings: what a map, once ranked, needs of a file.
  FileTags outline() const;

  std::string_view name(const Tag& tag) const { return strings.at(tag.name); }
  std::string_view scope(const Tag& tag) const { return strings.at(tag.scope); }
  std::string_view signature(const Tag& tag) const { return strings.at(tag.signature); }
};

}  // namespace repomap
