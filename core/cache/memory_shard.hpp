// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap::detail {

struct MemoryNode;

/// An entry that carries a label, and which of its labels that is.
struct TaggedNode {
  MemoryNode* node;
  std::size_t tag;
};

/// A label and the entries that carry it; never without entries.
using TagRecord = std::pair<const std::string, std::vector<TaggedNode>>;

/// A label of an entry: `record->second[place]` is the way back.
struct TagLink {
  TagRecord* record;
  std::size_t place;
  std::uint32_t label_bytes;
};

/// One entry in memory, in one block: this, a TagLink for each label, the key, the labels. What a hit reads is
/// together.
struct MemoryNode {
  std::uint64_t hash = 0;
  std::uint64_t used = 0;  ///< when it was put or hit last, in ticks
  CacheBytes value;
  std::uint32_t key_bytes = 0;
  std::uint32_t tag_count = 0;
  std::optional<Clock::WallTime> expires;
  std::size_t heap_place = 0;
  std::uint64_t charge = 0;    ///< bytes
  MemoryNode* next = nullptr;  ///< in its NodeChain

  struct Deleter {
    void operator()(MemoryNode* node) const;
  };
  using Pointer = std::unique_ptr<MemoryNode, Deleter>;

  static Pointer create(const CacheItem& item, std::uint64_t hash, std::uint64_t charge);

  /// What the key and the labels of an item add to the block.
  static std::size_t trailing_bytes(const CacheItem& item);

  std::span<TagLink> links() { return {reinterpret_cast<TagLink*>(this + 1), tag_count}; }
  std::string_view key() const { return {text(), key_bytes}; }
  std::vector<CacheTag> tags() const;

 private:
  std::span<const TagLink> links() const { return {reinterpret_cast<const TagLink*>(this + 1), tag_count}; }
  const char* text() const { return reinterpret_cast<const char*>(links().data() + tag_count); }
};

/// Entries that have been taken out of a shard, to be freed when no lock is held. Owns them. Used by one thread.
class NodeChain {
 public:
  NodeChain() = default;
  ~NodeChain();
  NodeChain(const NodeChain&) = delete;
  NodeChain& operator=(const NodeChain&) = delete;

  void add(MemoryNode* node);
  std::size_t items() const { return items_; }
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  MemoryNode* first_ = nullptr;
  std::size_t items_ = 0;
  std::uint64_t size_bytes_ = 0;
};

/// How much is to go.
struct RoomNeeded {
  std::uint64_t bytes = 0;
  std::uint64_t items = 0;
};

/// What a shard has done, in keys.
struct ShardCounts {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t puts = 0;
  std::uint64_t evictions = 0;
};

/// The entries whose hashes fall into one part of the hash space. Thread-safe: each operation holds the shard's mutex,
/// and frees nothing but small things under it.
class alignas(64) MemoryShard {
 public:
  /// `oldest()` of a shard that is empty.
  static constexpr std::uint64_t kNothing = std::numeric_limits<std::uint64_t>::max();

  /// `epoch` is what all shards of a backend share; it outlives them. Its owner raises it with every put, so that ticks
  /// order any two uses in one shard, and uses in different shards if a put came between: hits write nothing shared.
  explicit MemoryShard(const std::atomic<std::uint64_t>& epoch) : epoch_(epoch) {}
  ~MemoryShard();
  MemoryShard(const MemoryShard&) = delete;
  MemoryShard& operator=(const MemoryShard&) = delete;

  /// Copies the live entry of the key to `result`; an expired one is removed into `removed`.
  void get(const CacheKey& key, std::uint64_t hash, const Clock& clock, std::optional<CacheEntry>& result,
           NodeChain& removed);

  /// Stores the node, made of an entry with these labels. An older one of the key goes to `removed`.
  void put(MemoryNode::Pointer node, std::span<const CacheTag> tags, NodeChain& removed);

  void erase(const CacheKey& key, std::uint64_t hash, NodeChain& removed);
  void evict_tag(const CacheTag& tag, NodeChain& removed);
  void clear(NodeChain& removed);

  /// Removes the least recently used entries until `room` is made or the next one was used later than `bound`.
  void evict_oldest(RoomNeeded room, std::uint64_t bound, NodeChain& removed);

  /// Counts entries as removed to make room.
  void add_evictions(std::size_t count);

  /// No entry was used before this tick. It may be too early, never too late.
  std::uint64_t oldest() const { return oldest_.load(std::memory_order_relaxed); }

  ShardCounts counts() const;

 private:
  /// A place of the hash table; free without a node.
  struct Slot {
    std::uint64_t hash = 0;
    MemoryNode* node = nullptr;
    const void* value = nullptr;  ///< of the node: its memory is asked for before the key has been compared
  };
  struct HeapItem {
    std::uint64_t used;  ///< of the node when the item was placed here: the node may have been used since
    MemoryNode* node;
  };

  std::size_t find_locked(std::string_view key, std::uint64_t hash) const REQUIRES(mutex_);
  void take_out_locked(std::size_t slot, NodeChain& removed) REQUIRES(mutex_);
  void take_out_locked(const MemoryNode& node, NodeChain& removed) REQUIRES(mutex_);
  void close_gap_locked(std::size_t slot) REQUIRES(mutex_);
  void link_tags_locked(MemoryNode& node, std::span<const CacheTag> tags) REQUIRES(mutex_);
  void unlink_tags_locked(MemoryNode& node) REQUIRES(mutex_);
  void grow_locked() REQUIRES(mutex_);
  std::uint64_t next_tick_locked() REQUIRES(mutex_);
  void heap_place_locked(std::size_t place, HeapItem item) REQUIRES(mutex_);
  void heap_rise_locked(std::size_t place, HeapItem item) REQUIRES(mutex_);
  void heap_sink_locked(std::size_t place, HeapItem item) REQUIRES(mutex_);
  void heap_remove_locked(std::size_t place) REQUIRES(mutex_);
  void heap_refresh_top_locked() REQUIRES(mutex_);
  void publish_oldest_locked() REQUIRES(mutex_);

  // All that a hit writes comes first, in one cache line: threads that meet in a shard pass on no more than that.
  mutable Mutex mutex_;
  std::uint64_t serial_ GUARDED_BY(mutex_) = 0;
  ShardCounts counts_ GUARDED_BY(mutex_);
  std::vector<Slot> slots_ GUARDED_BY(mutex_);     // a power of two of them, or none; owns the nodes
  std::vector<HeapItem> heap_ GUARDED_BY(mutex_);  // every node once, the smallest `used` on top
  std::unordered_map<std::string, std::vector<TaggedNode>> tags_ GUARDED_BY(mutex_);

  // Lives in the backend.
  const std::atomic<std::uint64_t>& epoch_;

  // Has its own synchronisation.
  std::atomic<std::uint64_t> oldest_ = kNothing;
};

}  // namespace repomap::detail
