// SPDX-License-Identifier: Apache-2.0
#include "ranking/tag_ranker.hpp"

#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "ranking/anchored_order.hpp"
#include "ranking/anchors.hpp"
#include "ranking/bm25.hpp"
#include "ranking/fused_order.hpp"
#include "ranking/graph_order.hpp"
#include "ranking/pagerank.hpp"
#include "ranking/sub_tokens.hpp"

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

/// The restart vector of a query: half of it goes to the files whose text matches, by their score, and half to the
/// anchors, where there are any.
std::vector<double> personalize(const std::vector<double>& text_scores, const Anchors& anchors) {
  const double text_sum = std::accumulate(text_scores.begin(), text_scores.end(), 0.0);
  const double anchor_sum = std::accumulate(anchors.personalization.begin(), anchors.personalization.end(), 0.0);
  std::vector<double> personalization(text_scores.size(), 0);
  for (std::size_t file = 0; file < text_scores.size(); ++file) {
    personalization[file] += text_sum > 0 ? text_scores[file] / text_sum : 0;
    personalization[file] += anchor_sum > 0 ? anchors.personalization[file] / anchor_sum : 0;
  }
  return personalization;
}

}  // namespace

RankedTags TagRanker::rank(const MapRequest& request, std::size_t entries) const {
  const Anchors anchors = resolve_anchors(symbols_.paths, request);
  const PageRank pagerank(graph_, weigh(symbols_, graph_, anchors, request.rank_mode));
  QueryTerms terms(search_terms(request));
  RankedTags ranked;
  GraphRanks ranks;
  if (terms.all().empty()) {
    std::span<const double> personalization;
    if (anchors.any_personalization) {
      personalization = anchors.personalization;
    }
    ranks = compute_ranks(pagerank, personalization);
    if (request.rank_mode == RankMode::kAider) {
      ranked.entries = order_by_graph(symbols_, graph_, ranks, anchors);
    } else {
      FirstEntries anchored = order_by_anchors({symbols_, graph_, pagerank, ranks, anchors}, entries);
      ranked.entries = std::move(anchored.entries);
      ranked.is_whole = anchored.is_whole;
    }
  } else {
    const Bm25 text(symbols_, terms, names_);
    ranks = compute_ranks(pagerank, personalize(text.file_scores(), anchors));
    FirstEntries fused = order_by_fusion({symbols_, graph_, ranks, text, anchors}, entries);
    ranked.entries = std::move(fused.entries);
    ranked.is_whole = fused.is_whole;
  }
  ranked.file_ranks = std::move(ranks.files);
  return ranked;
}

std::vector<Explanation> TagRanker::explain(const MapRequest& request, const RankedTags& ranked,
                                            std::span<const RankedEntry> entries) const {
  return explain_entries(symbols_, graph_, request, ranked, entries);
}

}  // namespace repomap
