// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/cache/encoded_entries.hpp"

namespace repomap {

/// Lines of interest of one file's content.
struct TreeKey {
  Digest content;                    ///< of the file's text
  Digest code;                       ///< of what finds the scopes in it, and of what renders
  std::vector<std::uint32_t> lines;  ///< as they are asked for

  CacheKey key() const;
};

/// Rendered lines of interest: the typed view of CacheKind::kTrees. An entry carries the path it was rendered for.
/// Borrows the backend. Thread-safe. Never fails: see EncodedEntries.
class TreeCache {
 public:
  struct Item {
    TreeKey key;
    std::string path;
    std::string text;
  };

  explicit TreeCache(CacheBackend& backend) : entries_(backend) {}

  std::optional<std::string> get(const TreeKey& key);
  std::vector<std::optional<std::string>> batch_get(std::span<const TreeKey> keys);

  void set(const Item& item) { batch_set({&item, 1}); }
  void batch_set(std::span<const Item> items);

  /// Removes the entries that were rendered for any of the paths; gives how many there were.
  std::size_t invalidate(std::span<const std::string> paths) { return entries_.evict_files(paths); }

  ViewTroubles troubles() const { return entries_.troubles(); }

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
