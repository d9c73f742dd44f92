// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "parsers/pattern_compiler.hpp"
#include "parsers/query_parser.hpp"
#include "parsers/query_source.hpp"
#include "parsers/syntax_parser.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {

/// The library's own query of `text`, which is the source's, or parts of it at their places. Takes up to half a second
/// for the largest grammars, because it looks for structures that the grammar does not allow.
/// Errors: kInvalidArgument with the place and what is wrong there.
Result<QueryHandle> compile_library_query(const TSLanguage* language, const QuerySource& source, std::string_view text);

/// Finds the matches of a query's patterns in a tree: the ones that ts_query_cursor_next_match gives for the same
/// query, at a fraction of its time, and without the seconds that ts_query_new may take.
///
/// One walk looks, at each node, for paths whose pivot it may be, and from there upward, so that nothing is kept
/// between nodes but the way to the root. Patterns that have no such form are left to the library's query, which is run
/// only on the nodes of their root's symbol where that can be.
///
/// Matches without a capture are not reported. Immutable, so thread-safe.
class PatternMatcher {
 public:
  using Sink = std::function<void(const TSQueryMatch&)>;

  /// Errors: kInvalidArgument with the place, for a fallback pattern that the library refuses.
  static Result<std::unique_ptr<PatternMatcher>> compile(const TSLanguage* language, const ParsedQuery& query,
                                                         const QuerySource& source);

  /// Gives each match, whose captures live for that call, to `sink`: by the node of the pivot in the order of the text,
  /// then by pattern; those of fallbacks earlier or later. The tree must not be used by another thread meanwhile.
  /// Iterative, so the depth of the tree is not limited by the stack. Errors: kLimitExceeded at the deadline.
  Status for_each_match(TSNode root, const Deadline& deadline, const Sink& sink) const;

  /// How many patterns are left to the library.
  std::size_t fallback_count() const { return fallback_count_; }

  /// A library query of some of the patterns, and what its ids stand for.
  struct LibraryQuery {
    QueryHandle query;
    std::vector<std::uint16_t> patterns;  ///< by its own pattern index
    std::vector<std::uint16_t> captures;  ///< by its own capture id
  };

 private:
  PatternMatcher() = default;

  static Result<LibraryQuery> compile_some(const TSLanguage* language, const ParsedQuery& query,
                                           const QuerySource& source, const std::vector<std::uint16_t>& patterns);

  PatternTable table_;
  LibraryQuery local_;
  LibraryQuery whole_;
  std::vector<bool> is_local_root_;  // by slot_of(symbol); empty for no local fallbacks
  std::size_t fallback_count_ = 0;
};

}  // namespace repomap
