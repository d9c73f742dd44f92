// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_backend.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/task_pool.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/single_operations.hpp"

namespace repomap {
namespace {

const std::optional<std::string> kMiss;

std::string present(CacheBackend& backend, std::string_view keys) {
  std::string found;
  for (const char key : keys) {
    found += get(backend, std::string(1, key)) ? std::string(1, key) : "";
  }
  return found;
}

TEST(MemoryBackend, EvictsTheLeastRecentlyUsedOverAllShards) {
  for (const std::size_t shards : {1U, 2U, 7U, 64U}) {
    const FakeClock clock;
    MemoryBackend backend({.limit_bytes = 0, .limit_items = 4, .shards = shards}, clock);
    for (const char* key : {"a", "b", "c", "d"}) {
      put(backend, make_item(key, "1"));
    }
    EXPECT_EQ(get(backend, "a"), "1");
    put(backend, make_item("e", "1"));  // b goes
    EXPECT_EQ(get(backend, "c"), "1");
    put(backend, make_item("f", "1"));  // d goes
    put(backend, make_item("a", "2"));
    put(backend, make_item("g", "1"));  // e goes
    EXPECT_EQ(present(backend, "abcdefg"), "acfg") << shards << " shards";
    EXPECT_EQ(backend.stats().evictions, 3U);
    EXPECT_EQ(backend.stats().items, 4U);
  }
}

TEST(MemoryBackend, OrdersEntriesAsAListWouldOnRandomUse) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  constexpr std::size_t kLimit = 20;
  const FakeClock clock;
  MemoryBackend backend({.limit_bytes = 0, .limit_items = kLimit, .shards = 1}, clock);
  std::vector<std::string> recent;  // the latest use last
  for (int step = 0; step < 5'000; ++step) {
    const std::string key = std::to_string(random() % 40);
    const auto known = std::ranges::find(recent, key);
    const bool is_put = random() % 3 == 0;
    if (is_put) {
      put(backend, make_item(key, "v"));
    } else {
      ASSERT_EQ(get(backend, key).has_value(), known != recent.end()) << "step " << step;
    }
    if (known != recent.end()) {
      recent.erase(known);
    } else if (!is_put) {
      continue;
    } else if (recent.size() == kLimit) {
      recent.erase(recent.begin());
    }
    recent.push_back(key);
  }
}

TEST(MemoryBackend, StaysWithinItsBytesAndEvictsTheFewestThatMakeRoom) {
  const FakeClock clock;
  const std::uint64_t charge = MemoryBackend::charge_of(make_item("0", std::string(1'000, 'v')));
  EXPECT_GT(charge, 1'000U);
  EXPECT_LT(charge, 1'500U);
  MemoryBackend backend({.limit_bytes = 5 * charge, .limit_items = 0}, clock);
  for (int number = 0; number < 9; ++number) {
    put(backend, make_item(std::to_string(number), std::string(1'000, 'v')));
    ASSERT_LE(backend.size_bytes(), 5 * charge);
  }
  EXPECT_EQ(present(backend, "012345678"), "45678");
  put(backend, make_item("a", std::string(1'001, 'v')));  // a byte more than the others: two have to go
  EXPECT_EQ(present(backend, "45678a"), "678a");
  EXPECT_EQ(backend.size_bytes(), backend.stats().size_bytes);
}

TEST(MemoryBackend, ChargesTagsAndKeys) {
  const CacheItem plain = make_item("k", "v");
  EXPECT_GT(MemoryBackend::charge_of(make_item("k", "v", {{std::string(500, 't')}})),
            MemoryBackend::charge_of(plain) + 500);
  EXPECT_EQ(MemoryBackend::charge_of(make_item(std::string(501, 'k'), "v")), MemoryBackend::charge_of(plain) + 500);
}

TEST(MemoryBackend, ALowerLimitFreesAtOnceAndAHigherOneAdmitsMore) {
  const FakeClock clock;
  const std::uint64_t charge = MemoryBackend::charge_of(make_item("0", "v"));
  MemoryBackend backend({.limit_bytes = 8 * charge, .limit_items = 0}, clock);
  for (int number = 0; number < 8; ++number) {
    put(backend, make_item(std::to_string(number), "v"));
  }
  EXPECT_EQ(get(backend, "0"), "v");
  backend.set_limit_bytes(3 * charge);
  EXPECT_EQ(backend.size_bytes(), 3 * charge);
  EXPECT_EQ(present(backend, "01234567"), "067");
  EXPECT_EQ(backend.stats().limit_bytes, 3 * charge);
  EXPECT_EQ(backend.stats().evictions, 5U);
  backend.set_limit_bytes(0);
  for (int number = 0; number < 100; ++number) {
    put(backend, make_item(std::to_string(number), "v"));
  }
  EXPECT_EQ(backend.stats().items, 100U);
  backend.set_limit_items(10);
  EXPECT_EQ(backend.stats().items, 10U);
}

TEST(MemoryBackend, ReducesOnRequestWithoutCountingEvictions) {
  const FakeClock clock;
  const std::uint64_t charge = MemoryBackend::charge_of(make_item("0", "v"));
  MemoryBackend backend({}, clock);
  for (int number = 0; number < 9; ++number) {
    put(backend, make_item(std::to_string(number), "v"));
  }
  EXPECT_EQ(backend.reduce_to(7 * charge), 2U);
  EXPECT_EQ(backend.evict_lru(3), 3U);
  EXPECT_EQ(present(backend, "012345678"), "5678");
  EXPECT_EQ(backend.evict_lru(100), 4U);
  EXPECT_EQ(backend.evict_lru(1), 0U);
  EXPECT_EQ(backend.reduce_to(0), 0U);
  EXPECT_EQ(backend.size_bytes(), 0U);
  EXPECT_EQ(backend.stats().evictions, 0U);
}

TEST(MemoryBackend, SharesValuesInsteadOfCopyingThem) {
  const FakeClock clock;
  MemoryBackend backend({}, clock);
  const CacheItem item = make_item("a", "value");
  put(backend, item);
  const std::optional<CacheEntry> entry = get_entry(backend, "a");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->value.get(), item.entry.value.get());
  EXPECT_EQ(backend.clear().value_or(0), 1U);
  EXPECT_EQ(*entry->value, "value");
}

TEST(MemoryBackend, FreesTheRoomOfAnExpiredEntryWhenItIsAskedFor) {
  const FakeClock clock;
  MemoryBackend backend({}, clock);
  put(backend, make_item("a", "1", {{"t"}}, clock.now() + std::chrono::seconds(1)));
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(backend.stats().items, 1U);
  EXPECT_EQ(get(backend, "a"), kMiss);
  EXPECT_EQ(backend.stats().items, 0U);
  EXPECT_EQ(backend.size_bytes(), 0U);
  EXPECT_EQ(evict(backend, "t"), 0U);
}

TEST(MemoryBackend, FreesValuesWhenItHoldsNoLock) {
  const FakeClock clock;
  MemoryBackend backend({.limit_bytes = 0, .limit_items = 3, .shards = 1}, clock);
  int freed = 0;
  const auto watched = [&](std::string_view key) {
    CacheItem item = make_item(key, "", {{"t"}});
    item.entry.value = CacheBytes(new std::string("v"), [&](const std::string* value) {
      delete value;
      EXPECT_LE(backend.stats().items, 4U);  // would wait for ever if this thread held a lock
      EXPECT_EQ(backend.evict_lru(0), 0U);
      ++freed;
    });
    return item;
  };
  for (const char* key : {"a", "b", "c", "d", "d"}) {  // evicted, overwritten
    put(backend, watched(key));
  }
  EXPECT_EQ(freed, 2);
  EXPECT_EQ(erase(backend, "d"), 1U);
  EXPECT_EQ(evict(backend, "t"), 2U);
  put(backend, watched("e"));
  EXPECT_EQ(backend.clear().value_or(0), 1U);
  EXPECT_EQ(freed, 6);
}

TEST(MemoryBackend, MeasuresSomeCalls) {
  const FakeClock clock;
  MemoryBackend backend({}, clock);
  put(backend, make_item("a", "1"));
  EXPECT_EQ(get(backend, "a"), "1");
  EXPECT_EQ(backend.stats().get_latency.count, 1U);
  EXPECT_EQ(backend.stats().put_latency.count, 1U);
}

TEST(MemoryBackend, KeepsItsAccountsUnderThreads) {
  MemoryBackend backend({.limit_bytes = 20'000, .limit_items = 60, .shards = 4}, system_clock());
  TaskPool pool(4);
  pool.run_all(4, [&](std::size_t worker, std::size_t) {
    std::mt19937 random(static_cast<unsigned>(worker));  // NOLINT: which keys are used does not matter
    for (int round = 0; round < 2'000; ++round) {
      const std::string key = std::to_string(random() % 100);
      switch (random() % 8) {
        case 0: erase(backend, key); break;
        case 1: evict(backend, fmt::format("t{}", random() % 10)); break;
        case 2: backend.set_limit_bytes(random() % 2 == 0 ? 20'000 : 5'000); break;
        case 3: round % 100 == 0 ? (void)backend.clear() : (void)backend.evict_lru(1); break;
        case 4:
        case 5:
          put(backend, make_item(key, std::string(random() % 400, 'v'), {{fmt::format("t{}", random() % 10)}}));
          break;
        default: get(backend, key); break;
      }
    }
  });
  backend.set_limit_bytes(5'000);
  EXPECT_LE(backend.size_bytes(), 5'000U);
  EXPECT_LE(backend.stats().items, 60U);
  const std::uint64_t items = backend.stats().items;
  EXPECT_EQ(backend.clear().value_or(0), items);
  EXPECT_EQ(backend.size_bytes(), 0U);
  EXPECT_EQ(backend.stats().items, 0U);
}

}  // namespace
}  // namespace repomap
