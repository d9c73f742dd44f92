// SPDX-License-Identifier: Apache-2.0
#include "ranking/anchored_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <vector>

#include "ranking/path_prior.hpp"

namespace repomap {
namespace {

constexpr std::size_t kDefinitionsATurn = 4;

class AnchoredOrder {
 public:
  AnchoredOrder(const AnchoredInput& input, std::size_t limit)
      : symbols_(input.symbols),
        graph_(input.graph),
        pagerank_(input.pagerank),
        ranks_(input.ranks),
        anchors_(input.anchors),
        own_shares_(graph_.shared_count()),
        referencers_(graph_.shared_count(), 0),
        entries_(limit) {
    const ReferenceGraph::Structure& structure = graph_.structure();
    for (std::uint32_t file = 0; file < graph_.file_count(); ++file) {
      for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
        ++referencers_[target(*edge, structure) - graph_.file_count()];
      }
    }
  }

  FirstEntries order() {
    TopEntries names(std::numeric_limits<std::size_t>::max());
    for (std::uint32_t file = 0; file < symbols_.paths.size(); ++file) {
      if (anchors_.in_chat[file]) {
        continue;
      }
      if (symbols_.files[file].definitions.empty()) {
        names.add({file, 0, ranks_.files[file]});
      } else {
        append_definitions(file);
      }
    }
    FirstEntries first = entries_.take();
    if (first.is_whole) {
      std::ranges::copy(unused_, std::back_inserter(first.entries));
      std::ranges::copy(names.take().entries, std::back_inserter(first.entries));
    }
    return first;
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
      if (rank > 0) {
        definitions_.push_back({file, identifier, rank});
      } else if (entries_.is_whole()) {
        unused_.push_back({file, identifier, rank});
      }
    }
    if (definitions_.empty()) {
      return;
    }
    std::ranges::stable_sort(definitions_, std::ranges::greater{}, &RankedEntry::rank);
    const double prior = prior_of(file);
    for (std::size_t i = 0; i < definitions_.size(); ++i) {
      const int turn = static_cast<int>(std::min<std::size_t>(i / kDefinitionsATurn, 1000));
      entries_.add({file, definitions_[i].identifier, std::ldexp(definitions_[i].rank * prior, -turn)});
    }
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const PageRank& pagerank_;
  const GraphRanks& ranks_;
  const Anchors& anchors_;
  std::vector<OwnShare> own_shares_;        // for each shared identifier, by the last file that was looked at
  std::vector<std::uint32_t> referencers_;  // for each shared identifier, how many files refer to it
  TopEntries entries_;                      // of what others refer to, added by path and place
  std::vector<RankedEntry> unused_;         // what nobody else refers to, by path and place, while all are wanted
  std::vector<RankedEntry> definitions_;    // scratch
};

}  // namespace

FirstEntries order_by_anchors(const AnchoredInput& input, std::size_t limit) {
  return AnchoredOrder(input, limit).order();
}

}  // namespace repomap
