// SPDX-License-Identifier: Apache-2.0
#include "ranking/fused_order.hpp"

#include <algorithm>
#include <cstddef>

#include "ranking/rank_sort.hpp"

namespace repomap {
namespace {

constexpr double kFusionOffset = 60;
constexpr double kTextWeight = 2;
constexpr double kGraphWeight = 1;
constexpr std::size_t kDefinitionsATurn = 3;
constexpr std::size_t kMostTurns = 1000;  // as many halvings lose no bit

/// Adds `weight` / (kFusionOffset + position) to each file with a score, where position 1 has the highest score; equal
/// scores go by path.
void add_reciprocal_ranks(const std::vector<double>& scores, double weight, std::vector<double>& fused) {
  const std::vector<std::uint32_t> files = order_by_falling_rank(scores);
  for (std::size_t i = 0; i < files.size() && scores[files[i]] > 0; ++i) {
    fused[files[i]] += weight / (kFusionOffset + static_cast<double>(i + 1));
  }
}

/// A definition as it competes with others of its file.
struct Candidate {
  StringPool::Id identifier = 0;
  std::size_t position = 0;  // among the file's definitions
  double text = 0;
  double graph = 0;
};

/// Up to kDefinitionsATurn definitions of a file, all of one rank; entries from `begin` on.
struct Turn {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
};

class FusedOrder {
 public:
  FusedOrder(const RepoSymbols& symbols, const ReferenceGraph& graph, const GraphRanks& ranks, const Bm25& text)
      : symbols_(symbols), graph_(graph), ranks_(ranks), text_(text) {}

  /// The definitions of a file, best first, with the score of the file halved after each turn.
  void append(std::uint32_t file, double fused) {
    collect(file);
    if (candidates_.empty()) {
      candidates_.emplace_back();
    }
    double rank = fused;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (i % kDefinitionsATurn == 0) {
        rank = i == 0 || i / kDefinitionsATurn > kMostTurns ? rank : rank / 2;
        turns_.push_back({static_cast<std::uint32_t>(entries_.size()), 0});
        ranks_of_turns_.push_back(rank);
      }
      ++turns_.back().count;
      entries_.push_back({file, candidates_[i].identifier, rank});
    }
  }

  /// All that was appended, by falling rank. The definitions of a file stand in their order already, and files by path:
  /// that is how ties are broken.
  std::vector<RankedEntry> sorted() const {
    std::vector<RankedEntry> sorted;
    sorted.reserve(entries_.size());
    for (const std::uint32_t position : order_by_falling_rank(ranks_of_turns_)) {
      const auto begin = entries_.begin() + turns_[position].begin;
      sorted.insert(sorted.end(), begin, begin + turns_[position].count);
    }
    return sorted;
  }

 private:
  void collect(std::uint32_t file) {
    candidates_.clear();
    for (const StringPool::Id identifier : symbols_.files[file].definitions) {
      const std::uint32_t shared = graph_.shared_index(identifier);
      const double graph = shared == ReferenceGraph::kNotShared ? ranks_.lone[file] : ranks_.identifiers[shared];
      candidates_.push_back({identifier, candidates_.size(), text_.name_score(identifier), graph});
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.text != b.text) {
        return a.text > b.text;
      }
      return a.graph != b.graph ? a.graph > b.graph : a.position < b.position;
    });
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const GraphRanks& ranks_;
  const Bm25& text_;
  std::vector<RankedEntry> entries_;
  std::vector<Turn> turns_;
  std::vector<double> ranks_of_turns_;
  std::vector<Candidate> candidates_;  // scratch
};

}  // namespace

std::vector<RankedEntry> order_by_fusion(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                         const GraphRanks& ranks, const Bm25& text, const Anchors& anchors) {
  std::vector<double> fused(symbols.paths.size(), 0);
  add_reciprocal_ranks(text.file_scores(), kTextWeight, fused);
  add_reciprocal_ranks(ranks.files, kGraphWeight, fused);
  FusedOrder order(symbols, graph, ranks, text);
  for (std::uint32_t file = 0; file < fused.size(); ++file) {
    if (!anchors.in_chat[file]) {
      order.append(file, fused[file]);
    }
  }
  return order.sorted();
}

}  // namespace repomap
