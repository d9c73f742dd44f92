// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_tag.hpp"

namespace repomap {

/// A value as it is handed around: shared, so that a hit in memory copies nothing. Never null in an entry.
using CacheBytes = std::shared_ptr<const std::string>;

/// What a backend keeps for a key.
struct CacheEntry {
  CacheBytes value;
  std::vector<CacheTag> tags;              ///< any of them evicts the entry
  std::optional<Clock::WallTime> expires;  ///< from this moment on the entry is a miss; nothing: never
};

struct CacheItem {
  CacheKey key;
  CacheEntry entry;
};

/// Durations of the operations of one kind, of the latest few thousand.
struct LatencySummary {
  std::uint64_t count = 0;
  std::chrono::nanoseconds p50{};
  std::chrono::nanoseconds p95{};
  std::chrono::nanoseconds p99{};
  std::chrono::nanoseconds max{};
};

/// What one tier has done since it was made. Counts are of keys, not of calls.
struct BackendStats {
  std::string name;  ///< "memory", "disk", …
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t puts = 0;
  std::uint64_t evictions = 0;      ///< to make room; not those that were asked for
  std::uint64_t errors = 0;         ///< operations that failed
  std::uint64_t skipped = 0;        ///< operations not tried because the tier had failed a moment ago
  std::uint64_t items = 0;          ///< at present
  std::uint64_t size_bytes = 0;     ///< at present, as charged against the limit
  std::uint64_t limit_bytes = 0;    ///< 0: none
  LatencySummary get_latency;       ///< per call of get_many
  LatencySummary put_latency;       ///< per call of put_many
  std::string trouble;              ///< why the tier is out of order, one sentence; "" if it is well
  std::vector<BackendStats> tiers;  ///< of a combination: its parts, nearest first
};

/// One tier of a cache, or a combination of tiers: a map from keys to bytes with labels.
///
/// All operations take batches; a single one is a batch of one. Thread-safe. An error means that the backend could not
/// do its work; a value that is not there is a miss. What was put may be gone at any time, but what is returned is what
/// was last put, never another value, never half of one.
class CacheBackend {
 public:
  virtual ~CacheBackend() = default;

  /// For each key, in their order, its entry or nothing. A damaged entry is removed, counted and a miss.
  virtual Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) = 0;

  /// Stores all items, each in the place of what its key had, tags and expiry included. Of equal keys the last counts.
  /// Errors: kLimitExceeded if an item is larger than the backend ever keeps (the others are stored), kNoSpace, kIo, …
  virtual Status put_many(std::span<const CacheItem> items) = 0;

  /// Removes the keys' entries; gives how many there were.
  virtual Result<std::size_t> erase(std::span<const CacheKey> keys) = 0;

  /// Removes every entry that carries any of the tags; gives how many there were.
  virtual Result<std::size_t> evict(std::span<const CacheTag> tags) = 0;

  /// Removes every entry; gives how many there were.
  virtual Result<std::size_t> clear() = 0;

  virtual BackendStats stats() const = 0;
};

}  // namespace repomap
