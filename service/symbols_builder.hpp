// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/graph_cache.hpp"
#include "core/model/repo_symbols.hpp"
#include "service/repo_scan.hpp"
#include "service/symbols_base.hpp"
#include "service/symbols_origin.hpp"
#include "service/tag_loader.hpp"

namespace repomap {

/// The symbols of files whose tags pass by, under one set of names. Thread-safe.
class SymbolsCollector {
 public:
  struct Rows {
    StringPool names;
    std::vector<std::pair<std::size_t, FileSymbols>> rows;  ///< by file, in any order
  };

  void add(std::size_t file, const FileTags& tags);

  /// What has been added; the collector is empty then.
  Rows take();

  /// What has been added so far.
  Rows copy() const;

 private:
  mutable Mutex mutex_;
  Rows collected_ GUARDED_BY(mutex_);
};

/// In place of FileVersion::symbols: what the row of that file is of is not known. No row with it is taken over.
inline constexpr Digest kUnknownSymbols{.high = ~std::uint64_t{0}, .low = ~std::uint64_t{0}};

/// The symbols of a former state.
struct FormerSymbols {
  RepoSymbols symbols;
  std::vector<Digest> digests;  ///< symbols[i] of its files[i] (FileVersion::symbols)
};

/// Puts together the symbols of a whole repository. Those of a state seen before come from the cache; else the rows of
/// the latest stored state serve for each file whose symbols are the same, and tags are read for the others only. Once
/// many have changed, the result is stored as the next such base. Borrows everything. Used by one thread at a time.
class SymbolsBuilder {
 public:
  SymbolsBuilder(GraphCache& graphs, SymbolsBaseCache& bases, TagLoader& loader)
      : graphs_(graphs), bases_(bases), loader_(loader) {}

  /// `fresh` holds rows of `scan` that are known already, and is emptied. `line` names what the states follow each
  /// other in: a repository and a selection of its files.
  std::pair<RepoSymbols, SymbolsOrigin> build(const RepoScan& scan, const std::string& line, SymbolsCollector& fresh);

  /// The symbols of `scan`, where `former` is what they follow: its names keep their ids. Nothing is looked up or
  /// stored but tags.
  std::pair<RepoSymbols, SymbolsOrigin> patch(const RepoScan& scan, FormerSymbols former, SymbolsCollector::Rows fresh);

 private:
  void store_base(const RepoScan& scan, const std::string& line, const RepoSymbols& symbols);

  GraphCache& graphs_;
  SymbolsBaseCache& bases_;
  TagLoader& loader_;
};

}  // namespace repomap
