// SPDX-License-Identifier: Apache-2.0
#include "ranking/reference_graph.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ranking/identifier_weight.hpp"

namespace repomap {

/// Builds in four passes over the symbols: count, number the shared identifiers, lay out the rows, weigh.
class ReferenceGraph::Builder {
 public:
  explicit Builder(const RepoSymbols& symbols) : symbols_(symbols) {}

  ReferenceGraph build() {
    graph_.file_count_ = symbols_.files.size();
    count();
    number_shared_identifiers();
    lay_out_rows();
    weigh_identifiers();
    return std::move(graph_);
  }

 private:
  using Edge = std::pair<Vertex, Vertex>;

  void count() {
    definers_.assign(symbols_.identifiers.size(), 0);
    referenced_.assign(symbols_.identifiers.size(), 0);
    for (const FileSymbolsView file : symbols_.files.rows()) {
      for (const StringPool::Id identifier : file.definitions) {
        ++definers_[identifier];
      }
      for (const ReferenceCount& reference : file.references) {
        referenced_[reference.identifier] = 1;
      }
      any_reference_ = any_reference_ || !file.references.empty();
    }
  }

  bool is_referenced(StringPool::Id identifier) const { return !any_reference_ || referenced_[identifier] != 0; }

  void number_shared_identifiers() {
    graph_.shared_index_.assign(symbols_.identifiers.size(), kNotShared);
    graph_.lone_begin_.reserve(symbols_.files.size() + 1);
    graph_.lone_begin_.push_back(0);
    for (const FileSymbolsView file : symbols_.files.rows()) {
      for (const StringPool::Id identifier : file.definitions) {
        if (!is_referenced(identifier)) {
          graph_.lone_definitions_.push_back(identifier);
        } else if (graph_.shared_index_[identifier] == kNotShared) {
          graph_.shared_index_[identifier] = static_cast<std::uint32_t>(graph_.identifiers_.size());
          graph_.identifiers_.push_back(identifier);
        }
      }
      graph_.lone_begin_.push_back(static_cast<std::uint32_t>(graph_.lone_definitions_.size()));
    }
  }

  void lay_out_rows() {
    graph_.has_edges_.assign(symbols_.files.size(), 0);
    append_reference_rows();
    append_definition_rows();
    for (std::uint32_t file = 0; file < symbols_.files.size(); ++file) {
      graph_.has_edges_[file] |= static_cast<std::uint8_t>(!graph_.lone_definitions(file).empty());
      graph_.node_count_ += graph_.has_edges_[file];
    }
    graph_.structure_ = Structure(boost::edges_are_sorted, edges_.begin(), edges_.end(),
                                  static_cast<Vertex>(graph_.file_count_ + graph_.shared_count()),
                                  static_cast<std::uint32_t>(edges_.size()));
    edges_ = {};
  }

  void append_reference_rows() {
    std::size_t upper_bound = 0;
    for (const FileSymbolsView file : symbols_.files.rows()) {
      upper_bound += file.references.size() + file.definitions.size();
    }
    edges_.reserve(upper_bound);
    for (std::uint32_t file = 0; file < symbols_.files.size(); ++file) {
      if (any_reference_) {
        for (const ReferenceCount& reference : symbols_.files[file].references) {
          append_reference(file, reference);
        }
      } else {
        for (const StringPool::Id identifier : symbols_.files[file].definitions) {
          append_reference(file, {identifier, 1});
        }
      }
    }
  }

  void append_reference(std::uint32_t file, const ReferenceCount& reference) {
    const std::uint32_t shared = graph_.shared_index_[reference.identifier];
    if (shared != kNotShared) {
      edges_.emplace_back(file, static_cast<Vertex>(graph_.file_count_ + shared));
      graph_.root_counts_.push_back(std::sqrt(static_cast<double>(reference.count)));
      graph_.has_edges_[file] = 1;
    }
  }

  void append_definition_rows() {
    std::vector<std::size_t> next(graph_.shared_count());
    std::size_t end = edges_.size();
    for (std::size_t shared = 0; shared < next.size(); ++shared) {
      next[shared] = end;
      end += definers_[graph_.identifiers_[shared]];
    }
    edges_.resize(end);
    for (std::uint32_t file = 0; file < symbols_.files.size(); ++file) {
      for (const StringPool::Id identifier : symbols_.files[file].definitions) {
        const std::uint32_t shared = graph_.shared_index_[identifier];
        if (shared != kNotShared) {
          edges_[next[shared]++] = {static_cast<Vertex>(graph_.file_count_ + shared), file};
          graph_.has_edges_[file] = 1;
        }
      }
    }
  }

  void weigh_identifiers() {
    const IdentifierWeight weight;
    graph_.identifier_weights_.reserve(graph_.shared_count());
    for (const StringPool::Id identifier : graph_.identifiers_) {
      graph_.identifier_weights_.push_back(weight.of(symbols_.identifiers.at(identifier), definers_[identifier]));
    }
  }

  const RepoSymbols& symbols_;
  ReferenceGraph graph_;
  std::vector<std::uint32_t> definers_;   // for each interned id: the number of files that define it
  std::vector<std::uint8_t> referenced_;  // for each interned id: whether any file refers to it
  bool any_reference_ = false;
  std::vector<Edge> edges_;
};

ReferenceGraph ReferenceGraph::build(const RepoSymbols& symbols) { return Builder(symbols).build(); }

}  // namespace repomap
