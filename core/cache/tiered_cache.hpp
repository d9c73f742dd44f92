// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/periodic_worker.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/cache_tier.hpp"
#include "core/cache/latency_window.hpp"
#include "core/cache/striped_counter.hpp"
#include "core/cache/write_order.hpp"
#include "core/cache/write_queue.hpp"

namespace repomap {

/// When the tiers behind the nearest one get what is put.
enum class WriteMode : std::uint8_t {
  kThrough,  ///< before put_many() returns
  kBehind,   ///< soon, by a thread of the cache
};

struct TieredCacheSettings {
  WriteMode write_mode = WriteMode::kThrough;
  TierRetrySettings retry;

  // Of kBehind.
  std::chrono::milliseconds flush_interval{200};
  std::size_t queued_items = 4096;                        ///< if more wait, who puts them writes them
  std::uint64_t queued_bytes = std::uint64_t{16} << 20U;  ///< likewise
};

/// Tiers as one backend: any number, nearest first.
///
/// A key is looked up from near to far, and what a far tier had is copied to the nearer ones with its tags and expiry.
/// Changes go to all tiers, the farthest first. A tier that fails is left out for a while and never fails a request, as
/// long as one tier works; what it missed meanwhile is removed from it before it is used again (CacheTier). So readers
/// never get anything older than what was put, erased or evicted before they asked, through this object: tiers that
/// other processes change too are only as fresh as the entries in the nearer tiers here.
///
/// Counts of what was removed are the largest of any tier; in stats() items are too, while bytes, evictions and errors
/// are sums. Owns the tiers. Thread-safe. The destructor writes what is queued.
class TieredCache final : public CacheBackend {
 public:
  /// `clock` outlives the cache. REQUIRES: at least one tier.
  TieredCache(std::vector<std::unique_ptr<CacheBackend>> tiers, const TieredCacheSettings& settings,
              const Clock& clock);
  ~TieredCache() override;
  TieredCache(const TieredCache&) = delete;
  TieredCache& operator=(const TieredCache&) = delete;

  /// Errors: kIo if no tier could be asked.
  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;

  /// Errors: kIo if no tier took the items, kLimitExceeded if in every tier that works one was too large.
  Status put_many(std::span<const CacheItem> items) override;

  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override;

  /// Writes all that was queued before the call. Errors: kIo if no tier behind the nearest took some of it; it is then
  /// queued no more.
  Status flush();

 private:
  using Entries = std::vector<std::optional<CacheEntry>>;
  using Hashes = std::vector<std::uint64_t>;

  /// A look-up below the nearest tier: the keys that are still missing, and where their results go.
  struct Search {
    std::vector<CacheKey> keys;
    std::vector<std::size_t> places;
  };

  bool is_behind() const { return settings_.write_mode == WriteMode::kBehind && tiers_.size() > 1; }
  bool search_far(Search search, Entries& results);
  void search_queue(Search& search, Entries& results) const;
  Search collect(const Search& search, Entries& found, Entries& results, std::vector<CacheItem>& hits) const;
  void promote(std::span<const CacheItem> items, std::size_t from, const Hashes& hashes,
               const WriteOrder::Snapshot& before);
  Status put_through(std::span<const CacheItem> items);
  Status put_behind(std::span<const CacheItem> items);
  void relieve_queue();
  Status write_late(std::span<const CacheKey> keys);
  template <typename Work>
  std::size_t for_each_tier_from_far(const Work& work);
  Error why_no_tier_works() const;

  // Fixed after construction.
  const TieredCacheSettings settings_;
  const Clock& clock_;
  std::vector<std::unique_ptr<CacheTier>> tiers_;

  // Have their own synchronisation.
  WriteOrder order_;
  WriteQueue queue_;
  StripedCounter hits_;
  StripedCounter misses_;
  StripedCounter puts_;
  LatencyWindow get_latency_{32};
  LatencyWindow put_latency_{1};

  std::unique_ptr<PeriodicWorker> worker_;  // the last member: stopped before what it uses is destroyed
};

}  // namespace repomap
