// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/model/map_request.hpp"
#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/explanation.hpp"
#include "ranking/reference_graph.hpp"

namespace repomap {

class NameIndex;

/// Orders the definitions and files of a repository by how much they matter for a request (docs/RANKING.md).
///
/// Borrows the symbols and what was built from them, which must outlive it. Immutable and pure: any thread may rank at
/// any time, and equal symbols and requests give equal bits, whatever the order in which names were interned.
class TagRanker {
 public:
  /// `names` is the index of the symbols, or null where none is worth making; it changes no rank.
  TagRanker(const RepoSymbols& symbols, const ReferenceGraph& graph, const NameIndex* names = nullptr)
      : symbols_(symbols), graph_(graph), names_(names) {}

  /// The order in which a map is to be filled. RankMode::kAider follows the graph alone. RankMode::kAnchored joins it
  /// with how well the text of the query and the mentioned identifiers matches; without such text both are the same.
  /// Gives all entries, or at least the best `entries` of them if that is faster (RankedTags::is_whole tells).
  RankedTags rank(const MapRequest& request, std::size_t entries = kAllEntries) const;

  static constexpr std::size_t kAllEntries = std::numeric_limits<std::size_t>::max();

  /// Why each of `entries` is where it is. REQUIRES: `ranked` is rank(request), and `entries` are some of its entries.
  std::vector<Explanation> explain(const MapRequest& request, const RankedTags& ranked,
                                   std::span<const RankedEntry> entries) const;

 private:
  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const NameIndex* const names_;
};

}  // namespace repomap
