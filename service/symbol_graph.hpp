// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/name_index.hpp"
#include "ranking/reference_graph.hpp"

namespace repomap {

/// Whether symbols serve one request, or many, so that what only speeds up later ones is worth making.
enum class SymbolsUse : std::uint8_t { kOnce, kOften };

/// The symbols of a repository, and the graph of their references, which is built when it is first asked for.
/// Immutable once made, so any thread may read it.
class SymbolGraph {
 public:
  explicit SymbolGraph(RepoSymbols symbols, SymbolsUse use = SymbolsUse::kOnce);

  /// The symbols that follow others, to be used as often. REQUIRES: their names are those of `former`, by the same ids,
  /// and more.
  SymbolGraph(RepoSymbols symbols, const SymbolGraph& former);

  const RepoSymbols& symbols() const { return symbols_; }

  /// Others who ask while it is being built wait for it.
  const ReferenceGraph& graph() const EXCLUDES(mutex_);

  /// The index of the names, made as the graph is; null where symbols are used once.
  std::shared_ptr<const NameIndex> names() const EXCLUDES(mutex_);

  /// The rank of each file whatever is asked: each is as likely to be read first. Computed as the graph is built.
  const std::vector<double>& file_ranks() const EXCLUDES(mutex_);

  /// An estimate of what it occupies.
  std::size_t memory_bytes() const EXCLUDES(mutex_);

 private:
  std::shared_ptr<const NameIndex> known_names() const EXCLUDES(mutex_);

  const RepoSymbols symbols_;
  const SymbolsUse use_;

  mutable Mutex mutex_;
  mutable std::optional<ReferenceGraph> graph_ GUARDED_BY(mutex_);            // set once
  mutable std::optional<std::vector<double>> file_ranks_ GUARDED_BY(mutex_);  // set once
  mutable std::shared_ptr<const NameIndex> names_ GUARDED_BY(mutex_);         // set once
};

}  // namespace repomap
