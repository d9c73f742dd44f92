// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

/// A backend whose entries can be read but not changed: a cache on a read-only medium.
///
/// What is put is not kept. What was put, erased or evicted through this object is hidden from then on, so that nothing
/// older than that is ever given; if that gets too much to remember, everything is hidden. Owns the backend.
/// Thread-safe. Fails only where reading does.
class ReadOnlyBackend final : public CacheBackend {
 public:
  explicit ReadOnlyBackend(std::unique_ptr<CacheBackend> inner, std::size_t remembered_changes = 100'000)
      : inner_(std::move(inner)), remembered_changes_(remembered_changes) {}

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;
  Status put_many(std::span<const CacheItem> items) override;
  /// Gives how many of the keys had an entry that is now hidden.
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  /// Gives 0: entries are hidden when they are met.
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override;

 private:
  bool is_hidden_locked(const CacheKey& key, const CacheEntry& entry) const REQUIRES(mutex_);
  void bound_locked() REQUIRES(mutex_);

  // Fixed after construction.
  const std::unique_ptr<CacheBackend> inner_;
  const std::size_t remembered_changes_;

  mutable Mutex mutex_;
  bool is_all_hidden_ GUARDED_BY(mutex_) = false;
  std::unordered_set<CacheKey> keys_ GUARDED_BY(mutex_);
  std::set<CacheTag> tags_ GUARDED_BY(mutex_);
};

}  // namespace repomap
