// SPDX-License-Identifier: Apache-2.0
//
// All definitions of a shared identifier have one rank, and so have all lone definitions of a file. So the order is
// found by sorting these groups, which are far fewer than definitions; only within groups of equal rank must
// definitions be compared one by one.
#include "ranking/graph_order.hpp"

#include <algorithm>
#include <cstddef>

#include "ranking/important_files.hpp"

namespace repomap {
namespace {

/// The definitions of one shared identifier, or the lone definitions of one file.
struct Group {
  double rank = 0;
  std::uint32_t index = 0;  // of the shared identifier, or shared_count() + file
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

  void append_definitions() {
    const std::vector<Group> groups = sorted_groups();
    entries_.reserve(entries_.size() + groups.size() * 2);
    for (std::size_t begin = 0; begin < groups.size();) {
      std::size_t end = begin;
      const std::size_t first_entry = entries_.size();
      while (end < groups.size() && groups[end].rank == groups[begin].rank) {
        append_group(groups[end]);
        ++end;
      }
      if (end - begin > 1) {
        sort_by_path_and_name(first_entry);
      }
      begin = end;
    }
  }

  std::vector<Group> sorted_groups() const {
    std::vector<Group> groups;
    groups.reserve(graph_.shared_count() + graph_.file_count());
    for (std::uint32_t shared = 0; shared < graph_.shared_count(); ++shared) {
      groups.push_back({ranks_.identifiers[shared], shared});
    }
    for (std::uint32_t file = 0; file < graph_.file_count(); ++file) {
      if (!graph_.lone_definitions(file).empty() && !anchors_.in_chat[file]) {
        groups.push_back({ranks_.lone[file], static_cast<std::uint32_t>(graph_.shared_count() + file)});
      }
    }
    std::sort(groups.begin(), groups.end(),
              [](const Group& a, const Group& b) { return a.rank != b.rank ? a.rank > b.rank : a.index < b.index; });
    return groups;
  }

  void append_group(const Group& group) {
    if (group.index >= graph_.shared_count()) {
      const auto file = static_cast<std::uint32_t>(group.index - graph_.shared_count());
      for (const StringPool::Id identifier : graph_.lone_definitions(file)) {
        entries_.push_back({file, identifier, group.rank});
      }
      return;
    }
    const auto vertex = static_cast<ReferenceGraph::Vertex>(graph_.file_count() + group.index);
    for (auto [definer, end] = adjacent_vertices(vertex, graph_.structure()); definer != end; ++definer) {
      if (!anchors_.in_chat[*definer]) {
        entries_.push_back({*definer, graph_.identifiers()[group.index], group.rank});
      }
    }
  }

  void sort_by_path_and_name(std::size_t first_entry) {
    const StringPool& names = symbols_.identifiers;
    std::sort(entries_.begin() + static_cast<std::ptrdiff_t>(first_entry), entries_.end(),
              [&names](const RankedEntry& a, const RankedEntry& b) {
                return a.file != b.file ? a.file < b.file : names.at(a.identifier) < names.at(b.identifier);
              });
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
};

}  // namespace

std::vector<RankedEntry> order_by_graph(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                        const GraphRanks& ranks, const Anchors& anchors) {
  return GraphOrder(symbols, graph, ranks, anchors).order();
}

}  // namespace repomap
