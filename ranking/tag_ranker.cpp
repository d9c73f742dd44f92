// SPDX-License-Identifier: Apache-2.0
#include "ranking/tag_ranker.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ranking/anchors.hpp"
#include "ranking/graph_order.hpp"
#include "ranking/pagerank.hpp"

namespace repomap {
namespace {

GraphRanks distribute(const PageRank& pagerank, std::vector<double> file_ranks) {
  GraphRanks ranks;
  ranks.identifiers = pagerank.identifier_ranks(file_ranks);
  ranks.lone.reserve(file_ranks.size());
  for (std::uint32_t file = 0; file < file_ranks.size(); ++file) {
    ranks.lone.push_back(pagerank.lone_rank(file, file_ranks[file]));
  }
  ranks.files = std::move(file_ranks);
  return ranks;
}

/// The ranks by the personalization, or, where none of its files is in the graph, without. The second try cannot fail:
/// after n iterations the change is at most 2 · 0.85ⁿ, which the tolerance of one node exceeds before n = 100.
GraphRanks compute_ranks(const PageRank& pagerank, std::span<const double> personalization) {
  std::optional<std::vector<double>> file_ranks = pagerank.compute(personalization);
  if (!file_ranks) {
    file_ranks = pagerank.compute({});
  }
  return distribute(pagerank, *std::move(file_ranks));
}

}  // namespace

RankedTags TagRanker::rank(const MapRequest& request) const {
  const Anchors anchors = resolve_anchors(symbols_.paths, request);
  const PageRank pagerank(graph_, weigh(symbols_, graph_, anchors));
  std::span<const double> personalization;
  if (anchors.any_personalization) {
    personalization = anchors.personalization;
  }
  GraphRanks ranks = compute_ranks(pagerank, personalization);
  RankedTags ranked;
  ranked.entries = order_by_graph(symbols_, graph_, ranks, anchors);
  ranked.file_ranks = std::move(ranks.files);
  return ranked;
}

}  // namespace repomap
