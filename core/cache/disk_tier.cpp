// SPDX-License-Identifier: Apache-2.0
#include "core/cache/disk_tier.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/cache/read_only_backend.hpp"

namespace repomap {
namespace {

bool is_writable(const std::string& path) { return ::access(path.c_str(), W_OK) == 0 || errno == ENOENT; }

/// As the store sees it: it falls back to reading where its directory or its database cannot be written to.
bool is_read_only_store(const DiskStoreConfig& config, const ShardedStore& store) {
  const std::string& directory = store.shard(0).directory();
  return config.access == StoreAccess::kReadOnly || ::access(directory.c_str(), W_OK | X_OK) != 0 ||
         !is_writable(join_path(directory, "cache.db"));
}

}  // namespace

Result<DiskTier::Opened> DiskTier::open() const {
  REPOMAP_ASSIGN(std::unique_ptr<DiskBackend> backend, DiskBackend::open(config_));
  Opened opened;
  opened.store = &backend->store();
  opened.is_read_only = is_read_only_store(config_, *opened.store);
  if (opened.is_read_only) {
    opened.backend = std::make_unique<ReadOnlyBackend>(std::move(backend));
  } else {
    opened.backend = std::move(backend);
  }
  return opened;
}

Result<CacheBackend*> DiskTier::opened() {
  {
    const MutexLock lock(mutex_);
    if (opened_.backend) {
      return opened_.backend.get();
    }
  }
  // Threads that come at the same time each open it; the first one's stays.
  REPOMAP_ASSIGN(Opened opened, open());
  const MutexLock lock(mutex_);
  if (!opened_.backend) {
    opened_ = std::exchange(opened, {});
  }
  return opened_.backend.get();
}

Status DiskTier::ensure_open() {
  REPOMAP_TRY(opened());
  return {};
}

ShardedStore* DiskTier::store() const {
  const MutexLock lock(mutex_);
  return opened_.store;
}

bool DiskTier::is_read_only() const {
  const MutexLock lock(mutex_);
  return opened_.is_read_only;
}

Result<std::vector<std::optional<CacheEntry>>> DiskTier::get_many(std::span<const CacheKey> keys) {
  REPOMAP_ASSIGN(CacheBackend* const backend, opened());
  return backend->get_many(keys);
}

Status DiskTier::put_many(std::span<const CacheItem> items) {
  REPOMAP_ASSIGN(CacheBackend* const backend, opened());
  return backend->put_many(items);
}

Result<std::size_t> DiskTier::erase(std::span<const CacheKey> keys) {
  REPOMAP_ASSIGN(CacheBackend* const backend, opened());
  return backend->erase(keys);
}

Result<std::size_t> DiskTier::evict(std::span<const CacheTag> tags) {
  REPOMAP_ASSIGN(CacheBackend* const backend, opened());
  return backend->evict(tags);
}

Result<std::size_t> DiskTier::clear() {
  REPOMAP_ASSIGN(CacheBackend* const backend, opened());
  return backend->clear();
}

BackendStats DiskTier::stats() const {
  const CacheBackend* backend = nullptr;
  {
    const MutexLock lock(mutex_);
    backend = opened_.backend.get();
  }
  if (backend != nullptr) {
    return backend->stats();
  }
  BackendStats stats;
  stats.name = "disk";
  return stats;
}

}  // namespace repomap
