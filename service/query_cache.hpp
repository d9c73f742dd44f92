// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/cache/encoded_entries.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

/// The answers to look-ups of names, by the question and by the content of all files that were asked: the typed view of
/// CacheKind::kQuery. Borrows the backend. Thread-safe. Never fails: see EncodedEntries.
class QueryCache {
 public:
  explicit QueryCache(CacheBackend& backend) : entries_(backend) {}

  /// `contents` is RepoScan::content_state() of what was asked.
  std::optional<std::vector<SymbolHit>> get(const SymbolQuery& query, const Digest& contents);
  void set(const SymbolQuery& query, const Digest& contents, const std::vector<SymbolHit>& hits);

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
