// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_graph.hpp"

#include <span>
#include <utility>

#include "ranking/pagerank.hpp"

namespace repomap {
namespace {

template <typename Range>
std::size_t bytes_of(const Range& range) {
  return std::as_bytes(std::span(range)).size();
}

}  // namespace

SymbolGraph::SymbolGraph(RepoSymbols symbols, SymbolsUse use) : symbols_(std::move(symbols)), use_(use) {}

const ReferenceGraph& SymbolGraph::graph() const {
  MutexLock lock(mutex_);
  return graph_ ? *graph_ : graph_.emplace(ReferenceGraph::build(symbols_));
}

SymbolGraph::SymbolGraph(RepoSymbols symbols, const SymbolGraph& former)
    : symbols_(std::move(symbols)), use_(former.use_), names_(former.known_names()) {}

std::shared_ptr<const NameIndex> SymbolGraph::known_names() const {
  MutexLock lock(mutex_);
  return names_;
}

std::shared_ptr<const NameIndex> SymbolGraph::names() const {
  if (use_ == SymbolsUse::kOnce) {
    return nullptr;
  }
  MutexLock lock(mutex_);
  if (!names_) {
    names_ = std::make_shared<const NameIndex>(NameIndex::build(symbols_));
  }
  return names_;
}

const std::vector<double>& SymbolGraph::file_ranks() const {
  const ReferenceGraph& edges = graph();
  MutexLock lock(mutex_);
  if (!file_ranks_) {
    const auto weights = edges.identifier_weights();
    const PageRank ranking(edges, {{weights.begin(), weights.end()}, std::vector<double>(edges.file_count(), 1.0)});
    file_ranks_ = ranking.compute({}).value_or(std::vector<double>(edges.file_count(), 0.0));
  }
  return *file_ranks_;
}

std::size_t SymbolGraph::memory_bytes() const {
  const SymbolTable::Arrays& rows = symbols_.files.arrays();
  constexpr std::size_t kSlotBytes = 8;  // of a name in the hash table, at its usual load
  std::size_t bytes = bytes_of(rows.definition_ends) + bytes_of(rows.reference_ends) + bytes_of(rows.definitions) +
                      bytes_of(rows.references) + symbols_.identifiers.bytes().size() +
                      symbols_.identifiers.size() * (sizeof(std::uint32_t) + kSlotBytes);
  for (const std::string& path : symbols_.paths) {
    bytes += sizeof(std::string) + path.capacity();
  }
  MutexLock lock(mutex_);
  bytes += names_ ? names_->memory_bytes() : 0;
  bytes += file_ranks_ ? bytes_of(*file_ranks_) : 0;
  if (graph_) {
    bytes += bytes_of(graph_->root_counts()) + bytes_of(graph_->identifier_weights()) + bytes_of(graph_->identifiers());
    // An edge is its target; a shared identifier is looked up by its name's id.
    bytes += graph_->root_counts().size() * 2 * sizeof(ReferenceGraph::Vertex) +
             symbols_.identifiers.size() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace repomap
