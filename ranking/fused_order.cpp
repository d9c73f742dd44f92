// SPDX-License-Identifier: Apache-2.0
#include "ranking/fused_order.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

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

/// Up to kDefinitionsATurn definitions of a file, all of one rank: those from `first` on, best first.
struct Turn {
  std::uint32_t file = 0;
  std::uint32_t first = 0;
};

/// The definitions of a file, of which the first ones are sorted, best first.
class SortedCandidates {
 public:
  void add(const Candidate& candidate) { candidates_.push_back(candidate); }
  std::size_t size() const { return candidates_.size(); }

  /// The best ones before `end`, in their order. Sorts no more than twice as many.
  std::span<const Candidate> best(std::size_t end) {
    end = std::min(end, candidates_.size());
    if (end > sorted_) {
      const std::size_t next = std::min(std::max(end, 2 * sorted_), candidates_.size());
      const auto at = [this](std::size_t i) { return candidates_.begin() + static_cast<std::ptrdiff_t>(i); };
      std::partial_sort(at(sorted_), at(next), candidates_.end(), is_better);
      sorted_ = next;
    }
    return std::span(candidates_).first(end);
  }

 private:
  static bool is_better(const Candidate& a, const Candidate& b) {
    if (a.text != b.text) {
      return a.text > b.text;
    }
    return a.graph != b.graph ? a.graph > b.graph : a.position < b.position;
  }

  std::vector<Candidate> candidates_;
  std::size_t sorted_ = 0;  // so many are the best of all, in their order
};

/// Which file's turn comes when is told by numbers alone; which definitions it then has takes sorting them, and is done
/// only for files whose turn comes.
class FusedOrder {
 public:
  explicit FusedOrder(const FusionInput& input)
      : symbols_(input.symbols), graph_(input.graph), ranks_(input.ranks), text_(input.text) {}

  /// The turns of a file, with its score halved after each. Files are appended by path: that is how ties are broken.
  void append(std::uint32_t file, double fused) {
    const std::size_t definitions = symbols_.files[file].definitions.size();
    double rank = fused;
    for (std::size_t first = 0; first == 0 || first < definitions; first += kDefinitionsATurn) {
      rank = first == 0 || first / kDefinitionsATurn > kMostTurns ? rank : rank / 2;
      turns_.push_back({file, static_cast<std::uint32_t>(first)});
      ranks_of_turns_.push_back(rank);
    }
  }

  /// What was appended, by falling rank: the first `limit` entries, or some more, or all.
  FirstEntries first_entries(std::size_t limit) {
    FirstEntries fused;
    std::vector<RankedEntry>& entries = fused.entries;
    for (const std::uint32_t position : order_by_falling_rank(ranks_of_turns_)) {
      if (entries.size() >= limit) {
        fused.is_whole = false;
        break;
      }
      const Turn& turn = turns_[position];
      SortedCandidates& candidates = candidates_of(turn.file);
      const double rank = ranks_of_turns_[position];
      if (candidates.size() == 0) {
        entries.push_back({turn.file, 0, rank});
        continue;
      }
      for (const Candidate& candidate : candidates.best(turn.first + kDefinitionsATurn).subspan(turn.first)) {
        entries.push_back({turn.file, candidate.identifier, rank});
      }
    }
    return fused;
  }

 private:
  SortedCandidates& candidates_of(std::uint32_t file) {
    const auto [found, is_new] = candidates_.try_emplace(file);
    SortedCandidates& candidates = found->second;
    if (!is_new) {
      return candidates;
    }
    for (const StringPool::Id identifier : symbols_.files[file].definitions) {
      const std::uint32_t shared = graph_.shared_index(identifier);
      const double graph = shared == ReferenceGraph::kNotShared ? ranks_.lone[file] : ranks_.identifiers[shared];
      candidates.add({identifier, candidates.size(), text_.name_score(identifier), graph});
    }
    return candidates;
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const GraphRanks& ranks_;
  const Bm25& text_;
  std::vector<Turn> turns_;
  std::vector<double> ranks_of_turns_;
  std::unordered_map<std::uint32_t, SortedCandidates> candidates_;  // of files whose turn has come
};

}  // namespace

FirstEntries order_by_fusion(const FusionInput& input, std::size_t limit) {
  std::vector<double> fused(input.symbols.paths.size(), 0);
  add_reciprocal_ranks(input.text.file_scores(), kTextWeight, fused);
  add_reciprocal_ranks(input.ranks.files, kGraphWeight, fused);
  FusedOrder order(input);
  for (std::uint32_t file = 0; file < fused.size(); ++file) {
    if (!input.anchors.in_chat[file]) {
      order.append(file, fused[file]);
    }
  }
  return order.first_entries(limit);
}

}  // namespace repomap
