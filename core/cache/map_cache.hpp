// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/cache/encoded_entries.hpp"
#include "core/model/map_request.hpp"
#include "core/model/stored_map.hpp"

namespace repomap {

/// All that decides which map is made, apart from the text of the files that it shows.
struct MapKey {
  MapRequest request;         ///< every field counts; lists in their order, so sort what has none
  Digest other_files;         ///< the files that may be shown besides those of the chat
  Digest state;               ///< the repository's symbols
  Digest code;                ///< what ranks, renders and counts
  bool is_explained = false;  ///< whether explanations are part of the answer

  CacheKey key() const;
};

/// Finished maps: the typed view of CacheKind::kMaps. The key does not cover the text that a map shows; the entry does,
/// by the digests of the files that were read for it, and get() has them compared.
/// Borrows the backend. Thread-safe. Never fails: see EncodedEntries.
class MapCache {
 public:
  struct Entry {
    StoredMap stored;
    std::chrono::microseconds cost{};  ///< what making it took
  };

  struct Item {
    MapKey key;
    const StoredMap* stored = nullptr;
    std::chrono::microseconds cost{};
  };

  /// Whether each of the files has that content now. Called without a lock held.
  using IsCurrent = std::function<bool(std::span<const ReadFile>)>;

  explicit MapCache(CacheBackend& backend) : entries_(backend) {}

  /// The map of that key, if what it shows is current; else nothing. A map that is not stays where it is: the next one
  /// of the key replaces it, and a file that gets its old content back makes it current again.
  std::optional<Entry> get(const MapKey& key, const IsCurrent& is_current);
  std::vector<std::optional<Entry>> batch_get(std::span<const MapKey> keys, const IsCurrent& is_current);

  void set(const Item& item) { batch_set({&item, 1}); }
  void batch_set(std::span<const Item> items);

  /// Removes the maps that show any of the files; gives how many there were.
  std::size_t invalidate_by_file(std::span<const std::string> paths) { return entries_.evict_files(paths); }

  ViewTroubles troubles() const { return entries_.troubles(); }

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
