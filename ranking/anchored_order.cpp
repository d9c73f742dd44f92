// SPDX-License-Identifier: Apache-2.0
#include "ranking/anchored_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ranking/path_prior.hpp"
#include "ranking/rank_sort.hpp"

namespace repomap {
namespace {

constexpr std::size_t kDefinitionsATurn = 4;

class AnchoredOrder {
 public:
  AnchoredOrder(const RepoSymbols& symbols, const ReferenceGraph& graph, const PageRank& pagerank,
                const GraphRanks& ranks, const Anchors& anchors)
      : symbols_(symbols),
        graph_(graph),
        pagerank_(pagerank),
        ranks_(ranks),
        anchors_(anchors),
        own_shares_(graph.shared_count()),
        referencers_(graph.shared_count(), 0) {
    const ReferenceGraph::Structure& structure = graph_.structure();
    for (std::uint32_t file = 0; file < graph_.file_count(); ++file) {
      for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
        ++referencers_[target(*edge, structure) - graph_.file_count()];
      }
    }
  }

  std::vector<RankedEntry> order() {
    std::vector<RankedEntry> names;
    for (std::uint32_t file = 0; file < symbols_.paths.size(); ++file) {
      if (anchors_.in_chat[file]) {
        continue;
      }
      if (symbols_.files[file].definitions.empty()) {
        names.push_back({file, 0, ranks_.files[file]});
      } else {
        append_definitions(file);
      }
    }
    sort(entries_);
    sort(names);
    entries_.insert(entries_.end(), unused_.begin(), unused_.end());
    entries_.insert(entries_.end(), names.begin(), names.end());
    return std::move(entries_);
  }

 private:
  /// What a file hands on to its own definition of an identifier.
  struct OwnShare {
    std::uint32_t file = 0xffffffff;
    double rank = 0;
  };

  double prior_of(std::uint32_t file) const {
    const bool is_asked_for = anchors_.mentioned[file] || anchors_.personalization[file] > 0;
    return is_asked_for ? 1 : path_prior(symbols_.paths[file]);
  }

  // What the file hands on to its own definitions says nothing of their use by others.
  void find_own_shares(std::uint32_t file) {
    const ReferenceGraph::Structure& structure = graph_.structure();
    for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
      const auto shared = static_cast<std::uint32_t>(target(*edge, structure) - graph_.file_count());
      const double roots = graph_.root_counts()[get(boost::edge_index, structure, *edge)];
      own_shares_[shared] = {file, pagerank_.contribution(file, ranks_.files[file], shared, roots)};
    }
  }

  double rank_of(std::uint32_t file, StringPool::Id identifier) const {
    const std::uint32_t shared = graph_.shared_index(identifier);
    if (shared == ReferenceGraph::kNotShared) {
      return 0;
    }
    const OwnShare& own = own_shares_[shared];
    const bool refers_to_itself = own.file == file;
    const double others = ranks_.identifiers[shared] - (refers_to_itself ? own.rank : 0);
    const std::uint32_t users = referencers_[shared] - (refers_to_itself ? 1 : 0);
    return users == 0 ? 0 : std::max(0.0, others) * std::sqrt(static_cast<double>(users));
  }

  void append_definitions(std::uint32_t file) {
    find_own_shares(file);
    definitions_.clear();
    for (const StringPool::Id identifier : symbols_.files[file].definitions) {
      const double rank = rank_of(file, identifier);
      (rank > 0 ? definitions_ : unused_).push_back({file, identifier, rank});
    }
    if (definitions_.empty()) {
      return;
    }
    std::ranges::stable_sort(definitions_, std::ranges::greater{}, &RankedEntry::rank);
    const double prior = prior_of(file);
    for (std::size_t i = 0; i < definitions_.size(); ++i) {
      const int turn = static_cast<int>(std::min<std::size_t>(i / kDefinitionsATurn, 1000));
      definitions_[i].rank = std::ldexp(definitions_[i].rank * prior, -turn);
    }
    entries_.insert(entries_.end(), definitions_.begin(), definitions_.end());
  }

  /// By falling rank; equal ones keep their order, which is by path and position in the file.
  void sort(std::vector<RankedEntry>& entries) {
    scores_.clear();
    for (const RankedEntry& entry : entries) {
      scores_.push_back(entry.rank);
    }
    sorted_.clear();
    for (const std::uint32_t position : order_by_falling_rank(scores_)) {
      sorted_.push_back(entries[position]);
    }
    entries.swap(sorted_);
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const PageRank& pagerank_;
  const GraphRanks& ranks_;
  const Anchors& anchors_;
  std::vector<RankedEntry> entries_;
  std::vector<OwnShare> own_shares_;        // for each shared identifier, by the last file that was looked at
  std::vector<std::uint32_t> referencers_;  // for each shared identifier, how many files refer to it
  std::vector<RankedEntry> unused_;         // what nobody else refers to, by path and place
  std::vector<RankedEntry> definitions_;    // scratch
  std::vector<RankedEntry> sorted_;         // scratch
  std::vector<double> scores_;              // scratch
};

}  // namespace

std::vector<RankedEntry> order_by_anchors(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                          const PageRank& pagerank, const GraphRanks& ranks, const Anchors& anchors) {
  return AnchoredOrder(symbols, graph, pagerank, ranks, anchors).order();
}

}  // namespace repomap
