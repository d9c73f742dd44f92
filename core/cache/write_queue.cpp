// SPDX-License-Identifier: Apache-2.0
#include "core/cache/write_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repomap {
namespace {

bool carries_any(const CacheEntry& entry, std::span<const CacheTag> tags) {
  return std::ranges::any_of(entry.tags,
                             [&](const CacheTag& tag) { return std::ranges::find(tags, tag) != tags.end(); });
}

}  // namespace

void WriteQueue::add(std::span<const CacheItem> items) {
  std::vector<CacheBytes> replaced;  // freed when the lock is given back
  MutexLock lock(mutex_);
  for (const CacheItem& item : items) {
    const auto [position, is_new] = entries_.try_emplace(item.key, Queued{next_number_, {}});
    Queued& queued = position->second;
    if (is_new) {
      order_.emplace(next_number_++, item.key);
    } else {
      size_bytes_ -= queued.entry.value->size();
      replaced.push_back(std::move(queued.entry.value));
    }
    queued.entry = item.entry;
    size_bytes_ += queued.entry.value->size();
  }
}

std::size_t WriteQueue::find(std::span<const CacheKey> keys, std::span<std::optional<CacheEntry>> results) const {
  std::size_t found = 0;
  MutexLock lock(mutex_);
  for (std::size_t index = 0; index < keys.size() && !entries_.empty(); ++index) {
    if (results[index]) {
      continue;
    }
    if (const auto position = entries_.find(keys[index]); position != entries_.end()) {
      results[index] = position->second.entry;
      ++found;
    }
  }
  return found;
}

std::size_t WriteQueue::erase(std::span<const CacheKey> keys) {
  std::vector<CacheBytes> removed;  // freed when the lock is given back
  MutexLock lock(mutex_);
  for (const CacheKey& key : keys) {
    if (const auto position = entries_.find(key); position != entries_.end()) {
      remove_locked(position, removed);
    }
  }
  return removed.size();
}

std::vector<CacheKey> WriteQueue::tagged(std::span<const CacheTag> tags) const {
  std::vector<CacheKey> keys;
  MutexLock lock(mutex_);
  for (const auto& [key, queued] : entries_) {
    if (carries_any(queued.entry, tags)) {
      keys.push_back(key);
    }
  }
  return keys;
}

void WriteQueue::evict(std::span<const CacheKey> keys, std::span<const CacheTag> tags) {
  std::vector<CacheBytes> removed;  // freed when the lock is given back
  MutexLock lock(mutex_);
  for (const CacheKey& key : keys) {
    const auto position = entries_.find(key);
    if (position != entries_.end() && carries_any(position->second.entry, tags)) {
      remove_locked(position, removed);
    }
  }
}

std::size_t WriteQueue::clear() {
  Entries cleared;  // freed when the lock is given back
  MutexLock lock(mutex_);
  cleared.swap(entries_);
  order_.clear();
  size_bytes_ = 0;
  return cleared.size();
}

std::uint64_t WriteQueue::next_number() const {
  MutexLock lock(mutex_);
  return next_number_;
}

std::vector<CacheKey> WriteQueue::oldest(std::uint64_t number, std::size_t count) const {
  std::vector<CacheKey> keys;
  MutexLock lock(mutex_);
  for (auto position = order_.begin(); position != order_.end() && position->first < number && keys.size() < count;
       ++position) {
    keys.push_back(position->second);
  }
  return keys;
}

std::vector<CacheItem> WriteQueue::entries(std::span<const CacheKey> keys) const {
  std::vector<CacheItem> items;
  MutexLock lock(mutex_);
  for (const CacheKey& key : keys) {
    if (const auto position = entries_.find(key); position != entries_.end()) {
      items.push_back({key, position->second.entry});
    }
  }
  return items;
}

std::size_t WriteQueue::items() const {
  MutexLock lock(mutex_);
  return entries_.size();
}

std::uint64_t WriteQueue::size_bytes() const {
  MutexLock lock(mutex_);
  return size_bytes_;
}

void WriteQueue::remove_locked(Entries::iterator position, std::vector<CacheBytes>& removed) {
  size_bytes_ -= position->second.entry.value->size();
  removed.push_back(std::move(position->second.entry.value));
  order_.erase(position->second.number);
  entries_.erase(position);
}

}  // namespace repomap
