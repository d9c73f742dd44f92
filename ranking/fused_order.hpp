// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "core/model/repo_symbols.hpp"
#include "ranking/bm25.hpp"
#include "ranking/graph_order.hpp"
#include "ranking/top_entries.hpp"

namespace repomap {

/// What a fused order is made from, all of the same symbols, graph and request. Borrowed.
struct FusionInput {
  const RepoSymbols& symbols;
  const ReferenceGraph& graph;
  const GraphRanks& ranks;
  const Bm25& text;
  const Anchors& anchors;
};

/// The order of a map that answers a query: files by reciprocal rank fusion (Cormack, Clarke and Büttcher 2009) of
/// their text score and their rank in the graph, with their best definitions spread over the order (docs/RANKING.md).
/// Chat files are left out. Gives at least the first `limit` entries, if there are so many; more take longer.
FirstEntries order_by_fusion(const FusionInput& input, std::size_t limit);

}  // namespace repomap
