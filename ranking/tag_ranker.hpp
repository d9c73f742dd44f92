// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/map_request.hpp"
#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/reference_graph.hpp"

namespace repomap {

/// Orders the definitions and files of a repository by how much they matter for a request (docs/RANKING.md).
///
/// Borrows the symbols and the graph built from them, which must outlive it. Immutable and pure: any thread may rank at
/// any time, and equal symbols and requests give equal bits, whatever the order in which names were interned.
class TagRanker {
 public:
  TagRanker(const RepoSymbols& symbols, const ReferenceGraph& graph) : symbols_(symbols), graph_(graph) {}

  /// The order in which a map is to be filled, by the graph alone.
  RankedTags rank(const MapRequest& request) const;

 private:
  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
};

}  // namespace repomap
