// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/file_tags.hpp"
#include "parsers/tag_query.hpp"

namespace repomap {

/// What the patterns of a query matched in one file, before it is decided which matches become tags.
/// Used by one thread.
class TagCandidates {
 public:
  /// `text` is the whole file and outlives this. `separator` stands between the names of a scope.
  TagCandidates(std::string_view text, std::string_view separator) : text_(text), separator_(separator) {}

  /// Takes in one accepted match. Patterns of queries added later count as later ones.
  void add(const TagQuery& query, const TSQueryMatch& match);

  /// Says that the query's patterns have all been added.
  void end_query(const TagQuery& query) { first_priority_ += query.pattern_count(); }

  /// Parts of the file in other languages, by language, in the order of the file.
  const std::map<std::string, std::vector<TSRange>>& injections() const { return injections_; }

  /// Decides, and writes tags (sorted) and strings into `tags`.
  void resolve(FileTags& tags);

 private:
  enum class Outcome : std::uint8_t { kDefinition, kReference, kIgnore };

  struct Candidate {
    std::uint32_t name_begin = 0;
    std::uint32_t name_end = 0;
    std::uint32_t priority = 0;  // of the pattern; lower wins
    std::uint32_t extent_begin = 0;
    std::uint32_t extent_end = 0;
    TSPoint position{};
    std::uint32_t end_line = 0;
    StringPool::Id name = 0;
    StringPool::Id qualifier = 0;
    Outcome outcome = Outcome::kReference;
    SymbolKind kind = SymbolKind::kSymbol;
  };

  // A node that lends its name to the scope of what lies within.
  struct Extent {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t name_begin = 0;
    StringPool::Id name = 0;
    StringPool::Id qualifier = 0;
    StringPool::Id path = 0;  // with the enclosing extents' names
  };

  // The captures of one match that matter.
  struct Parts {
    const TSNode* name = nullptr;
    const TSNode* extent = nullptr;
    const TSNode* scope = nullptr;
    std::string qualifier;
    bool is_tag = false;
    Outcome outcome = Outcome::kReference;
    SymbolKind kind = SymbolKind::kSymbol;
  };

  Parts parts_of(const TagQuery& query, const TSQueryMatch& match);
  StringPool::Id intern_name(const TagQuery& query, std::uint16_t pattern, std::string_view name);
  void drop_losers();
  StringPool::Id join(StringPool::Id scope, StringPool::Id name, StringPool::Id qualifier);
  StringPool::Id signature_at(std::uint32_t byte);
  void open_extents(std::uint32_t position, std::size_t& next, std::vector<std::size_t>& open);

  const std::string_view text_;
  const std::string separator_;
  std::uint32_t first_priority_ = 0;
  std::vector<Candidate> candidates_;
  std::vector<Extent> extents_;
  std::map<std::string, std::vector<TSRange>> injections_;
  StringPool strings_;
};

}  // namespace repomap
