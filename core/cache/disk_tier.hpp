// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/disk_backend.hpp"

namespace repomap {

/// A DiskBackend that need not be there yet: each operation opens the store if that has not succeeded before, and
/// fails as opening does. So a cache whose disk is full, or whose store another program has made, works without it
/// until it can be used. A store that can only be read is wrapped in a ReadOnlyBackend. Thread-safe.
class DiskTier final : public CacheBackend {
 public:
  /// Opens nothing yet.
  explicit DiskTier(DiskStoreConfig config) : config_(std::move(config)) {}

  /// Errors: those of DiskBackend::open().
  Status ensure_open();

  /// Null until it is open.
  ShardedStore* store() const;
  bool is_read_only() const;

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;
  Status put_many(std::span<const CacheItem> items) override;
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override;

 private:
  /// What opening has given; lives as long as the tier.
  struct Opened {
    std::unique_ptr<CacheBackend> backend;
    ShardedStore* store = nullptr;
    bool is_read_only = false;
  };

  Result<CacheBackend*> opened();
  Result<Opened> open() const;

  const DiskStoreConfig config_;

  mutable Mutex mutex_;
  Opened opened_ GUARDED_BY(mutex_);  // set once
};

}  // namespace repomap
