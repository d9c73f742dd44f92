// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

/// A backend of one's own: a plain map. What a client of a cache server would do in these six functions is what counts;
/// CacheBackend says what each has to promise.
class SharedMapBackend final : public repomap::CacheBackend {
 public:
  repomap::Result<std::vector<std::optional<repomap::CacheEntry>>> get_many(
      std::span<const repomap::CacheKey> keys) override;
  repomap::Status put_many(std::span<const repomap::CacheItem> items) override;
  repomap::Result<std::size_t> erase(std::span<const repomap::CacheKey> keys) override;
  repomap::Result<std::size_t> evict(std::span<const repomap::CacheTag> tags) override;
  repomap::Result<std::size_t> clear() override;
  repomap::BackendStats stats() const override;

 private:
  mutable repomap::Mutex mutex_;
  std::map<repomap::CacheKey, repomap::CacheEntry> entries_ GUARDED_BY(mutex_);
  std::uint64_t hits_ GUARDED_BY(mutex_) = 0;
  std::uint64_t misses_ GUARDED_BY(mutex_) = 0;
};
