// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "core/model/repo_symbols.hpp"
#include "ranking/anchors.hpp"
#include "ranking/graph_order.hpp"
#include "ranking/pagerank.hpp"
#include "ranking/top_entries.hpp"

namespace repomap {

/// What an order by anchors is made from, all of the same symbols, graph and request. Borrowed.
struct AnchoredInput {
  const RepoSymbols& symbols;
  const ReferenceGraph& graph;
  const PageRank& pagerank;
  const GraphRanks& ranks;
  const Anchors& anchors;
};

/// The order of a map without query text, as RankMode::kAnchored makes it (docs/RANKING.md): a definition's rank is
/// what other files than its own hand on to it, shared among all files that define the name, weighed by path_prior()
/// of its file unless an anchor points there, and halved after each kDefinitionsATurn better ones of the file. Chat
/// files are left out; files without definitions come last, by rank, then path. Gives at least the first `limit`
/// entries, if there are so many; more take longer.
FirstEntries order_by_anchors(const AnchoredInput& input, std::size_t limit);

}  // namespace repomap
