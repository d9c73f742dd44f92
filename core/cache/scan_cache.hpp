// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/cache/encoded_entries.hpp"
#include "core/cache/signature.hpp"
#include "core/model/file_version.hpp"

namespace repomap {

/// What contents have come to, by signature: the typed view of CacheKind::kScan. Borrows the backend. Thread-safe.
/// Never fails: see EncodedEntries.
class ScanCache {
 public:
  struct Item {
    Signature signature;
    std::string path;  ///< which invalidation by file finds
    FileVersion version;
  };

  explicit ScanCache(CacheBackend& backend) : entries_(backend) {}

  /// For each signature, in their order, its version or nothing.
  std::vector<std::optional<FileVersion>> batch_get(std::span<const Signature> signatures);

  void batch_set(std::span<const Item> items);

  /// Removes the entries that were computed for any of the paths; gives how many there were.
  std::size_t invalidate(std::span<const std::string> paths) { return entries_.evict_files(paths); }

  ViewTroubles troubles() const { return entries_.troubles(); }

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
