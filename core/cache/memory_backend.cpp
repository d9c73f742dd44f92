// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

namespace repomap {
namespace {

using detail::MemoryNode;
using detail::MemoryShard;
using detail::NodeChain;
using detail::RoomNeeded;

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// What the allocator adds to a block, and the reference counts of a shared value.
constexpr std::uint64_t kBlockBytes = 16;
constexpr std::uint64_t kSharedBytes = 16 + sizeof(std::string) + kBlockBytes;
// Slots of the hash table, at most half of which are used, and a place in the heap.
constexpr std::uint64_t kIndexBytes = 4 * 16 + 16;
// A label's end of the link, and a share of its record.
constexpr std::uint64_t kTagBytes = sizeof(detail::TaggedNode) + 2 * kBlockBytes;

std::uint64_t or_unlimited(std::uint64_t limit) { return limit == 0 ? kUnlimited : limit; }

}  // namespace

MemoryBackend::MemoryBackend(const MemoryBackendSettings& settings, const Clock& clock)
    : clock_(clock), limit_bytes_(settings.limit_bytes), limit_items_(settings.limit_items) {
  for (std::size_t shard = 0; shard < std::max<std::size_t>(settings.shards, 1); ++shard) {
    shards_.push_back(std::make_unique<MemoryShard>(epoch_));
  }
}

MemoryBackend::~MemoryBackend() = default;

std::uint64_t MemoryBackend::charge_of(const CacheItem& item) {
  return sizeof(MemoryNode) + MemoryNode::trailing_bytes(item) + item.entry.tags.size() * kTagBytes +
         item.entry.value->capacity() + kBlockBytes + kIndexBytes + kSharedBytes;
}

Result<std::vector<std::optional<CacheEntry>>> MemoryBackend::get_many(std::span<const CacheKey> keys) {
  const LatencyTimer timer(get_latency_, clock_);
  NodeChain expired;
  std::vector<std::optional<CacheEntry>> results(keys.size());
  for (std::size_t index = 0; index < keys.size(); ++index) {
    const std::uint64_t hash = std::hash<CacheKey>()(keys[index]);
    shard_of(hash).get(keys[index], hash, clock_, results[index], expired);
  }
  if (expired.items() != 0) {
    settle(expired);
  }
  return results;
}

Status MemoryBackend::put_many(std::span<const CacheItem> items) {
  const LatencyTimer timer(put_latency_, clock_);
  const CacheItem* too_large = nullptr;
  for (const CacheItem& item : items) {
    if (!put_one(item)) {
      too_large = &item;
    }
  }
  enforce_limits();
  if (too_large != nullptr) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("{}: {} bytes in memory, limit {} bytes", too_large->key.to_display(),
                            charge_of(*too_large), limit_bytes_.load(std::memory_order_relaxed)));
  }
  return {};
}

/// Whether the item is not too large. What the key had is gone in both cases.
bool MemoryBackend::put_one(const CacheItem& item) {
  const std::uint64_t hash = std::hash<CacheKey>()(item.key);
  const std::uint64_t charge = charge_of(item);
  NodeChain removed;
  const bool fits = charge <= or_unlimited(limit_bytes_.load(std::memory_order_relaxed));
  if (fits) {
    auto node = MemoryNode::create(item, hash, charge);
    // First, so that what another thread removes has been added before.
    size_bytes_.fetch_add(charge, std::memory_order_relaxed);
    items_.fetch_add(1, std::memory_order_relaxed);
    epoch_.fetch_add(1, std::memory_order_relaxed);
    shard_of(hash).put(std::move(node), item.entry.tags, removed);
  } else {
    shard_of(hash).erase(item.key, hash, removed);
  }
  settle(removed);
  return fits;
}

Result<std::size_t> MemoryBackend::erase(std::span<const CacheKey> keys) {
  NodeChain removed;
  for (const CacheKey& key : keys) {
    const std::uint64_t hash = std::hash<CacheKey>()(key);
    shard_of(hash).erase(key, hash, removed);
  }
  settle(removed);
  return removed.items();
}

Result<std::size_t> MemoryBackend::evict(std::span<const CacheTag> tags) {
  NodeChain removed;
  for (const auto& shard : shards_) {
    for (const CacheTag& tag : tags) {
      shard->evict_tag(tag, removed);
    }
  }
  settle(removed);
  return removed.items();
}

Result<std::size_t> MemoryBackend::clear() {
  NodeChain removed;
  for (const auto& shard : shards_) {
    shard->clear(removed);
  }
  settle(removed);
  return removed.items();
}

BackendStats MemoryBackend::stats() const {
  BackendStats stats;
  stats.name = "memory";
  for (const auto& shard : shards_) {
    const detail::ShardCounts counts = shard->counts();
    stats.hits += counts.hits;
    stats.misses += counts.misses;
    stats.puts += counts.puts;
    stats.evictions += counts.evictions;
  }
  stats.items = items_.load(std::memory_order_relaxed);
  stats.size_bytes = size_bytes();
  stats.limit_bytes = limit_bytes_.load(std::memory_order_relaxed);
  stats.get_latency = get_latency_.summary();
  stats.put_latency = put_latency_.summary();
  return stats;
}

void MemoryBackend::set_limit_bytes(std::uint64_t limit_bytes) {
  limit_bytes_.store(limit_bytes, std::memory_order_relaxed);
  enforce_limits();
}

void MemoryBackend::set_limit_items(std::uint64_t limit_items) {
  limit_items_.store(limit_items, std::memory_order_relaxed);
  enforce_limits();
}

std::size_t MemoryBackend::reduce_to(std::uint64_t size_bytes) {
  return make_room(size_bytes, kUnlimited, Cause::kRequest);
}

std::size_t MemoryBackend::evict_lru(std::size_t count) {
  const std::uint64_t items = items_.load(std::memory_order_relaxed);
  return make_room(kUnlimited, items - std::min<std::uint64_t>(items, count), Cause::kRequest);
}

void MemoryBackend::settle(const NodeChain& removed) {
  size_bytes_.fetch_sub(removed.size_bytes(), std::memory_order_relaxed);
  items_.fetch_sub(removed.items(), std::memory_order_relaxed);
}

RoomNeeded MemoryBackend::excess(std::uint64_t limit_bytes, std::uint64_t limit_items) const {
  const std::uint64_t bytes = size_bytes();
  const std::uint64_t items = items_.load(std::memory_order_relaxed);
  return {.bytes = bytes - std::min(bytes, limit_bytes), .items = items - std::min(items, limit_items)};
}

void MemoryBackend::enforce_limits() {
  const std::uint64_t limit_bytes = or_unlimited(limit_bytes_.load(std::memory_order_relaxed));
  const std::uint64_t limit_items = or_unlimited(limit_items_.load(std::memory_order_relaxed));
  const RoomNeeded room = excess(limit_bytes, limit_items);
  if (room.bytes != 0 || room.items != 0) {
    make_room(limit_bytes, limit_items, Cause::kRoom);
  }
}

/// The shard that may hold the least recently used entry; `bound` becomes the like of the next best shard.
std::size_t MemoryBackend::oldest_shard(std::uint64_t& bound) const {
  std::size_t best = 0;
  std::uint64_t oldest = MemoryShard::kNothing;
  bound = MemoryShard::kNothing;
  for (std::size_t index = 0; index < shards_.size(); ++index) {
    const std::uint64_t tick = shards_[index]->oldest();
    if (tick < oldest) {
      bound = std::exchange(oldest, tick);
      best = index;
    } else {
      bound = std::min(bound, tick);
    }
  }
  return oldest == MemoryShard::kNothing ? shards_.size() : best;
}

std::size_t MemoryBackend::make_room(std::uint64_t limit_bytes, std::uint64_t limit_items, Cause cause) {
  NodeChain removed;  // freed after the lock is given back
  MutexLock lock(eviction_mutex_);
  while (true) {
    const RoomNeeded room = excess(limit_bytes, limit_items);
    std::uint64_t bound = 0;
    const std::size_t victim = oldest_shard(bound);
    if ((room.bytes == 0 && room.items == 0) || victim == shards_.size()) {
      return removed.items();
    }
    const std::size_t items_before = removed.items();
    const std::uint64_t bytes_before = removed.size_bytes();
    shards_[victim]->evict_oldest(room, bound, removed);
    const std::size_t evicted = removed.items() - items_before;
    size_bytes_.fetch_sub(removed.size_bytes() - bytes_before, std::memory_order_relaxed);
    items_.fetch_sub(evicted, std::memory_order_relaxed);
    if (cause == Cause::kRoom) {
      shards_[victim]->add_evictions(evicted);
    }
  }
}

}  // namespace repomap
