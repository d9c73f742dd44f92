// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/latency_window.hpp"
#include "core/cache/sharded_store.hpp"

namespace repomap {

/// The tier on disk: a ShardedStore of byte strings. Owns the store. Thread-safe.
class DiskBackend final : public CacheBackend {
 public:
  explicit DiskBackend(std::unique_ptr<ShardedStore> store);

  /// Opens the store and puts a backend in front of it. Errors: as for DiskStore::open().
  static Result<std::unique_ptr<DiskBackend>> open(const DiskStoreConfig& config);

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;
  Status put_many(std::span<const CacheItem> items) override;
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  /// Counts items and bytes on disk, which costs a pass over an index: not for a hot path.
  BackendStats stats() const override;

  /// For what only a store on disk has: transactions, checks, maintenance.
  ShardedStore& store() { return *store_; }

 private:
  Result<std::size_t> finished(Removal removal);

  const std::unique_ptr<ShardedStore> store_;
  std::atomic<std::uint64_t> errors_{0};
  LatencyWindow get_latency_{1};
  LatencyWindow put_latency_{1};
};

}  // namespace repomap
