// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_shard.hpp"

#include <algorithm>
#include <new>
#include <utility>

// A hash table with linear probing finds entries; a heap knows the least recently used one. A hit does not touch the
// heap: it only notes the tick in the node, which it has in the processor's cache anyway. The heap's copy of that tick
// is then too early, so the top of the heap is a lower bound. Before the top is trusted it is refreshed: as long as its
// node was used later than the heap says, it sinks to where it belongs. What stays on top is the least recently used
// entry of the shard, exactly.

namespace repomap::detail {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kAbsent = std::numeric_limits<std::size_t>::max();

}  // namespace

std::size_t MemoryNode::trailing_bytes(const CacheItem& item) {
  std::size_t bytes = item.key.encoded().size() + item.entry.tags.size() * sizeof(TagLink);
  for (const CacheTag& tag : item.entry.tags) {
    bytes += tag.label.size();
  }
  return bytes;
}

MemoryNode::Pointer MemoryNode::create(const CacheItem& item, std::uint64_t hash, std::uint64_t charge) {
  void* block = ::operator new(sizeof(MemoryNode) + trailing_bytes(item));
  Pointer node(new (block) MemoryNode);
  node->hash = hash;
  node->value = item.entry.value;
  node->expires = item.entry.expires;
  node->charge = charge;
  node->key_bytes = static_cast<std::uint32_t>(item.key.encoded().size());
  node->tag_count = static_cast<std::uint32_t>(item.entry.tags.size());
  char* text = reinterpret_cast<char*>(node->links().data() + node->tag_count);
  text = std::ranges::copy(item.key.encoded(), text).out;
  for (std::size_t tag = 0; tag < item.entry.tags.size(); ++tag) {
    const std::string& label = item.entry.tags[tag].label;
    new (&node->links()[tag]) TagLink{nullptr, 0, static_cast<std::uint32_t>(label.size())};
    text = std::ranges::copy(label, text).out;
  }
  return node;
}

void MemoryNode::Deleter::operator()(MemoryNode* node) const {
  node->~MemoryNode();
  ::operator delete(node);
}

std::vector<CacheTag> MemoryNode::tags() const {
  std::vector<CacheTag> tags;
  tags.reserve(tag_count);
  const char* label = text() + key_bytes;
  for (const TagLink& link : links()) {
    tags.push_back({std::string(label, link.label_bytes)});
    label += link.label_bytes;
  }
  return tags;
}

NodeChain::~NodeChain() {
  while (first_ != nullptr) {
    const MemoryNode::Pointer node(std::exchange(first_, first_->next));
  }
}

void NodeChain::add(MemoryNode* node) {
  node->next = std::exchange(first_, node);
  ++items_;
  size_bytes_ += node->charge;
}

MemoryShard::~MemoryShard() {
  NodeChain removed;
  clear(removed);
}

void MemoryShard::get(const CacheKey& key, std::uint64_t hash, const Clock& clock, std::optional<CacheEntry>& result,
                      NodeChain& removed) {
  MutexLock lock(mutex_);
  const std::size_t slot = find_locked(key.encoded(), hash);
  if (slot == kAbsent) {
    ++counts_.misses;
    return;
  }
  MemoryNode& node = *slots_[slot].node;
  if (node.expires && *node.expires <= clock.now()) {
    take_out_locked(slot, removed);
    ++counts_.misses;
    return;
  }
  node.used = next_tick_locked();
  ++counts_.hits;
  CacheEntry& entry = result.emplace();
  entry.value = node.value;
  entry.tags = node.tags();
  entry.expires = node.expires;
}

void MemoryShard::put(MemoryNode::Pointer node, std::span<const CacheTag> tags, NodeChain& removed) {
  MutexLock lock(mutex_);
  if (const std::size_t slot = find_locked(node->key(), node->hash); slot != kAbsent) {
    take_out_locked(slot, removed);
  }
  if (heap_.size() >= slots_.size() / 2) {
    grow_locked();
  }
  MemoryNode* added = node.release();
  std::size_t slot = added->hash & (slots_.size() - 1);
  while (slots_[slot].node != nullptr) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  slots_[slot] = {added->hash, added, added->value.get()};
  added->used = next_tick_locked();
  heap_.emplace_back();
  heap_rise_locked(heap_.size() - 1, {added->used, added});
  link_tags_locked(*added, tags);
  publish_oldest_locked();
  ++counts_.puts;
}

void MemoryShard::erase(const CacheKey& key, std::uint64_t hash, NodeChain& removed) {
  MutexLock lock(mutex_);
  if (const std::size_t slot = find_locked(key.encoded(), hash); slot != kAbsent) {
    take_out_locked(slot, removed);
  }
}

void MemoryShard::evict_tag(const CacheTag& tag, NodeChain& removed) {
  MutexLock lock(mutex_);
  for (auto found = tags_.find(tag.label); found != tags_.end(); found = tags_.find(tag.label)) {
    take_out_locked(*found->second.back().node, removed);
  }
}

void MemoryShard::clear(NodeChain& removed) {
  std::vector<Slot> slots;
  std::vector<HeapItem> heap;
  std::unordered_map<std::string, std::vector<TaggedNode>> tags;
  {
    MutexLock lock(mutex_);
    slots.swap(slots_);
    heap.swap(heap_);
    tags.swap(tags_);
    publish_oldest_locked();
  }
  for (const HeapItem& item : heap) {
    removed.add(item.node);
  }
}

void MemoryShard::evict_oldest(RoomNeeded room, std::uint64_t bound, NodeChain& removed) {
  const std::size_t items_before = removed.items();
  const std::uint64_t bytes_before = removed.size_bytes();
  MutexLock lock(mutex_);
  while (removed.size_bytes() - bytes_before < room.bytes || removed.items() - items_before < room.items) {
    heap_refresh_top_locked();
    if (heap_.empty() || heap_.front().used > bound) {
      break;
    }
    take_out_locked(*heap_.front().node, removed);
  }
  publish_oldest_locked();
}

void MemoryShard::add_evictions(std::size_t count) {
  MutexLock lock(mutex_);
  counts_.evictions += count;
}

ShardCounts MemoryShard::counts() const {
  MutexLock lock(mutex_);
  return counts_;
}

/// The slot of the key's node, or kAbsent.
std::size_t MemoryShard::find_locked(std::string_view key, std::uint64_t hash) const {
  if (slots_.empty()) {
    return kAbsent;
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot].node != nullptr; slot = (slot + 1) & mask) {
    if (slots_[slot].hash == hash) {
      __builtin_prefetch(slots_[slot].value);
      if (slots_[slot].node->key() == key) {
        return slot;
      }
    }
  }
  return kAbsent;
}

void MemoryShard::take_out_locked(const MemoryNode& node, NodeChain& removed) {
  take_out_locked(find_locked(node.key(), node.hash), removed);
}

void MemoryShard::take_out_locked(std::size_t slot, NodeChain& removed) {
  MemoryNode* node = slots_[slot].node;
  close_gap_locked(slot);
  heap_remove_locked(node->heap_place);
  unlink_tags_locked(*node);
  publish_oldest_locked();
  removed.add(node);
}

/// Frees the slot, and moves those behind it up that could not be found across the gap (Knuth 6.4, Algorithm R).
void MemoryShard::close_gap_locked(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t next = (slot + 1) & mask; slots_[next].node != nullptr; next = (next + 1) & mask) {
    const std::size_t home = slots_[next].hash & mask;
    if (((next - home) & mask) >= ((next - slot) & mask)) {
      slots_[slot] = slots_[next];
      slot = next;
    }
  }
  slots_[slot] = {};
}

void MemoryShard::link_tags_locked(MemoryNode& node, std::span<const CacheTag> tags) {
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    TagRecord& record = *tags_.try_emplace(tags[tag].label).first;
    node.links()[tag].record = &record;
    node.links()[tag].place = record.second.size();
    record.second.push_back({&node, tag});
  }
}

void MemoryShard::unlink_tags_locked(MemoryNode& node) {
  for (const TagLink& link : node.links()) {
    auto& carriers = link.record->second;
    const TaggedNode moved = carriers.back();
    carriers[link.place] = moved;
    moved.node->links()[moved.tag].place = link.place;
    carriers.pop_back();
    if (carriers.empty()) {
      tags_.erase(tags_.find(link.record->first));
    }
  }
}

void MemoryShard::grow_locked() {
  std::vector<Slot> smaller(std::max(kFirstSlots, slots_.size() * 2));
  smaller.swap(slots_);
  for (const Slot& old : smaller) {
    if (old.node == nullptr) {
      continue;
    }
    std::size_t slot = old.hash & (slots_.size() - 1);
    while (slots_[slot].node != nullptr) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = old;
  }
}

/// Later than every use in this shard, and than every use in another one from before the latest put.
std::uint64_t MemoryShard::next_tick_locked() {
  constexpr unsigned kSerialBits = 24;
  constexpr std::uint64_t kSerialMask = (std::uint64_t{1} << kSerialBits) - 1;
  ++serial_;
  return (epoch_.load(std::memory_order_relaxed) << kSerialBits) | (serial_ & kSerialMask);
}

void MemoryShard::heap_place_locked(std::size_t place, HeapItem item) {
  heap_[place] = item;
  item.node->heap_place = place;
}

void MemoryShard::heap_rise_locked(std::size_t place, HeapItem item) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (heap_[parent].used <= item.used) {
      break;
    }
    heap_place_locked(place, heap_[parent]);
    place = parent;
  }
  heap_place_locked(place, item);
}

void MemoryShard::heap_sink_locked(std::size_t place, HeapItem item) {
  while (2 * place + 1 < heap_.size()) {
    std::size_t child = 2 * place + 1;
    if (child + 1 < heap_.size() && heap_[child + 1].used < heap_[child].used) {
      ++child;
    }
    if (item.used <= heap_[child].used) {
      break;
    }
    heap_place_locked(place, heap_[child]);
    place = child;
  }
  heap_place_locked(place, item);
}

void MemoryShard::heap_remove_locked(std::size_t place) {
  const HeapItem last = heap_.back();
  const std::uint64_t gone = heap_[place].used;
  heap_.pop_back();
  if (place == heap_.size()) {
    return;
  }
  if (last.used < gone) {
    heap_rise_locked(place, last);
  } else {
    heap_sink_locked(place, last);
  }
}

void MemoryShard::heap_refresh_top_locked() {
  while (!heap_.empty() && heap_.front().used != heap_.front().node->used) {
    const HeapItem top = heap_.front();
    heap_sink_locked(0, {top.node->used, top.node});
  }
}

void MemoryShard::publish_oldest_locked() {
  oldest_.store(heap_.empty() ? kNothing : heap_.front().used, std::memory_order_relaxed);
}

}  // namespace repomap::detail
