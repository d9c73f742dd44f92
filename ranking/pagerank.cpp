// SPDX-License-Identifier: Apache-2.0
//
// The graph is a Boost graph; the power iteration is ours, because boost::page_rank knows neither edge weights nor a
// personal restart vector, and because the graph is factorised through the identifiers: one step of the walk is two
// walks over the rows, files to identifiers (gather) and identifiers to their definers (spread). The rows are walked in
// the order of the vertices, so each identifier sums over its referencers in file order, and each file over its
// definitions in the order of the identifiers.
#include "ranking/pagerank.hpp"

#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

namespace repomap {
namespace {

/// The share of each file in the restart; empty if nothing has weight.
std::vector<double> restart_vector(const ReferenceGraph& graph, std::span<const double> personalization) {
  std::vector<double> restart(graph.file_count(), 0);
  double sum = 0;
  for (std::uint32_t file = 0; file < graph.file_count(); ++file) {
    if (graph.has_edges(file)) {
      restart[file] = personalization.empty() ? 1 : personalization[file];
      sum += restart[file];
    }
  }
  if (sum == 0) {
    return {};
  }
  for (double& value : restart) {
    value /= sum;
  }
  return restart;
}

std::vector<double> start_vector(const ReferenceGraph& graph) {
  std::vector<double> ranks(graph.file_count(), 0);
  for (std::uint32_t file = 0; file < graph.file_count(); ++file) {
    ranks[file] = graph.has_edges(file) ? 1 / static_cast<double>(graph.node_count()) : 0;
  }
  return ranks;
}

}  // namespace

PageRank::PageRank(const ReferenceGraph& graph, RequestWeights weights)
    : graph_(graph), weights_(std::move(weights)), share_(graph.file_count(), 0), lone_(graph.file_count(), 0) {
  assert(weights_.identifiers.size() == graph.shared_count() && weights_.referencers.size() == graph.file_count());
  const ReferenceGraph::Structure& structure = graph_.structure();
  const std::span<const double> root_counts = graph_.root_counts();
  // An identifier's row has one edge for each definer, so a reference to it is that many edges of the unfactorised
  // graph.
  std::vector<double> weight_of_reference(graph.shared_count());
  const auto first = static_cast<ReferenceGraph::Vertex>(graph.file_count());
  for (std::uint32_t shared = 0; shared < graph.shared_count(); ++shared) {
    weight_of_reference[shared] =
        weights_.identifiers[shared] * static_cast<double>(out_degree(first + shared, structure));
  }
  for (std::uint32_t file = 0; file < graph.file_count(); ++file) {
    double sum = 0;
    for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
      sum +=
          root_counts[get(boost::edge_index, structure, *edge)] * weight_of_reference[target(*edge, structure) - first];
    }
    const double lone = static_cast<double>(graph.lone_definitions(file).size());
    const double total = sum * weights_.referencers[file] + lone * ReferenceGraph::kLoneWeight;
    if (total > 0) {
      share_[file] = weights_.referencers[file] / total;
      lone_[file] = ReferenceGraph::kLoneWeight / total;
    } else if (graph.has_edges(file)) {
      dangling_.push_back(file);
    }
  }
}

void PageRank::gather(std::span<const double> file_ranks, std::vector<double>& identifier_ranks) const {
  const ReferenceGraph::Structure& structure = graph_.structure();
  const double* const root_counts = graph_.root_counts().data();
  const auto first = static_cast<ReferenceGraph::Vertex>(graph_.file_count());
  identifier_ranks.assign(graph_.shared_count(), 0);
  double* const sums = identifier_ranks.data();
  for (ReferenceGraph::Vertex file = 0; file < first; ++file) {
    const double handed_on = file_ranks[file] * share_[file];
    for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
      sums[target(*edge, structure) - first] += handed_on * root_counts[get(boost::edge_index, structure, *edge)];
    }
  }
  for (std::size_t shared = 0; shared < identifier_ranks.size(); ++shared) {
    identifier_ranks[shared] *= weights_.identifiers[shared];
  }
}

void PageRank::spread(std::span<const double> identifier_ranks, std::span<const double> file_ranks,
                      std::vector<double>& next) const {
  const ReferenceGraph::Structure& structure = graph_.structure();
  const auto first = static_cast<ReferenceGraph::Vertex>(graph_.file_count());
  for (std::uint32_t file = 0; file < first; ++file) {
    next[file] = lone_rank(file, file_ranks[file]) * static_cast<double>(graph_.lone_definitions(file).size());
  }
  for (std::uint32_t shared = 0; shared < identifier_ranks.size(); ++shared) {
    const double rank = identifier_ranks[shared];
    for (auto [definer, end] = adjacent_vertices(first + shared, structure); definer != end; ++definer) {
      next[*definer] += rank;
    }
  }
}

std::optional<std::vector<double>> PageRank::compute(std::span<const double> personalization,
                                                     const PageRankSettings& settings) const {
  if (graph_.node_count() == 0) {
    return std::vector<double>(graph_.file_count(), 0);
  }
  const std::vector<double> restart = restart_vector(graph_, personalization);
  if (restart.empty()) {
    return std::nullopt;
  }
  std::vector<double> ranks = start_vector(graph_);
  std::vector<double> next(ranks.size());
  std::vector<double> through;
  const double enough = static_cast<double>(graph_.node_count()) * settings.tolerance;
  for (std::size_t iteration = 0; iteration < settings.max_iterations; ++iteration) {
    gather(ranks, through);
    spread(through, ranks, next);
    const double dangling = std::accumulate(dangling_.begin(), dangling_.end(), 0.0,
                                            [&ranks](double sum, std::uint32_t file) { return sum + ranks[file]; });
    double change = 0;
    for (std::size_t file = 0; file < next.size(); ++file) {
      next[file] = settings.damping * (next[file] + dangling * restart[file]) + (1 - settings.damping) * restart[file];
      change += std::abs(next[file] - ranks[file]);
    }
    ranks.swap(next);
    if (change < enough) {
      return ranks;
    }
  }
  return std::nullopt;
}

std::vector<double> PageRank::identifier_ranks(std::span<const double> file_ranks) const {
  std::vector<double> ranks;
  gather(file_ranks, ranks);
  return ranks;
}

double PageRank::lone_rank(std::uint32_t file, double file_rank) const { return file_rank * lone_[file]; }

double PageRank::contribution(std::uint32_t file, double file_rank, std::uint32_t shared, double root_count) const {
  return file_rank * share_[file] * root_count * weights_.identifiers[shared];
}

}  // namespace repomap
