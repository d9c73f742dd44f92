// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/symbol_kind.hpp"
#include "parsers/pattern_matcher.hpp"
#include "parsers/query_parser.hpp"
#include "parsers/query_source.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {

/// What a capture of a tag query means; the convention is in docs/QUERIES.md.
enum class CaptureRole : std::uint8_t {
  kUnused,      ///< only a predicate looks at it
  kName,        ///< @name: the node whose text is the symbol's name
  kDefinition,  ///< @definition.<kind>: the extent of the definition
  kReference,   ///< @reference.<kind>
  kScope,       ///< @scope: an extent that lends its @name to the scopes of what lies within, and is no tag itself
  kQualifier,   ///< @qualifier: a node whose text stands between the enclosing scope and the name
  kIgnore,      ///< @ignore: later patterns make no tag of this name
  kInjection,   ///< @injection.<language>: text of another language
};

struct Capture {
  CaptureRole role = CaptureRole::kUnused;
  bool is_name = false;  ///< @name.definition.<kind>, which is both
  SymbolKind kind = SymbolKind::kSymbol;
  std::string language;  ///< of an injection
};

/// A compiled tags.scm: the query, the meaning of its captures, and its predicates, which the core library parses but
/// does not evaluate. Immutable, so thread-safe.
class TagQuery {
 public:
  /// Does not find out that the grammar allows no structure of a pattern: LanguageRegistry::check() does.
  /// Errors: kInvalidArgument with line, column and the offending text; an unknown kind or predicate is one too.
  static Result<std::unique_ptr<TagQuery>> compile(const TSLanguage* language, const QuerySource& source);
  ~TagQuery();
  TagQuery(const TagQuery&) = delete;
  TagQuery& operator=(const TagQuery&) = delete;

  const PatternMatcher& matcher() const { return *matcher_; }
  std::uint32_t pattern_count() const { return static_cast<std::uint32_t>(predicates_.size()); }
  std::uint32_t capture_count() const { return static_cast<std::uint32_t>(captures_.size()); }
  const Capture& capture(std::uint32_t index) const { return captures_[index]; }

  /// Whether the match's captures satisfy all predicates of its pattern. `text` is the whole parsed text.
  bool accepts(const TSQueryMatch& match, std::string_view text) const;

  /// Whether the pattern has a #strip! directive for its name.
  bool strips(std::uint16_t pattern) const { return strips_[pattern]; }

  /// The name as the pattern's #strip! directives leave it.
  std::string strip(std::uint16_t pattern, std::string_view name) const;

 private:
  struct Predicate;
  TagQuery();

  Status read_captures(const ParsedQuery& parsed, const QuerySource& source);
  Status read_predicates(const ParsedQuery& parsed, const QuerySource& source);
  Status add_predicate(std::size_t pattern, const QueryPredicate& parsed);

  std::unique_ptr<PatternMatcher> matcher_;
  std::vector<Capture> captures_;
  std::vector<std::vector<Predicate>> predicates_;  // by pattern
  std::vector<bool> strips_;                        // by pattern
};

}  // namespace repomap
