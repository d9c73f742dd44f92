// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/cache/encoded_entries.hpp"

namespace repomap {

/// Which state of a repository has its symbols stored whole, and what they were made from.
struct SymbolsBase {
  Digest state;                 ///< RepoScan::symbols_state()
  std::vector<Digest> symbols;  ///< symbols_digest() of each file, in the order of the state's paths
};

/// The latest base of each repository, beside the symbols in CacheKind::kGraph. Borrows the backend. Thread-safe.
/// Never fails: see EncodedEntries.
class SymbolsBaseCache {
 public:
  explicit SymbolsBaseCache(CacheBackend& backend) : entries_(backend) {}

  std::optional<SymbolsBase> get(const std::string& line);
  void set(const std::string& line, const SymbolsBase& base);

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
