// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_queue.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/task_pool.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using std::chrono::seconds;

std::string text_of(const Result<std::optional<QueueItem>>& item) {
  if (!item) {
    return "error: " + item.error().message;
  }
  return *item ? std::get<std::string>((*item)->value) : "nothing";
}

class StoreQueueTest : public testing::Test {
 protected:
  FakeClock clock;
  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"), clock);
  StoreQueue queue{*store, "q"};
};

// Q1
TEST_F(StoreQueueTest, KeysAreThoseOfTheNeighbours) {
  EXPECT_EQ(queue.push("a").value(), 0);
  EXPECT_EQ(queue.push("b").value(), 1);
  PushOptions front;
  front.side = QueueSide::kFront;
  EXPECT_EQ(queue.push("first", front).value(), -1);
  EXPECT_EQ(queue.size().value(), 3U);
  EXPECT_EQ(text_of(queue.pull()), "first");
  EXPECT_EQ(text_of(queue.pull(QueueSide::kBack)), "b");
  EXPECT_EQ(text_of(queue.pull()), "a");
  EXPECT_EQ(text_of(queue.pull()), "nothing");
}

TEST_F(StoreQueueTest, KeepsNumbersTextsAndLargeValues) {
  const std::string large(100'000, 'L');
  ASSERT_TRUE(queue.push(std::int64_t{-5}));
  ASSERT_TRUE(queue.push(2.5));
  ASSERT_TRUE(queue.push(large));
  EXPECT_EQ(queue.pull().value()->value, CacheValue(std::int64_t{-5}));
  EXPECT_EQ(queue.pull().value()->value, CacheValue(2.5));
  EXPECT_EQ(queue.pull().value()->value, CacheValue(large));
}

// Q2: expired items are skipped and removed; tags and expiry come back.
TEST_F(StoreQueueTest, ExpiredItemsAreSkipped) {
  PushOptions options;
  options.expires = clock.now() + seconds(10);
  options.tags = {CacheTag::file("a.c"), CacheTag::language("c")};
  ASSERT_TRUE(queue.push("short", options));
  ASSERT_TRUE(queue.push("long"));
  EXPECT_EQ(queue.peek().value()->expires, options.expires);
  EXPECT_EQ(queue.peek().value()->tags, options.tags);
  clock.advance(seconds(10));
  EXPECT_EQ(queue.size().value(), 1U);
  EXPECT_EQ(text_of(queue.peek()), "long");
  EXPECT_EQ(text_of(queue.pull()), "long");
  EXPECT_EQ(text_of(queue.pull()), "nothing");
}

TEST_F(StoreQueueTest, ExpiresEvictsAndClears) {
  PushOptions tagged;
  tagged.tags = {CacheTag{"red"}};
  tagged.expires = clock.now() + seconds(10);
  PushOptions blue;
  blue.tags = {CacheTag{"blue"}, CacheTag{"green"}};
  ASSERT_TRUE(queue.push("1", tagged));
  ASSERT_TRUE(queue.push("2", blue));
  ASSERT_TRUE(queue.push("3"));
  EXPECT_EQ(queue.evict(CacheTag{"yellow"}).value(), 0U);
  EXPECT_EQ(queue.evict(CacheTag{"green"}).value(), 1U);
  EXPECT_EQ(queue.expire().value(), 0U);
  clock.advance(seconds(11));
  EXPECT_EQ(queue.expire().value(), 1U);
  EXPECT_EQ(queue.clear().value(), 1U);
  EXPECT_EQ(queue.size().value(), 0U);
}

// Q3: peeking takes nothing, not even the file of a large value.
TEST_F(StoreQueueTest, PeeksTheSameItemAgain) {
  const std::string large(50'000, 'L');
  ASSERT_TRUE(queue.push(large));
  EXPECT_EQ(text_of(queue.peek()), large);
  EXPECT_EQ(text_of(queue.peek()), large);
  EXPECT_EQ(text_of(queue.pull()), large);
}

// Q4, W26: neither entries of the store nor other queues are touched, whatever their names.
TEST_F(StoreQueueTest, QueuesAndEntriesKeepApart) {
  ASSERT_TRUE(store->transact([](StoreTransaction& transaction) -> Status {
    REPOMAP_TRY(transaction.set(CacheKey::from_integer(5), "user"));
    return transaction.set(CacheKey::from_text("q-1"), "user");
  }));
  StoreQueue longer(*store, "q-1");
  ASSERT_TRUE(longer.push("other"));
  EXPECT_EQ(text_of(queue.pull()), "nothing");
  EXPECT_EQ(queue.push("mine").value(), 0);
  EXPECT_EQ(text_of(queue.pull(QueueSide::kBack)), "mine");
  EXPECT_EQ(queue.clear().value(), 0U);
  EXPECT_EQ(longer.size().value(), 1U);
  EXPECT_TRUE(store->contains(CacheKey::from_integer(5)).value());
  EXPECT_TRUE(store->contains(CacheKey::from_text("q-1")).value());
}

// W4
TEST_F(StoreQueueTest, DamagedItemsAreDropped) {
  set_log_level(LogLevel::kOff);
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(queue.push(std::string(9'000, 'x')));
    ASSERT_TRUE(queue.push(std::string(9'001, 'x')));
    ASSERT_TRUE(queue.push("well"));
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.root())) {
      if (entry.is_regular_file() && !entry.path().filename().string().starts_with("cache.db") &&
          entry.file_size() > 9'000) {
        files.push_back(entry.path());
      }
    }
    ASSERT_EQ(files.size(), 2U);
    std::filesystem::remove(files[0]);
    std::filesystem::resize_file(files[1], 9'010);
    if (round == 0) {
      EXPECT_EQ(text_of(queue.peek()), "well");
    }
    EXPECT_EQ(text_of(queue.pull()), "well");
  }
  set_log_level(LogLevel::kWarning);
}

// Q1: two producers: distinct keys, without a gap.
TEST_F(StoreQueueTest, ProducersGetDistinctKeys) {
  constexpr std::size_t kItems = 2'000;
  std::vector<std::int64_t> keys(kItems);
  TaskPool pool(2);
  pool.run_all(kItems, [&](std::size_t item, std::size_t) { keys[item] = queue.push("v").value(); });
  const std::set<std::int64_t> distinct(keys.begin(), keys.end());
  EXPECT_EQ(distinct.size(), kItems);
  EXPECT_EQ(*distinct.begin(), 0);
  EXPECT_EQ(*distinct.rbegin(), static_cast<std::int64_t>(kItems) - 1);
}

// Q1, Q2: two producers, two consumers; every item once, those of one producer in its order.
TEST_F(StoreQueueTest, EachItemGoesToOneConsumerInOrder) {
  constexpr int kItems = 1'000;
  std::atomic<int> left = 2 * kItems;
  std::vector<std::vector<std::string>> got(2);
  std::atomic<int> wrong = 0;
  TaskPool pool(4);
  pool.run_all(4, [&](std::size_t item, std::size_t) {
    if (item < 2) {
      for (int number = 0; number < kItems; ++number) {
        wrong += queue.push(fmt::format("{} {:04}", item, number)) ? 0 : 1;
      }
      return;
    }
    while (left > 0) {
      const auto pulled = queue.pull();
      if (pulled && *pulled) {
        got[item - 2].push_back(std::get<std::string>((*pulled)->value));
        --left;
      }
    }
  });
  EXPECT_EQ(wrong, 0);
  std::map<std::string, int> counts;
  for (const auto& consumer : got) {
    std::map<char, std::string> latest;
    for (const std::string& value : consumer) {
      ++counts[value];
      EXPECT_LT(latest[value.front()], value) << "a producer's items out of order";
      latest[value.front()] = value;
    }
  }
  EXPECT_EQ(counts.size(), 2U * kItems);
  for (const auto& [value, count] : counts) {
    EXPECT_EQ(count, 1) << value;
  }
}

}  // namespace
}  // namespace repomap
