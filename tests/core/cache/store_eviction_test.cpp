// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "core/cache/disk_store.hpp"
#include "core/cache/store_snapshot.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMebibyte = std::size_t{1} << 20U;

class StoreEvictionTest : public StoreTest {
 protected:
  std::unique_ptr<DiskStore> open_limited(EvictionPolicy policy, std::uint64_t limit) {
    CacheSettings settings = small_settings();
    settings.eviction = policy;
    settings.size_limit_bytes = limit;
    return open(settings);
  }

  std::set<std::int64_t> survivors(DiskStore& store, std::int64_t below) const {
    std::set<std::int64_t> found;
    for (std::int64_t i = 0; i < below; ++i) {
      if (store.contains(key(i)).value()) {
        found.insert(i);
      }
    }
    return found;
  }
};

TEST_F(StoreEvictionTest, E1TheFewestVictimsMakeRoom) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyStored, 10 * kMebibyte + kMebibyte / 2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
  }
  EXPECT_EQ(*store->count(), 10U);
  ASSERT_TRUE(store->set(key(10), large('v', kMebibyte)));
  EXPECT_EQ(survivors(*store, 20), (std::set<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  ASSERT_TRUE(store->set(key(11), large('v', 3 * kMebibyte)));
  EXPECT_EQ(survivors(*store, 20), (std::set<std::int64_t>{4, 5, 6, 7, 8, 9, 10, 11}));
  ASSERT_TRUE(store->set(key(4), large('w', kMebibyte)));
  ASSERT_TRUE(store->set(key(12), large('v', kMebibyte)));
  EXPECT_EQ(survivors(*store, 20), (std::set<std::int64_t>{4, 6, 7, 8, 9, 10, 11, 12})) << "an overwrite is a store";
  EXPECT_EQ(store->stats().evictions, 5U);
}

TEST_F(StoreEvictionTest, E1AnItemLargerThanTheLimitIsRefusedAndHarmsNothing) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyStored, 2 * kMebibyte);
  ASSERT_TRUE(store->set(key("a"), large('a')));
  EXPECT_EQ(store->set(key("b"), large('b', 3 * kMebibyte)).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(store->set(key("a"), large('b', 3 * kMebibyte)).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(text_of(*store, key("a")), large('a'));
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(StoreEvictionTest, E1SmallRowsStayWithinTheLimitToo) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyStored, kMebibyte);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', 500)));
  }
  auto snapshot = store->snapshot();
  const std::int64_t pages = snapshot->database().integer_of("PRAGMA page_count").value() -
                             snapshot->database().integer_of("PRAGMA freelist_count").value();
  EXPECT_LE(pages * 4096, static_cast<std::int64_t>(kMebibyte) + 40 * 4096);
  EXPECT_TRUE(store->contains(key(9'999)).value());
  // What survives is the end of the sequence, and it makes use of the room.
  const std::set<std::int64_t> left = survivors(*store, 10'000);
  EXPECT_EQ(static_cast<std::int64_t>(left.size()), 10'000 - *left.begin());
  EXPECT_GT(left.size(), 1'000U);
}

TEST_F(StoreEvictionTest, LeastRecentlyUsedEvictsWhatWasNotRead) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyUsed, 10 * kMebibyte + kMebibyte / 2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
  }
  EXPECT_TRUE(store->get(key(0))->has_value());
  EXPECT_TRUE(store->get(key(2))->has_value());
  for (int i = 10; i < 13; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
  }
  EXPECT_EQ(survivors(*store, 20), (std::set<std::int64_t>{0, 2, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST_F(StoreEvictionTest, LeastFrequentlyUsedEvictsWhatWasReadLeast) {
  auto store = open_limited(EvictionPolicy::kLeastFrequentlyUsed, 10 * kMebibyte + kMebibyte / 2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
    for (int reads = 0; reads < 10 - i; ++reads) {
      EXPECT_TRUE(store->get(key(i))->has_value());
    }
  }
  ASSERT_TRUE(store->set(key(10), large('v', kMebibyte)));
  EXPECT_EQ(survivors(*store, 20), (std::set<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 10}));
}

TEST_F(StoreEvictionTest, PolicyNoneEvictsNothing) {
  auto store = open_limited(EvictionPolicy::kNone, 2 * kMebibyte);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
  }
  EXPECT_EQ(*store->count(), 5U);
  EXPECT_EQ(store->cull().removed, 0U);
}

TEST_F(StoreEvictionTest, E1ExpiredEntriesGoWithWritesUpToTheCullLimit) {
  CacheSettings settings = small_settings();
  settings.cull_limit = 3;
  auto store = open(settings);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), "v", expiring(std::chrono::seconds(20 - i))));
  }
  clock_.advance(60s);
  ASSERT_TRUE(store->set(key(100), "v"));
  EXPECT_EQ(*store->count(), 8U);
  EXPECT_EQ(store->stats().expirations, 3U);
  ASSERT_TRUE(store->set(key(101), "v"));
  EXPECT_EQ(*store->count(), 6U);
}

TEST_F(StoreEvictionTest, E2ACullLimitOfZeroRemovesNothing) {
  CacheSettings settings = small_settings();
  settings.cull_limit = 0;
  settings.size_limit_bytes = 20'000;
  auto store = open(settings);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', 900), expiring(1s)));
  }
  clock_.advance(1s);
  ASSERT_TRUE(store->set(key(100), "v"));
  EXPECT_EQ(*store->count(), 101U);
}

TEST_F(StoreEvictionTest, E3CullBringsTheStoreWithinItsLimitAndCountsAll) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyStored, 100 * kMebibyte);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte), i < 2 ? expiring(1s) : EntryOptions{}));
  }
  clock_.advance(1s);
  CacheSettings settings = store->settings();
  settings.size_limit_bytes = 5 * kMebibyte + kMebibyte / 2;
  ASSERT_TRUE(store->change_settings(settings));
  const Removal culled = store->cull();
  EXPECT_TRUE(culled.status);
  EXPECT_EQ(culled.removed, 5U);
  EXPECT_EQ(survivors(*store, 10), (std::set<std::int64_t>{5, 6, 7, 8, 9}));
}

TEST_F(StoreEvictionTest, E4ExpiresUpToATime) {
  auto store = open();
  for (int i = 1; i <= 100; ++i) {
    ASSERT_TRUE(store->set(key(i), "v", expiring(std::chrono::seconds(i))));
  }
  EXPECT_EQ(store->expire(clock_.now() + 10'500ms).removed, 10U);
  EXPECT_EQ(*store->count(), 90U);
}

TEST_F(StoreEvictionTest, E5ExpiryIsByWallClockAndComesLaterWhereThatGoesBack) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "1", expiring(60s)));
  ASSERT_TRUE(store->set(key("now"), "1", expiring(0s)));
  ASSERT_TRUE(store->set(key("past"), "1", expiring(-5s)));
  EXPECT_EQ(text_of(*store, key("now")), "(none)");
  EXPECT_EQ(text_of(*store, key("past")), "(none)");
  clock_.set_wall(clock_.now() - 1h);
  clock_.advance(61s);
  EXPECT_EQ(text_of(*store, key("a")), "1");
  clock_.advance(1h);
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
}

TEST_F(StoreEvictionTest, E5AClockThatGoesBackDoesNotMakeNewEntriesTheOldest) {
  auto store = open_limited(EvictionPolicy::kLeastRecentlyStored, 3 * kMebibyte + kMebibyte / 2);
  ASSERT_TRUE(store->set(key(0), large('v', kMebibyte)));
  clock_.set_wall(clock_.now() - 1h);
  store.reset();
  store = open(std::nullopt);
  for (int i = 1; i < 4; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', kMebibyte)));
  }
  EXPECT_EQ(survivors(*store, 4), (std::set<std::int64_t>{1, 2, 3}));
}

TEST_F(StoreEvictionTest, TheTtlOfTheSettingsHoldsForEntriesThatSayNone) {
  CacheSettings settings = small_settings();
  settings.ttl = 10s;
  auto store = open(settings);
  ASSERT_TRUE(store->set(key("a"), "1"));
  ASSERT_TRUE(store->set(key("b"), "2", expiring(20s)));
  clock_.advance(10s);
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
  EXPECT_EQ(text_of(*store, key("b")), "2");
}

TEST_F(StoreEvictionTest, E8TagsVictimsAndExpiryAreFoundByIndexes) {
  auto store = open();
  auto snapshot = store->snapshot();
  const std::vector<std::pair<std::string, std::string>> queries = {
      {"SELECT e.id FROM entry_tags t JOIN entries e ON e.id = t.entry WHERE t.tag_hash = 1 ORDER BY t.entry",
       "SEARCH t USING PRIMARY KEY"},
      {"SELECT id FROM entries ORDER BY stored_us, id", "entries_stored"},
      {"SELECT id FROM entries WHERE expires_us <= 1 ORDER BY expires_us, id", "entries_expiry"},
  };
  for (const auto& [query, index] : queries) {
    const auto plan = snapshot->database().texts_of("EXPLAIN QUERY PLAN " + query, 3);
    ASSERT_TRUE(plan) << plan.error().message;
    std::string all;
    for (const std::string& line : *plan) {
      all += line + "\n";
    }
    EXPECT_NE(all.find(index), std::string::npos) << all;
    EXPECT_EQ(all.find("TEMP B-TREE"), std::string::npos) << all;
  }
}

}  // namespace
}  // namespace repomap
