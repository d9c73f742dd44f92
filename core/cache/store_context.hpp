// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/striped_counter.hpp"
#include "core/cache/value_storage.hpp"

namespace repomap {

/// When and how often an entry was read since that was last written down.
struct EntryUse {
  std::int64_t id = 0;
  std::int64_t last_us = 0;
  std::int64_t count = 0;
};

/// The reads of entries, kept in memory until a write takes them along: a read itself writes nothing. Thread-safe.
class AccessLog {
 public:
  /// Tells whether so much has gathered that it should be written down.
  bool record(std::int64_t id, std::int64_t stamp_us) EXCLUDES(mutex_);
  /// The entry is another one from now on.
  void forget(std::int64_t id) EXCLUDES(mutex_);
  bool is_empty() const EXCLUDES(mutex_);
  std::vector<EntryUse> take() EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> uses_ GUARDED_BY(mutex_);
};

/// What all parts of an open store share. Thread-safe.
struct StoreContext {
  StoreContext(const DiskStoreConfig& config, CacheSettings initial);

  /// The settings in force; those of the store may have been changed by another process meanwhile.
  CacheSettings settings() const EXCLUDES(mutex_);
  void set_settings(const CacheSettings& settings) EXCLUDES(mutex_);

  std::int64_t now_us() const { return clock->now().time_since_epoch().count(); }

  /// A time for stored_us or accessed_us: greater than each before, whatever the clock does, so that it orders.
  std::int64_t next_stamp();
  /// Later stamps are greater than this one, which another process has given.
  void raise_stamp(std::int64_t stamp_us);

  /// Hits and misses that the store on disk does not know of.
  std::uint64_t unwritten_counts() const { return hits.total() - written_hits + (misses.total() - written_misses); }

  /// Counts a look-up.
  void count(bool is_hit) {
    if (has_statistics.load(std::memory_order_relaxed)) {
      (is_hit ? hits : misses).add(1);
    }
  }

  // Fixed after construction.
  const std::string directory;
  const Clock* const clock;
  const ValueStorage storage;

  // Have their own synchronisation.
  AccessLog access_log;
  StripedCounter hits;
  StripedCounter misses;
  StripedCounter puts;
  std::atomic<std::uint64_t> written_hits{0};  // of hits, how many the store on disk has counted
  std::atomic<std::uint64_t> written_misses{0};
  std::atomic<std::uint64_t> evictions{0};
  std::atomic<std::uint64_t> expirations{0};
  std::atomic<std::uint64_t> damaged{0};
  std::atomic<std::uint64_t> quarantines{0};
  std::atomic<std::int64_t> last_stamp_us{0};
  std::atomic<bool> has_statistics{true};
  std::atomic<bool> logs_accesses{false};  // whether the policy asks when or how often an entry was read

 private:
  mutable Mutex mutex_;
  CacheSettings current_ GUARDED_BY(mutex_);
};

}  // namespace repomap
