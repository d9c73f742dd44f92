// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/anchors.hpp"
#include "ranking/graph_order.hpp"
#include "ranking/pagerank.hpp"

namespace repomap {

/// The order of a map without query text, as RankMode::kAnchored makes it (docs/RANKING.md): a definition's rank is
/// what other files than its own hand on to it, shared among all files that define the name, weighed by path_prior()
/// of its file unless an anchor points there, and halved after each kDefinitionsATurn better ones of the file. Chat
/// files are left out; files without definitions come last, by rank, then path. REQUIRES: `graph` was built from
/// `symbols`; `pagerank`, `ranks` and `anchors` belong to both.
std::vector<RankedEntry> order_by_anchors(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                          const PageRank& pagerank, const GraphRanks& ranks, const Anchors& anchors);

}  // namespace repomap
