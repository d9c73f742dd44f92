// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ranking/reference_graph.hpp"

namespace repomap {

/// When the power iteration stops; the defaults are NetworkX's.
struct PageRankSettings {
  double damping = 0.85;
  double tolerance = 1e-6;  ///< of the L1 change in one iteration, for each node
  std::size_t max_iterations = 100;
};

/// What a request adds to the weights of a graph.
struct RequestWeights {
  std::vector<double> identifiers;  ///< for each shared identifier: the weight of one reference to it
  std::vector<double> referencers;  ///< for each file: a factor on all its references
};

/// PageRank (Page, Brin, Motwani, Winograd 1999) over the files of a ReferenceGraph, with edge weights and a personal
/// restart vector, by the rules of NetworkX's `pagerank`: start at 1/N, dangling nodes follow the restart vector, stop
/// when the L1 change is below N times the tolerance. The edge of referencer r to a definer of identifier i, which r
/// mentions n times, weighs identifiers[i] · referencers[r] · √n; a lone definition weighs kLoneWeight.
///
/// Borrows the graph, which must outlive it. Immutable: any thread may compute. Sums run in the order of the graph's
/// rows, on one thread, so equal input gives equal bits.
class PageRank {
 public:
  PageRank(const ReferenceGraph& graph, RequestWeights weights);

  /// The rank of each file, 0 for those without edges; nothing if `personalization` has no weight on any node or the
  /// iteration did not converge. `personalization` has one value for each file, or none at all for equal shares.
  std::optional<std::vector<double>> compute(std::span<const double> personalization,
                                             const PageRankSettings& settings = {}) const;

  /// What each definer of a shared identifier receives through it when every file hands on its rank along its edges.
  /// It is the same for all definers, since an edge's weight does not depend on the definer.
  std::vector<double> identifier_ranks(std::span<const double> file_ranks) const;

  /// What each lone definition of a file receives.
  double lone_rank(std::uint32_t file, double file_rank) const;

  /// What `file` contributes to identifier_ranks()[shared] by `root_count`, the square root of its references.
  double contribution(std::uint32_t file, double file_rank, std::uint32_t shared, double root_count) const;

 private:
  void gather(std::span<const double> file_ranks, std::vector<double>& identifier_ranks) const;
  void spread(std::span<const double> identifier_ranks, std::span<const double> file_ranks,
              std::vector<double>& next) const;

  const ReferenceGraph& graph_;
  RequestWeights weights_;
  std::vector<double> share_;  // for each file: referencers[file] over the weight of all its edges; 0 if dangling
  std::vector<double> lone_;   // for each file: kLoneWeight over the weight of all its edges; 0 if dangling
  std::vector<std::uint32_t> dangling_;
};

}  // namespace repomap
