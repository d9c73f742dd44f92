// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/digest.hpp"
#include "core/cache/encoded_entries.hpp"
#include "core/model/repo_symbols.hpp"

namespace repomap {

/// The symbols of whole repositories, by the digest of the state that they are made from: a typed view of
/// CacheKind::kGraph. Borrows the backend. Thread-safe. Never fails: see EncodedEntries.
class GraphCache {
 public:
  explicit GraphCache(CacheBackend& backend) : entries_(backend) {}

  std::optional<RepoSymbols> get(const Digest& state);
  void set(const Digest& state, const RepoSymbols& symbols);

  ViewTroubles troubles() const { return entries_.troubles(); }

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
