// SPDX-License-Identifier: Apache-2.0
#include "core/cache/read_only_backend.hpp"

#include <algorithm>

namespace repomap {

bool ReadOnlyBackend::is_hidden_locked(const CacheKey& key, const CacheEntry& entry) const {
  return is_all_hidden_ || keys_.contains(key) ||
         std::ranges::any_of(entry.tags, [this](const CacheTag& tag) REQUIRES(mutex_) { return tags_.contains(tag); });
}

void ReadOnlyBackend::bound_locked() {
  if (keys_.size() + tags_.size() > remembered_changes_) {
    is_all_hidden_ = true;
    keys_.clear();
    tags_.clear();
  }
}

Result<std::vector<std::optional<CacheEntry>>> ReadOnlyBackend::get_many(std::span<const CacheKey> keys) {
  auto entries = inner_->get_many(keys);
  if (!entries) {
    return entries;
  }
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < entries->size(); ++i) {
    std::optional<CacheEntry>& entry = (*entries)[i];
    if (entry && is_hidden_locked(keys[i], *entry)) {
      entry.reset();
    }
  }
  return entries;
}

Status ReadOnlyBackend::put_many(std::span<const CacheItem> items) {
  const MutexLock lock(mutex_);
  for (const CacheItem& item : items) {
    keys_.insert(item.key);
  }
  bound_locked();
  return {};
}

Result<std::size_t> ReadOnlyBackend::erase(std::span<const CacheKey> keys) {
  REPOMAP_ASSIGN(const auto entries, get_many(keys));
  std::unordered_set<CacheKey> hidden;
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (entries[i]) {
      hidden.insert(keys[i]);
    }
    keys_.insert(keys[i]);
  }
  bound_locked();
  return hidden.size();
}

Result<std::size_t> ReadOnlyBackend::evict(std::span<const CacheTag> tags) {
  const MutexLock lock(mutex_);
  tags_.insert(tags.begin(), tags.end());
  bound_locked();
  return 0;
}

Result<std::size_t> ReadOnlyBackend::clear() {
  const MutexLock lock(mutex_);
  is_all_hidden_ = true;
  keys_.clear();
  tags_.clear();
  return 0;
}

BackendStats ReadOnlyBackend::stats() const {
  BackendStats stats = inner_->stats();
  stats.trouble = stats.trouble.empty() ? "read-only: nothing new is kept there" : stats.trouble;
  return stats;
}

}  // namespace repomap
