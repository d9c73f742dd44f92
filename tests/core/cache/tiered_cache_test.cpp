// SPDX-License-Identifier: Apache-2.0
#include "core/cache/tiered_cache.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_remote_backend.hpp"
#include "tests/support/moment.hpp"
#include "tests/support/single_operations.hpp"
#include "tests/support/tiered_rig.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::optional<std::string> kMiss;
const TieredCacheSettings kBehind{.write_mode = WriteMode::kBehind, .retry = {}};

TEST(TieredCache, PromotesAHitFromL2ToL1WithTagsAndExpiry) {
  TieredRig rig(2);
  const auto expires = rig.clock().now() + seconds(5);
  put(rig.memory(2), make_item("a", "1", {{"t"}}, expires));
  EXPECT_EQ(get(rig.cache(), "a"), "1");
  const std::optional<CacheEntry> promoted = get_entry(rig.memory(1), "a");
  ASSERT_TRUE(promoted);
  EXPECT_EQ(promoted->tags, std::vector<CacheTag>{{"t"}});
  EXPECT_EQ(promoted->expires, expires);
  EXPECT_EQ(get(rig.cache(), "a"), "1");
  EXPECT_EQ(rig.tier(2).calls(BackendOperation::kGet), 1U);
}

TEST(TieredCache, PromotesFromTheThirdTierToBothNearerOnes) {
  TieredRig rig(3);
  put(rig.memory(3), make_item("a", "1"));
  put(rig.memory(2), make_item("b", "2"));
  const std::array keys = {CacheKey::from_text("a"), CacheKey::from_text("b"), CacheKey::from_text("c")};
  ASSERT_TRUE(rig.cache().get_many(keys));
  EXPECT_EQ(get(rig.memory(1), "a"), "1");
  EXPECT_EQ(get(rig.memory(2), "a"), "1");
  EXPECT_EQ(get(rig.memory(1), "b"), "2");
  EXPECT_EQ(get(rig.memory(3), "b"), kMiss);
  EXPECT_EQ(rig.cache().stats().hits, 2U);
  EXPECT_EQ(rig.cache().stats().misses, 1U);
}

TEST(TieredCache, AsksAFarTierOnlyForWhatIsMissing) {
  TieredRig rig(2);
  put(rig.memory(1), make_item("a", "1"));
  put(rig.memory(2), make_item("a", "not asked for"));
  put(rig.memory(2), make_item("b", "2"));
  const std::array keys = {CacheKey::from_text("a"), CacheKey::from_text("b")};
  const auto found = rig.cache().get_many(keys);
  ASSERT_TRUE(found && (*found)[0] && (*found)[1]);
  EXPECT_EQ(*(*found)[0]->value, "1");
  EXPECT_EQ(*(*found)[1]->value, "2");
  EXPECT_EQ(rig.memory(2).stats().hits, 1U);
}

TEST(TieredCache, WritesThroughToEveryTier) {
  TieredRig rig(3);
  put(rig.cache(), make_item("a", "1"));
  for (std::size_t tier = 1; tier <= 3; ++tier) {
    EXPECT_EQ(get(rig.memory(tier), "a"), "1");
  }
}

TEST(TieredCache, AThirdTierIsOneMoreLine) {
  const FakeClock clock;
  const auto server = std::make_shared<FakeRemoteServer>();
  const auto make_stack = [&] {
    std::vector<std::unique_ptr<CacheBackend>> tiers;
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
    tiers.push_back(std::make_unique<FakeRemoteBackend>(server, clock));  // the line
    return std::make_unique<TieredCache>(std::move(tiers), TieredCacheSettings{}, clock);
  };
  put(*make_stack(), make_item("a", "from one machine", {{"t"}}));
  const auto other = make_stack();
  EXPECT_EQ(get(*other, "a"), "from one machine");
  const std::uint64_t requests = server->requests();
  EXPECT_EQ(get(*other, "a"), "from one machine");
  EXPECT_EQ(server->requests(), requests);
  EXPECT_EQ(evict(*other, "t"), 1U);
  EXPECT_EQ(get(*make_stack(), "a"), kMiss);
}

TEST(TieredCache, LivesWithARemoteThatIsLostEmptiedDamagedAndSlow) {
  const FakeClock clock;
  const auto server = std::make_shared<FakeRemoteServer>();
  std::vector<std::unique_ptr<CacheBackend>> tiers;
  tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{.limit_items = 1, .shards = 1}, clock));
  tiers.push_back(std::make_unique<FakeRemoteBackend>(server, clock));
  TieredCache cache(std::move(tiers), {}, clock);
  server->set_latency(milliseconds(20));
  put(cache, make_item("a", "1"));
  put(cache, make_item("b", "2"));  // a is in the remote tier only
  EXPECT_EQ(get(cache, "a"), "1");
  EXPECT_GE(cache.stats().get_latency.max, milliseconds(20));
  server->set_reachable(false);
  EXPECT_EQ(get(cache, "b"), kMiss);
  EXPECT_EQ(get(cache, "a"), "1");
  server->set_reachable(true);
  clock.advance(seconds(1));
  EXPECT_EQ(get(cache, "b"), "2");
  put(cache, make_item("c", "3"));
  server->damage_everything();
  EXPECT_EQ(get(cache, "a"), kMiss);
  EXPECT_EQ(get(cache, "c"), "3");
  server->lose_everything();
  EXPECT_EQ(get(cache, "b"), kMiss);
}

TEST(TieredCache, ReportsTooLargeOnlyIfNoTierTakesTheItem) {
  const FakeClock clock;
  const auto stack = [&](std::uint64_t far_bytes) {
    std::vector<std::unique_ptr<CacheBackend>> tiers;
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{.limit_bytes = 2'000}, clock));
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{.limit_bytes = far_bytes}, clock));
    return std::make_unique<TieredCache>(std::move(tiers), TieredCacheSettings{}, clock);
  };
  const CacheItem large = make_item("a", std::string(3'000, 'x'));
  const auto roomy = stack(100'000);
  put(*roomy, make_item("a", "old"));
  put(*roomy, large);
  EXPECT_EQ(get(*roomy, "a"), std::string(3'000, 'x'));
  const auto narrow = stack(2'500);
  const Status status = narrow->put_many({&large, 1});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(narrow->stats().errors, 0U);
}

TEST(TieredCache, AggregatesItsTiersStatistics) {
  TieredRig rig(2);
  put(rig.cache(), make_item("a", "1"));
  EXPECT_EQ(get(rig.cache(), "a"), "1");
  EXPECT_EQ(get(rig.cache(), "absent"), kMiss);
  const BackendStats stats = rig.cache().stats();
  ASSERT_EQ(stats.tiers.size(), 2U);
  EXPECT_EQ(stats.hits, 1U);
  EXPECT_EQ(stats.misses, 1U);
  EXPECT_EQ(stats.puts, 1U);
  EXPECT_EQ(stats.items, 1U);
  EXPECT_EQ(stats.size_bytes, stats.tiers[0].size_bytes + stats.tiers[1].size_bytes);
  EXPECT_EQ(stats.tiers[0].hits, 1U);
  EXPECT_EQ(stats.tiers[1].hits, 0U);
  EXPECT_EQ(stats.tiers[1].misses, 1U);
  EXPECT_EQ(stats.get_latency.count, 2U);
  EXPECT_EQ(stats.put_latency.count, 1U);
}

// ---- write behind ----

TEST(TieredCacheBehind, WritesTheNearestTierAtOnceAndTheOthersWhenFlushed) {
  TieredRig rig(3, kBehind);
  put(rig.cache(), make_item("a", "1", {{"t"}}));
  EXPECT_EQ(get(rig.memory(1), "a"), "1");
  EXPECT_EQ(get(rig.memory(2), "a"), kMiss);
  EXPECT_TRUE(rig.cache().flush());
  EXPECT_EQ(get(rig.memory(2), "a"), "1");
  EXPECT_EQ(get(rig.memory(3), "a"), "1");
}

TEST(TieredCacheBehind, ReadersSeeWhatIsQueuedWhenTheNearestTierHasDroppedIt) {
  TieredRig rig(2, kBehind);
  put(rig.memory(2), make_item("a", "old"));
  put(rig.cache(), make_item("a", "new", {}, rig.clock().now() + seconds(10)));
  ASSERT_TRUE(rig.memory(1).clear());
  EXPECT_EQ(get(rig.cache(), "a"), "new");
  rig.clock().advance(seconds(10));
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);  // and not the old one that is to be overwritten
}

TEST(TieredCacheBehind, ADestroyedCacheHasWrittenWhatWasQueued) {
  const FakeClock clock;
  const auto server = std::make_shared<FakeRemoteServer>();
  {
    std::vector<std::unique_ptr<CacheBackend>> tiers;
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
    tiers.push_back(std::make_unique<FakeRemoteBackend>(server, clock));
    TieredCache cache(std::move(tiers), kBehind, clock);
    for (int number = 0; number < 1'000; ++number) {
      put(cache, make_item(std::to_string(number), "v"));
    }
  }
  EXPECT_EQ(FakeRemoteBackend(server, clock).stats().items, 1'000U);
}

TEST(TieredCacheBehind, RemovesFromTheQueueWhatIsErasedEvictedOrCleared) {
  TieredRig rig(2, kBehind);
  const std::array items = {make_item("a", "1"), make_item("b", "2", {{"t"}}), make_item("c", "3")};
  ASSERT_TRUE(rig.cache().put_many(items));
  EXPECT_EQ(erase(rig.cache(), "a"), 1U);
  EXPECT_EQ(evict(rig.cache(), "t"), 1U);
  ASSERT_TRUE(rig.cache().flush());
  EXPECT_EQ(get(rig.memory(2), "a"), kMiss);
  EXPECT_EQ(get(rig.memory(2), "b"), kMiss);
  EXPECT_EQ(get(rig.memory(2), "c"), "3");
  put(rig.cache(), make_item("d", "4"));
  EXPECT_EQ(rig.cache().clear().value_or(0), 2U);
  ASSERT_TRUE(rig.cache().flush());
  EXPECT_EQ(rig.memory(2).stats().items, 0U);
}

TEST(TieredCacheBehind, EvictingAQueuedEntryDoesNotBringBackTheOneItWasToReplace) {
  TieredRig rig(2, kBehind);
  put(rig.cache(), make_item("a", "old", {{"old"}}));
  ASSERT_TRUE(rig.cache().flush());
  put(rig.cache(), make_item("a", "new", {{"new"}}));
  EXPECT_EQ(evict(rig.cache(), "new"), 1U);
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);
}

TEST(TieredCacheBehind, WritesEachKeyOnceHoweverOftenItWasPut) {
  TieredRig rig(2, kBehind);
  for (int version = 0; version < 100; ++version) {
    put(rig.cache(), make_item("a", std::to_string(version)));
  }
  ASSERT_TRUE(rig.cache().flush());
  EXPECT_EQ(rig.memory(2).stats().puts, 1U);
  EXPECT_EQ(get(rig.memory(2), "a"), "99");
}

TEST(TieredCacheBehind, WhoOverfillsTheQueueWritesIt) {
  TieredCacheSettings settings = kBehind;
  settings.queued_items = 0;
  TieredRig by_items(2, settings);
  put(by_items.cache(), make_item("a", "v"));
  EXPECT_EQ(get(by_items.memory(2), "a"), "v");
  settings = kBehind;
  settings.queued_bytes = 1'000;
  TieredRig by_bytes(2, settings);
  put(by_bytes.cache(), make_item("a", std::string(1'001, 'v')));
  EXPECT_EQ(by_bytes.memory(2).stats().items, 1U);
}

TEST(TieredCacheBehind, AHalfFullQueueIsWrittenBeforeItsTime) {
  TieredCacheSettings settings = kBehind;
  settings.queued_items = 10;
  Moment is_written;
  TieredRig rig(2, settings);
  rig.tier(2).set_after([&](BackendOperation) { is_written.reach(); });
  for (int number = 0; number < 6; ++number) {
    put(rig.cache(), make_item(std::to_string(number), "v"));
  }
  is_written.wait();
}

TEST(TieredCacheBehind, AFailedLateWriteIsReportedByFlushAndNeverServesTheOldValue) {
  TieredRig rig(2, kBehind);
  put(rig.cache(), make_item("a", "old"));
  ASSERT_TRUE(rig.cache().flush());
  put(rig.cache(), make_item("a", "new"));
  rig.tier(2).fail_all(ErrorCode::kNoSpace);
  const Status flushed = rig.cache().flush();
  ASSERT_FALSE(flushed);
  EXPECT_NE(flushed.error().message.find("on demand"), std::string::npos) << flushed.error().message;
  EXPECT_EQ(get(rig.cache(), "a"), "new");
  ASSERT_TRUE(rig.memory(1).clear());
  rig.tier(2).heal();
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);
}

}  // namespace
}  // namespace repomap
