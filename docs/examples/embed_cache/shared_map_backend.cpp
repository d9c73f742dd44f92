// SPDX-License-Identifier: Apache-2.0
#include "shared_map_backend.hpp"

#include <algorithm>

using repomap::MutexLock;

repomap::Result<std::vector<std::optional<repomap::CacheEntry>>> SharedMapBackend::get_many(
    std::span<const repomap::CacheKey> keys) {
  const auto now = repomap::system_clock().now();
  std::vector<std::optional<repomap::CacheEntry>> results;
  const MutexLock lock(mutex_);
  for (const repomap::CacheKey& key : keys) {
    const auto found = entries_.find(key);
    const bool is_hit = found != entries_.end() && (!found->second.expires || *found->second.expires > now);
    ++(is_hit ? hits_ : misses_);
    results.push_back(is_hit ? std::optional(found->second) : std::nullopt);
  }
  return results;
}

repomap::Status SharedMapBackend::put_many(std::span<const repomap::CacheItem> items) {
  const MutexLock lock(mutex_);
  for (const repomap::CacheItem& item : items) {
    entries_.insert_or_assign(item.key, item.entry);
  }
  return {};
}

repomap::Result<std::size_t> SharedMapBackend::erase(std::span<const repomap::CacheKey> keys) {
  const MutexLock lock(mutex_);
  std::size_t erased = 0;
  for (const repomap::CacheKey& key : keys) {
    erased += entries_.erase(key);
  }
  return erased;
}

repomap::Result<std::size_t> SharedMapBackend::evict(std::span<const repomap::CacheTag> tags) {
  const MutexLock lock(mutex_);
  return std::erase_if(entries_, [&tags](const auto& entry) {
    return std::ranges::find_first_of(entry.second.tags, tags) != entry.second.tags.end();
  });
}

repomap::Result<std::size_t> SharedMapBackend::clear() {
  const MutexLock lock(mutex_);
  const std::size_t count = entries_.size();
  entries_.clear();
  return count;
}

repomap::BackendStats SharedMapBackend::stats() const {
  const MutexLock lock(mutex_);
  repomap::BackendStats stats;
  stats.name = "shared map";
  stats.hits = hits_;
  stats.misses = misses_;
  stats.items = entries_.size();
  return stats;
}
