// SPDX-License-Identifier: Apache-2.0
//
// All definitions of a shared identifier have one rank, and so have all lone definitions of a file. So the order is
// found by sorting these groups, which are far fewer than definitions; only within groups of equal rank must
// definitions be compared one by one.
#include "ranking/graph_order.hpp"

#include <algorithm>
#include <cstddef>

#include "ranking/important_files.hpp"
#include "ranking/name_key.hpp"
#include "ranking/rank_sort.hpp"

namespace repomap {
namespace {

/// A definition among others of equal rank.
struct Tied {
  std::uint32_t file = 0;
  NameKey name;
};

class GraphOrder {
 public:
  GraphOrder(const RepoSymbols& symbols, const ReferenceGraph& graph, const GraphRanks& ranks, const Anchors& anchors)
      : symbols_(symbols), graph_(graph), ranks_(ranks), anchors_(anchors) {}

  std::vector<RankedEntry> order() {
    find_files_without_definitions();
    append_important_files();
    append_definitions();
    append_names();
    return std::move(entries_);
  }

 private:
  void find_files_without_definitions() {
    std::vector<bool> defines(symbols_.paths.size(), false);
    for (std::size_t file = 0; file < symbols_.files.size(); ++file) {
      defines[file] = !symbols_.files[file].definitions.empty();
    }
    for (std::uint32_t file = 0; file < defines.size(); ++file) {
      if (!defines[file] && !anchors_.in_chat[file]) {
        (is_important_file(symbols_.paths[file]) ? important_ : names_).push_back(file);
      }
    }
  }

  void append_important_files() {
    for (const std::uint32_t file : important_) {
      entries_.push_back({file, 0, ranks_.files[file]});
    }
  }

  /// A group is the definitions of a shared identifier, by its index, or, behind all of these, the lone definitions of
  /// a file.
  void append_definitions() {
    std::vector<double> ranks(ranks_.identifiers);
    ranks.insert(ranks.end(), ranks_.lone.begin(), ranks_.lone.end());
    const std::vector<std::uint32_t> groups = order_by_falling_rank(ranks);
    entries_.reserve(entries_.size() + groups.size() * 2);
    for (std::size_t begin = 0; begin < groups.size();) {
      std::size_t end = begin;
      const std::size_t first_entry = entries_.size();
      while (end < groups.size() && ranks[groups[end]] == ranks[groups[begin]]) {
        append_group(groups[end], ranks[groups[end]]);
        ++end;
      }
      if (end - begin > 1 && entries_.size() > first_entry) {
        sort_by_path_and_name(first_entry);
      }
      begin = end;
    }
  }

  void append_group(std::uint32_t group, double rank) {
    if (group >= graph_.shared_count()) {
      append_lone_definitions(static_cast<std::uint32_t>(group - graph_.shared_count()), rank);
      return;
    }
    const auto vertex = static_cast<ReferenceGraph::Vertex>(graph_.file_count() + group);
    for (auto [definer, end] = adjacent_vertices(vertex, graph_.structure()); definer != end; ++definer) {
      if (!anchors_.in_chat[*definer]) {
        entries_.push_back({*definer, graph_.identifiers()[group], rank});
      }
    }
  }

  void append_lone_definitions(std::uint32_t file, double rank) {
    if (anchors_.in_chat[file]) {
      return;
    }
    const StringPool& names = symbols_.identifiers;
    keys_.clear();
    for (const StringPool::Id identifier : graph_.lone_definitions(file)) {
      keys_.push_back(name_key(names, identifier));
    }
    std::ranges::sort(keys_, [&names](const NameKey& a, const NameKey& b) { return is_less(names, a, b); });
    for (const NameKey& key : keys_) {
      entries_.push_back({file, key.identifier, rank});
    }
  }

  /// Sorts the entries from `first_entry` on. Where a request reaches little, most definitions have rank 0 and come
  /// here. REQUIRES: there is one.
  void sort_by_path_and_name(std::size_t first_entry) {
    const StringPool& names = symbols_.identifiers;
    std::vector<Tied> tied;
    tied.reserve(entries_.size() - first_entry);
    for (std::size_t i = first_entry; i < entries_.size(); ++i) {
      tied.push_back({entries_[i].file, name_key(names, entries_[i].identifier)});
    }
    std::sort(tied.begin(), tied.end(), [&names](const Tied& a, const Tied& b) {
      return a.file != b.file ? a.file < b.file : is_less(names, a.name, b.name);
    });
    const double rank = entries_[first_entry].rank;
    for (std::size_t i = 0; i < tied.size(); ++i) {
      entries_[first_entry + i] = {tied[i].file, tied[i].name.identifier, rank};
    }
  }

  void append_names() {
    std::sort(names_.begin(), names_.end(), [this](std::uint32_t a, std::uint32_t b) {
      const bool a_in_graph = graph_.has_edges(a);
      if (a_in_graph != graph_.has_edges(b)) {
        return a_in_graph;
      }
      return ranks_.files[a] != ranks_.files[b] ? ranks_.files[a] > ranks_.files[b] : a < b;
    });
    for (const std::uint32_t file : names_) {
      entries_.push_back({file, 0, ranks_.files[file]});
    }
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const GraphRanks& ranks_;
  const Anchors& anchors_;
  std::vector<RankedEntry> entries_;
  std::vector<std::uint32_t> important_;  // important files without definitions, by path
  std::vector<std::uint32_t> names_;      // other files without definitions, by path
  std::vector<NameKey> keys_;             // scratch
};

}  // namespace

std::vector<RankedEntry> order_by_graph(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                        const GraphRanks& ranks, const Anchors& anchors) {
  return GraphOrder(symbols, graph, ranks, anchors).order();
}

}  // namespace repomap
