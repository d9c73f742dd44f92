// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/anchors.hpp"
#include "ranking/pagerank.hpp"

namespace repomap {

/// The ranks that a walk over the graph gives under one request.
struct GraphRanks {
  std::vector<double> files;        ///< for each path; 0 for a file without edges
  std::vector<double> identifiers;  ///< for each shared identifier: the rank of each of its definitions
  std::vector<double> lone;         ///< for each path: the rank of each of its lone definitions
};

/// The order of a map that follows the graph alone, chat files left out: first important files that have no definition
/// to rank, by path; then definitions by falling rank, equal ones by path, then name, as bytes; then the other files of
/// the graph by falling rank, equal ones by path; then all other files by path.
/// REQUIRES: `graph` was built from `symbols`, and `ranks` and `anchors` belong to both.
std::vector<RankedEntry> order_by_graph(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                        const GraphRanks& ranks, const Anchors& anchors);

}  // namespace repomap
