// SPDX-License-Identifier: Apache-2.0
//
// Tiers that fail: no request does, and nothing out of date comes back with them.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/cache/tiered_cache.hpp"
#include "tests/support/single_operations.hpp"
#include "tests/support/tiered_rig.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::optional<std::string> kMiss;

TieredCacheSettings with_retry(TierRetrySettings retry) { return {.write_mode = WriteMode::kThrough, .retry = retry}; }

TEST(TieredFailure, NoOperationFailsWhileOneTierWorks) {
  for (const std::size_t broken : {1U, 2U, 3U}) {
    for (const FaultMoment moment : {FaultMoment::kBefore, FaultMoment::kAfter}) {
      TieredRig rig(3);
      rig.tier(broken).fail_all(ErrorCode::kIo, moment);
      put(rig.cache(), make_item("a", "1", {{"t"}}));
      EXPECT_EQ(get(rig.cache(), "a"), "1");
      EXPECT_EQ(evict(rig.cache(), "t"), 1U);
      EXPECT_EQ(get(rig.cache(), "a"), kMiss);
      put(rig.cache(), make_item("b", "2"));
      EXPECT_EQ(erase(rig.cache(), "b"), 1U);
      put(rig.cache(), make_item("c", "3"));
      EXPECT_EQ(rig.cache().clear().value_or(0), 1U);
      EXPECT_EQ(get(rig.cache(), "c"), kMiss);
      const BackendStats stats = rig.cache().stats();
      EXPECT_EQ(stats.errors, 1U);
      EXPECT_GT(stats.skipped, 3U);
      EXPECT_EQ(stats.tiers[broken - 1].errors, 1U);
      EXPECT_NE(stats.trouble.find("on demand"), std::string::npos);
    }
  }
}

TEST(TieredFailure, EveryOperationIsCountedAndPutsTheTierOut) {
  const std::array operations = {BackendOperation::kGet, BackendOperation::kPut, BackendOperation::kErase,
                                 BackendOperation::kEvict, BackendOperation::kClear};
  for (const BackendOperation operation : operations) {
    TieredRig rig(2);
    rig.tier(2).fail_only(operation);
    put(rig.cache(), make_item("a", "1"));
    EXPECT_EQ(get(rig.cache(), "absent"), kMiss);
    EXPECT_EQ(erase(rig.cache(), "a"), 1U);
    EXPECT_EQ(evict(rig.cache(), "t"), 0U);
    EXPECT_TRUE(rig.cache().clear());
    EXPECT_EQ(rig.cache().stats().tiers[1].errors, 1U) << static_cast<int>(operation);
    EXPECT_EQ(rig.tier(2).calls(operation), 1U);
  }
}

TEST(TieredFailure, FailsOnlyWhenNoTierWorks) {
  TieredRig rig(2);
  put(rig.cache(), make_item("a", "1"));
  rig.tier(1).fail_all();
  rig.tier(2).fail_all();
  const CacheKey key = CacheKey::from_text("a");
  const auto found = rig.cache().get_many({&key, 1});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kIo);
  EXPECT_NE(found.error().message.find("on demand"), std::string::npos) << found.error().message;
  const CacheItem item = make_item("b", "2");
  EXPECT_FALSE(rig.cache().put_many({&item, 1}));
}

TEST(TieredFailure, ATierIsRetriedAfterGrowingDelaysByOneRequest) {
  TieredRig rig(2, with_retry({.first_delay = milliseconds(100), .longest_delay = milliseconds(350)}));
  rig.tier(2).fail_all();
  std::vector<std::size_t> calls;
  for (int step = 0; step < 20; ++step) {  // one look-up every 50 ms
    EXPECT_EQ(get(rig.cache(), "absent"), kMiss);
    calls.push_back(rig.tier(2).calls(BackendOperation::kGet));
    rig.clock().advance(milliseconds(50));
  }
  // Tries at 0, 100, 300, 650 (350 and not 400), and so on.
  EXPECT_EQ(calls, (std::vector<std::size_t>{1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4}));
  rig.tier(2).heal();
  put(rig.memory(2), make_item("absent", "here"));
  rig.clock().advance(milliseconds(350));
  EXPECT_EQ(get(rig.cache(), "absent"), "here");
  EXPECT_EQ(rig.cache().stats().trouble, "");
}

TEST(TieredFailure, ATierThatFailsAgainSoonAfterItsReturnWaitsLonger) {
  TieredRig rig(2, with_retry({.first_delay = milliseconds(100), .longest_delay = seconds(10)}));
  const auto fail_once = [&] {
    rig.tier(2).fail_all();
    EXPECT_EQ(get(rig.cache(), "absent"), kMiss);
    rig.tier(2).heal();
  };
  const auto is_asked = [&] {
    const std::size_t before = rig.tier(2).calls(BackendOperation::kGet);
    EXPECT_EQ(get(rig.cache(), "absent"), kMiss);
    return rig.tier(2).calls(BackendOperation::kGet) > before;
  };
  fail_once();
  rig.clock().advance(milliseconds(100));
  EXPECT_TRUE(is_asked());
  fail_once();
  rig.clock().advance(milliseconds(100));
  EXPECT_FALSE(is_asked());
  rig.clock().advance(milliseconds(100));
  EXPECT_TRUE(is_asked());
  rig.clock().advance(seconds(20));  // well for long
  fail_once();
  rig.clock().advance(milliseconds(100));
  EXPECT_TRUE(is_asked());
}

/// A change that tier 2 misses, and what must not be found afterwards.
struct MissedChange {
  const char* name;
  std::function<void(TieredCache&)> change;
  std::optional<std::string> expected;  ///< of "a" when tier 1 has lost everything
};

std::vector<MissedChange> missed_changes() {
  return {
      {"put", [](TieredCache& cache) { put(cache, make_item("a", "new")); }, std::nullopt},
      {"erase", [](TieredCache& cache) { erase(cache, "a"); }, std::nullopt},
      {"evict", [](TieredCache& cache) { evict(cache, "t"); }, std::nullopt},
      {"clear", [](TieredCache& cache) { EXPECT_TRUE(cache.clear()); }, std::nullopt},
      {"change of another key", [](TieredCache& cache) { put(cache, make_item("b", "new")); }, "old"},
      {"eviction of another tag", [](TieredCache& cache) { evict(cache, "u"); }, "old"},
  };
}

TEST(TieredFailure, WhatATierMissedIsAppliedBeforeItIsUsedAgain) {
  for (const MissedChange& missed : missed_changes()) {
    for (const bool fails_with_this : {true, false}) {
      TieredRig rig(2);
      put(rig.cache(), make_item("a", "old", {{"t"}}));
      rig.tier(2).fail_all();
      if (!fails_with_this) {
        EXPECT_EQ(get(rig.cache(), "absent"), kMiss);  // out already
      }
      missed.change(rig.cache());
      ASSERT_TRUE(rig.memory(1).clear());
      EXPECT_EQ(get(rig.cache(), "a"), kMiss) << missed.name;
      rig.tier(2).heal();
      EXPECT_EQ(get(rig.cache(), "a"), kMiss) << missed.name;  // its time has not come
      rig.clock().advance(seconds(60));
      EXPECT_EQ(get(rig.cache(), "a"), missed.expected) << missed.name;
    }
  }
}

TEST(TieredFailure, ANearTierThatMissedAChangeIsBroughtUpToDateToo) {
  TieredRig rig(2);
  put(rig.cache(), make_item("a", "old"));
  rig.tier(1).fail_all();
  put(rig.cache(), make_item("a", "new"));
  rig.tier(1).heal();
  EXPECT_EQ(get(rig.cache(), "a"), "new");
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "a"), "new");
  EXPECT_EQ(get(rig.memory(1), "a"), "new");
}

TEST(TieredFailure, AnOverflowOfWhatIsRememberedClearsTheTier) {
  TieredRig rig(2, with_retry({.remembered_changes = 10}));
  put(rig.cache(), make_item("kept", "1"));
  put(rig.cache(), make_item("0", "old"));
  rig.tier(2).fail_all();
  for (int key = 0; key < 11; ++key) {
    put(rig.cache(), make_item(std::to_string(key), "new"));
  }
  rig.tier(2).heal();
  ASSERT_TRUE(rig.memory(1).clear());
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "0"), kMiss);
  EXPECT_EQ(get(rig.cache(), "kept"), kMiss);
  EXPECT_EQ(rig.tier(2).calls(BackendOperation::kClear), 1U);
}

TEST(TieredFailure, ATierThatCannotCatchUpStaysOut) {
  TieredRig rig(2);
  put(rig.cache(), make_item("a", "old"));
  rig.tier(2).fail_all();
  EXPECT_EQ(erase(rig.cache(), "a"), 1U);
  rig.tier(2).fail_only(BackendOperation::kErase);
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);
  EXPECT_EQ(rig.tier(2).calls(BackendOperation::kGet), 0U);
  rig.tier(2).heal();
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);
  EXPECT_EQ(rig.tier(2).calls(BackendOperation::kGet), 1U);
}

TEST(TieredFailure, AFailureWithTheWorkDoneIsUndone) {
  TieredRig rig(2);
  rig.tier(2).fail_all(ErrorCode::kIo, FaultMoment::kAfter);
  put(rig.cache(), make_item("a", "1"));
  rig.tier(2).heal();
  EXPECT_EQ(erase(rig.cache(), "a"), 1U);
  rig.clock().advance(seconds(60));
  EXPECT_EQ(get(rig.cache(), "a"), kMiss);
}

TEST(TieredFailure, ADestroyedCacheTriesOnceMoreToApplyWhatWasMissed) {
  FakeClock clock;
  auto memory = std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock);
  auto shared = std::make_unique<FaultyBackend>(std::move(memory));
  FaultyBackend& faulty = *shared;
  std::size_t erased = 0;
  faulty.set_after([&](BackendOperation operation) { erased += operation == BackendOperation::kErase ? 1 : 0; });
  {
    std::vector<std::unique_ptr<CacheBackend>> tiers;
    tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
    tiers.push_back(std::move(shared));
    TieredCache cache(std::move(tiers), {}, clock);
    faulty.fail_all();
    put(cache, make_item("a", "new"));
    faulty.heal();
  }
  EXPECT_EQ(erased, 1U);
}

/// Answers one key too few.
class ShortAnswers final : public CacheBackend {
 public:
  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override {
    return std::vector<std::optional<CacheEntry>>(keys.size() - 1);
  }
  Status put_many(std::span<const CacheItem>) override { return {}; }
  Result<std::size_t> erase(std::span<const CacheKey>) override { return 0; }
  Result<std::size_t> evict(std::span<const CacheTag>) override { return 0; }
  Result<std::size_t> clear() override { return 0; }
  BackendStats stats() const override {
    BackendStats stats;
    stats.name = "short";
    return stats;
  }
};

TEST(TieredFailure, AnAnswerOfTheWrongLengthIsAFailureOfItsTier) {
  const FakeClock clock;
  std::vector<std::unique_ptr<CacheBackend>> tiers;
  tiers.push_back(std::make_unique<ShortAnswers>());
  tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock));
  TieredCache cache(std::move(tiers), {}, clock);
  put(cache, make_item("a", "1"));
  EXPECT_EQ(get(cache, "a"), "1");
  EXPECT_EQ(cache.stats().tiers[0].errors, 1U);
}

TEST(TieredFailure, NeverGivesAnythingOlderWhileTiersComeAndGo) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  TieredRig rig(
      3, with_retry({.first_delay = milliseconds(20), .longest_delay = milliseconds(100), .remembered_changes = 4}));
  std::vector<std::optional<std::string>> latest(8);
  for (int step = 0; step < 5'000; ++step) {
    const std::size_t number = random() % latest.size();
    const std::string key = std::to_string(number);
    switch (random() % 10) {
      case 0:
        rig.tier(random() % 3 + 1)
            .fail_all(ErrorCode::kIo, random() % 2 == 0 ? FaultMoment::kBefore : FaultMoment::kAfter);
        break;
      case 1:
      case 2: rig.tier(random() % 3 + 1).heal(); break;
      case 3:
        latest[number].reset();
        (void)rig.cache().erase(std::array{CacheKey::from_text(key)});
        break;
      case 4:
        latest[number].reset();
        (void)rig.cache().evict(std::array{CacheTag{"t" + key}});
        break;
      case 5: (void)rig.memory(random() % 3 + 1).evict_lru(2); break;
      case 6: rig.clock().advance(milliseconds(random() % 60)); break;
      case 7: {
        latest[number] = std::to_string(step);
        const CacheItem item = make_item(key, *latest[number], {{"t" + key}});
        (void)rig.cache().put_many({&item, 1});
        break;
      }
      default: {
        const CacheKey cache_key = CacheKey::from_text(key);
        const auto found = rig.cache().get_many({&cache_key, 1});
        if (found && found->front()) {
          ASSERT_EQ(*found->front()->value, latest[number].value_or("nothing")) << "step " << step;
        }
      }
    }
  }
}

}  // namespace
}  // namespace repomap
