// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

/// Entries that the far tiers of a TieredCache have yet to get: the latest of each key, the oldest first. Thread-safe.
class WriteQueue {
 public:
  /// Puts the items into the queue; a key that is in it keeps its place.
  void add(std::span<const CacheItem> items);

  /// Fills in the results that are still nothing and in the queue, expired or not; gives how many it filled in.
  std::size_t find(std::span<const CacheKey> keys, std::span<std::optional<CacheEntry>> results) const;

  // How many entries went.
  std::size_t erase(std::span<const CacheKey> keys);
  std::size_t clear();

  /// The keys of the entries that carry one of the tags: the far tiers may have older ones of them, with other tags.
  std::vector<CacheKey> tagged(std::span<const CacheTag> tags) const;

  /// Removes those of the keys whose entries carry one of the tags now.
  void evict(std::span<const CacheKey> keys, std::span<const CacheTag> tags);

  /// The number that the next addition gets: all that is in the queue is older.
  std::uint64_t next_number() const;

  /// The keys of the oldest entries that were added before `number`, at most `count`.
  std::vector<CacheKey> oldest(std::uint64_t number, std::size_t count) const;

  /// Those of the keys that are in the queue, with their entries.
  std::vector<CacheItem> entries(std::span<const CacheKey> keys) const;

  std::size_t items() const;
  std::uint64_t size_bytes() const;

 private:
  struct Queued {
    std::uint64_t number = 0;
    CacheEntry entry;
  };
  using Entries = std::unordered_map<CacheKey, Queued>;

  void remove_locked(Entries::iterator position, std::vector<CacheBytes>& removed) REQUIRES(mutex_);

  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, CacheKey> order_ GUARDED_BY(mutex_);
  std::uint64_t next_number_ GUARDED_BY(mutex_) = 0;
  std::uint64_t size_bytes_ GUARDED_BY(mutex_) = 0;  // of the values
};

}  // namespace repomap
