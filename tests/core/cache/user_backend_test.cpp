// SPDX-License-Identifier: Apache-2.0
//
// A backend that somebody else wrote: the example of docs/CACHE.md, held to the contract of all backends, and used as a
// tier behind memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"
#include "tests/support/backend_contract.hpp"
#include "tests/support/single_operations.hpp"

namespace {

// [example]
using namespace repomap;

/// Keeps everything in a std::map. What a backend of your own has to do is all here: six operations on batches, tags
/// and expiry kept with the value, counts of keys, and a lock, as threads call it at the same time.
class MapBackend final : public CacheBackend {
 public:
  explicit MapBackend(const Clock& clock) : clock_(clock) {}

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override {
    std::vector<std::optional<CacheEntry>> results;  // one for each key, in their order
    const MutexLock lock(mutex_);
    for (const CacheKey& key : keys) {
      const auto found = entries_.find(key);
      const bool is_live = found != entries_.end() && (!found->second.expires || *found->second.expires > clock_.now());
      results.push_back(is_live ? std::optional(found->second) : std::nullopt);
      is_live ? ++hits_ : ++misses_;
    }
    return results;
  }

  Status put_many(std::span<const CacheItem> items) override {
    const MutexLock lock(mutex_);
    for (const CacheItem& item : items) {
      entries_[item.key] = item.entry;  // in the place of the old value, its tags and its expiry
    }
    puts_ += items.size();
    return {};  // or: return fail(ErrorCode::kIo, "…"), and a TieredCache leaves this tier out for a while
  }

  Result<std::size_t> erase(std::span<const CacheKey> keys) override {
    const MutexLock lock(mutex_);
    std::size_t count = 0;
    for (const CacheKey& key : keys) {
      count += entries_.erase(key);
    }
    return count;
  }

  Result<std::size_t> evict(std::span<const CacheTag> tags) override {
    const MutexLock lock(mutex_);
    return std::erase_if(entries_, [&](const auto& item) {
      return std::ranges::find_first_of(item.second.tags, tags) != item.second.tags.end();
    });
  }

  Result<std::size_t> clear() override {
    const MutexLock lock(mutex_);
    const std::size_t count = entries_.size();
    entries_.clear();
    return count;
  }

  BackendStats stats() const override {
    const MutexLock lock(mutex_);
    BackendStats stats;
    stats.name = "map";
    stats.hits = hits_;
    stats.misses = misses_;
    stats.puts = puts_;
    stats.items = entries_.size();
    for (const auto& [key, entry] : entries_) {
      stats.size_bytes += key.encoded().size() + entry.value->size();
    }
    return stats;
  }

 private:
  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<CacheKey, CacheEntry> entries_ GUARDED_BY(mutex_);
  std::uint64_t hits_ GUARDED_BY(mutex_) = 0;
  std::uint64_t misses_ GUARDED_BY(mutex_) = 0;
  std::uint64_t puts_ GUARDED_BY(mutex_) = 0;
};

/// Memory first, and behind it what you wrote.
std::unique_ptr<CacheBackend> make_my_cache(const Clock& clock) {
  std::vector<std::unique_ptr<CacheBackend>> tiers;
  tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
  tiers.push_back(std::make_unique<MapBackend>(clock));
  return std::make_unique<TieredCache>(std::move(tiers), TieredCacheSettings{}, clock);
}
// [example]

}  // namespace

namespace repomap {
namespace {

INSTANTIATE_TEST_SUITE_P(
    User, BackendContract,
    testing::Values(
        BackendMaker{"Map", [](const FakeClock& c) { return BackendUnderTest{{}, std::make_unique<MapBackend>(c)}; }},
        BackendMaker{"BehindMemory", [](const FakeClock& c) { return BackendUnderTest{{}, make_my_cache(c)}; }}),
    backend_maker_name);

TEST(UserBackend, IsATierLikeOurs) {
  const auto cache = make_my_cache(system_clock());
  put(*cache, make_item("answer", "42", {CacheTag::file("src/answer.c")}));
  EXPECT_EQ(get(*cache, "answer"), "42");
  EXPECT_EQ(cache->stats().tiers[1].name, "map");
  EXPECT_EQ(evict(*cache, "file:src/answer.c"), 1U);
  EXPECT_EQ(get(*cache, "answer"), std::nullopt);
}

}  // namespace
}  // namespace repomap
