// SPDX-License-Identifier: Apache-2.0
#include "core/cache/disk_backend.hpp"

#include <string>
#include <utility>
#include <variant>

namespace repomap {
namespace {

/// The entry for callers; nothing for a number, which no backend has put.
std::optional<CacheEntry> to_cache_entry(std::optional<StoredEntry> stored) {
  auto* bytes = stored ? std::get_if<std::string>(&stored->value) : nullptr;
  if (bytes == nullptr) {
    return std::nullopt;
  }
  return CacheEntry{std::make_shared<const std::string>(std::move(*bytes)), std::move(stored->tags), stored->expires};
}

}  // namespace

DiskBackend::DiskBackend(std::unique_ptr<ShardedStore> store) : store_(std::move(store)) {}

Result<std::unique_ptr<DiskBackend>> DiskBackend::open(const DiskStoreConfig& config) {
  REPOMAP_ASSIGN(std::unique_ptr<ShardedStore> store, ShardedStore::open(config));
  return std::make_unique<DiskBackend>(std::move(store));
}

Result<std::vector<std::optional<CacheEntry>>> DiskBackend::get_many(std::span<const CacheKey> keys) {
  const LatencyTimer timer(get_latency_, system_clock());
  std::vector<std::optional<CacheEntry>> entries;
  entries.reserve(keys.size());
  if (keys.size() == 1) {
    auto found = store_->shard_of(keys.front()).get(keys.front());
    if (found) {
      entries.push_back(to_cache_entry(std::move(*found)));
      return entries;
    }
    ++errors_;
    return std::unexpected(std::move(found).error());
  }
  auto found = store_->get_many(keys);
  if (!found) {
    ++errors_;
    return std::unexpected(std::move(found).error());
  }
  for (std::optional<StoredEntry>& entry : *found) {
    entries.push_back(to_cache_entry(std::move(entry)));
  }
  return entries;
}

Status DiskBackend::put_many(std::span<const CacheItem> items) {
  const LatencyTimer timer(put_latency_, system_clock());
  std::vector<StoreItem> stored;
  stored.reserve(items.size());
  for (const CacheItem& item : items) {
    stored.push_back({&item.key, *item.entry.value, &item.entry.tags, item.entry.expires});
  }
  Status status = stored.empty() ? Status{} : store_->put_many(stored);
  errors_ += status ? 0 : 1;
  return status;
}

Result<std::size_t> DiskBackend::erase(std::span<const CacheKey> keys) {
  auto erased = keys.empty() ? Result<std::size_t>(0) : store_->erase_many(keys);
  errors_ += erased ? 0 : 1;
  return erased;
}

Result<std::size_t> DiskBackend::finished(Removal removal) {
  if (!removal.status) {
    ++errors_;
    return std::unexpected(std::move(removal.status).error());
  }
  return removal.removed;
}

Result<std::size_t> DiskBackend::evict(std::span<const CacheTag> tags) {
  return tags.empty() ? Result<std::size_t>(0) : finished(store_->evict(tags));
}

Result<std::size_t> DiskBackend::clear() { return finished(store_->clear()); }

BackendStats DiskBackend::stats() const {
  const StoreStats counted = store_->stats();
  const auto items = store_->count();
  const auto volume = store_->volume();
  BackendStats stats;
  stats.name = "disk";
  stats.hits = counted.hits;
  stats.misses = counted.misses;
  stats.puts = counted.puts;
  stats.evictions = counted.evictions;
  stats.errors = errors_;
  stats.items = items.value_or(0);
  stats.size_bytes = volume.value_or(0);
  stats.limit_bytes = store_->settings().size_limit_bytes;
  stats.get_latency = get_latency_.summary();
  stats.put_latency = put_latency_.summary();
  stats.trouble = !items ? items.error().message : !volume ? volume.error().message : "";
  return stats;
}

}  // namespace repomap
