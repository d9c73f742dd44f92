// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/faulty_backend.hpp"

namespace repomap {

/// A TieredCache over tiers in memory that fail and stop on demand, none of them limited.
class TieredRig {
 public:
  explicit TieredRig(std::size_t tiers, TieredCacheSettings settings = {}) {
    settings.flush_interval = std::chrono::hours(1);
    std::vector<std::unique_ptr<CacheBackend>> backends;
    for (std::size_t tier = 0; tier < tiers; ++tier) {
      auto memory = std::make_unique<MemoryBackend>(MemoryBackendSettings{0, 0, 2}, clock_);
      memories_.push_back(memory.get());
      auto faulty = std::make_unique<FaultyBackend>(std::move(memory));
      faulty_.push_back(faulty.get());
      backends.push_back(std::move(faulty));
    }
    cache_ = std::make_unique<TieredCache>(std::move(backends), settings, clock_);
  }

  TieredCache& cache() { return *cache_; }
  FakeClock& clock() { return clock_; }

  /// Tier 1 is the nearest, as in "L1". What is done to its memory is not known to the cache.
  FaultyBackend& tier(std::size_t number) { return *faulty_.at(number - 1); }
  MemoryBackend& memory(std::size_t number) { return *memories_.at(number - 1); }

 private:
  FakeClock clock_;
  std::vector<MemoryBackend*> memories_;
  std::vector<FaultyBackend*> faulty_;
  std::unique_ptr<TieredCache> cache_;
};

}  // namespace repomap
