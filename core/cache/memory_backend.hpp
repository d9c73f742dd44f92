// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/latency_window.hpp"
#include "core/cache/memory_consumer.hpp"
#include "core/cache/memory_shard.hpp"

namespace repomap {

struct MemoryBackendSettings {
  std::uint64_t limit_bytes = std::uint64_t{64} << 20U;  ///< 0: none
  std::uint64_t limit_items = 100'000;                   ///< 0: none
  std::size_t shards = 16;                               ///< parts with a lock of their own, at least 1
};

/// Entries in memory; when room is needed the least recently used one goes. The nearest tier, or the only one.
///
/// Owns its entries; their values are shared with whoever got them, so a hit copies none. Thread-safe: threads meet
/// only on keys of one shard, and values are freed when no lock is held. Which entry is the least recently used one is
/// exact within a shard, and between shards except for uses that no put separates. Never fails but for items that are
/// larger than the limit. An expired entry occupies its room until it is asked for or is the least recently used one.
class MemoryBackend final : public CacheBackend, public MemoryConsumer {
 public:
  /// `clock` outlives the backend.
  MemoryBackend(const MemoryBackendSettings& settings, const Clock& clock);
  ~MemoryBackend() override;
  MemoryBackend(const MemoryBackend&) = delete;
  MemoryBackend& operator=(const MemoryBackend&) = delete;

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;

  /// Errors: kLimitExceeded for an item whose charge is above the limit; its key then has no entry any more.
  Status put_many(std::span<const CacheItem> items) override;
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override;

  std::uint64_t size_bytes() const override { return size_bytes_.load(std::memory_order_relaxed); }
  void set_limit_bytes(std::uint64_t limit_bytes) override;
  void set_limit_items(std::uint64_t limit_items);

  /// Removes the least recently used entries until at most so many bytes are left; gives how many went.
  std::size_t reduce_to(std::uint64_t size_bytes);

  /// Removes the `count` least recently used entries, or all if there are fewer; gives how many went.
  std::size_t evict_lru(std::size_t count);

  /// What an entry counts against the limit: its bytes and those that the backend needs to keep it.
  static std::uint64_t charge_of(const CacheItem& item);

 private:
  /// Why entries go: only what makes room for others counts as evicted.
  enum class Cause : std::uint8_t { kRoom, kRequest };

  detail::MemoryShard& shard_of(std::uint64_t hash) const { return *shards_[(hash >> kShardShift) % shards_.size()]; }
  bool put_one(const CacheItem& item);
  void settle(const detail::NodeChain& removed);
  detail::RoomNeeded excess(std::uint64_t limit_bytes, std::uint64_t limit_items) const;
  std::size_t make_room(std::uint64_t limit_bytes, std::uint64_t limit_items, Cause cause);
  void enforce_limits();
  std::size_t oldest_shard(std::uint64_t& bound) const;

  static constexpr unsigned kShardShift = 40;  // a shard's table uses the bits below

  // Fixed after construction.
  const Clock& clock_;
  std::vector<std::unique_ptr<detail::MemoryShard>> shards_;

  // Have their own synchronisation.
  std::atomic<std::uint64_t> limit_bytes_;
  std::atomic<std::uint64_t> limit_items_;
  LatencyWindow get_latency_{32};
  LatencyWindow put_latency_{8};

  // Written by every put; hits read the first one.
  alignas(64) std::atomic<std::uint64_t> epoch_ = 0;
  std::atomic<std::uint64_t> size_bytes_ = 0;
  std::atomic<std::uint64_t> items_ = 0;

  Mutex eviction_mutex_;  // one thread evicts at a time, so that two do not both make the same room; before a shard's
};

}  // namespace repomap
