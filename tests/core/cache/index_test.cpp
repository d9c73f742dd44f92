// SPDX-License-Identifier: Apache-2.0
#include "core/cache/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/cache/store_queue.hpp"
#include "core/cache/store_transaction.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

CacheKey key(std::int64_t number) { return CacheKey::from_integer(number); }

class IndexTest : public testing::Test {
 protected:
  Index open() { return Index::open(*store).value(); }

  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"));
};

TEST_F(IndexTest, SetsGetsAndKeepsTheOrderOfInsertion) {
  Index index = open();
  ASSERT_TRUE(index.set(key(3), "three"));
  ASSERT_TRUE(index.set(key(1), "one"));
  ASSERT_TRUE(index.set(key(2), "two"));
  ASSERT_TRUE(index.set(key(3), "THREE"));
  EXPECT_EQ(index.get(key(3)).value(), "THREE");
  EXPECT_EQ(index.get(key(4)).value(), std::nullopt);
  EXPECT_EQ(index.keys().value(), (std::vector{key(3), key(1), key(2)}));
  EXPECT_TRUE(index.erase(key(3)).value());
  EXPECT_FALSE(index.erase(key(3)).value());
  ASSERT_TRUE(index.set(key(3), "again"));
  EXPECT_EQ(index.items().value(), (std::vector<IndexItem>{{key(1), "one"}, {key(2), "two"}, {key(3), "again"}}));
  EXPECT_EQ(index.size().value(), 3U);
  EXPECT_TRUE(index.contains(key(2)).value());
}

TEST_F(IndexTest, PopsAndPeeksByKeyAndByEnd) {
  Index index = open();
  EXPECT_EQ(index.pop_item().value(), std::nullopt);
  const std::vector<IndexItem> items = {{key(1), "a"}, {key(2), "b"}, {key(3), "c"}, {key(4), "d"}};
  ASSERT_TRUE(index.update(items));
  EXPECT_EQ(index.peek_item().value(), items[3]);
  EXPECT_EQ(index.peek_item(IndexOrder::kForward).value(), items[0]);
  EXPECT_EQ(index.pop_item().value(), items[3]);
  EXPECT_EQ(index.pop_item(IndexOrder::kForward).value(), items[0]);
  EXPECT_EQ(index.pop(key(2)).value(), "b");
  EXPECT_EQ(index.pop(key(2)).value(), std::nullopt);
  EXPECT_EQ(index.clear().value(), 1U);
  EXPECT_EQ(index.size().value(), 0U);
}

TEST_F(IndexTest, SetDefaultKeepsWhatIsThere) {
  Index index = open();
  EXPECT_EQ(index.set_default(key(1), "a").value(), "a");
  EXPECT_EQ(index.set_default(key(1), "b").value(), "a");
}

TEST_F(IndexTest, ComparesWithAndWithoutOrder) {
  Index first = open();
  const auto other_store = open_durable_store(tree.path("other"));
  Index second = Index::open(*other_store).value();
  ASSERT_TRUE(first.set(key(1), "a"));
  ASSERT_TRUE(first.set(key(2), "b"));
  ASSERT_TRUE(second.set(key(2), "b"));
  ASSERT_TRUE(second.set(key(1), "a"));
  EXPECT_FALSE(first.equals(second).value());
  EXPECT_TRUE(first.equals({{key(1), "a"}, {key(2), "b"}}).value());
  EXPECT_FALSE(first.equals({{key(1), "a"}, {key(2), "c"}}).value());
  ASSERT_TRUE(second.erase(key(2)));
  ASSERT_TRUE(second.set(key(2), "b"));
  EXPECT_TRUE(first.equals(second).value());
}

TEST_F(IndexTest, VisitsItemsOfTheMomentItBegan) {
  Index index = open();
  for (std::int64_t number = 0; number < 250; ++number) {
    ASSERT_TRUE(index.set(key(number), "v"));
  }
  std::vector<CacheKey> seen;
  ASSERT_TRUE(index.visit(IndexOrder::kForward, [&](const CacheKey& visited, const std::string&) {
    seen.push_back(visited);
    EXPECT_TRUE(index.set(key(1'000 + static_cast<std::int64_t>(seen.size())), "new"));
    EXPECT_TRUE(index.erase(key(249)));
    return true;
  }));
  EXPECT_EQ(seen.size(), 249U);
  std::vector<CacheKey> backward;
  ASSERT_TRUE(index.visit(IndexOrder::kBackward, [&](const CacheKey& visited, const std::string&) {
    backward.push_back(visited);
    return true;
  }));
  std::ranges::reverse(backward);
  EXPECT_EQ(backward, index.keys().value());
}

TEST_F(IndexTest, RefusesStoresThatLoseItems) {
  DiskStoreConfig config;
  config.directory = tree.path("evicting");
  config.settings = CacheSettings{};
  auto evicting = DiskStore::open(std::move(config)).value();
  EXPECT_EQ(Index::open(*evicting).error().code, ErrorCode::kInvalidArgument);
}

// W26: queues in the same store are not items.
TEST_F(IndexTest, IsNotTouchedByQueuesOfTheStore) {
  Index index = open();
  ASSERT_TRUE(index.set(key(5), "user"));
  StoreQueue queue(*store, "q");
  ASSERT_TRUE(queue.push("item"));
  EXPECT_EQ(index.size().value(), 1U);
  EXPECT_EQ(std::get<std::string>(queue.pull().value()->value), "item");
  EXPECT_EQ(queue.pull().value().has_value(), false);
  EXPECT_EQ(index.get(key(5)).value(), "user");
}

// IX2
TEST_F(IndexTest, SetDefaultFromThreadsStoresOneValue) {
  std::set<std::string> seen;
  std::vector<std::string> got(16);
  TaskPool pool(16);
  pool.run_all(
      16, [&](std::size_t item, std::size_t) { got[item] = open().set_default(key(1), std::to_string(item)).value(); });
  seen.insert(got.begin(), got.end());
  EXPECT_EQ(seen.size(), 1U);
}

/// An ordered map as plain as it gets.
class OrderedModel {
 public:
  std::vector<IndexItem> items;

  auto find(const CacheKey& wanted) {
    return std::ranges::find_if(items, [&](const IndexItem& item) { return item.first == wanted; });
  }
  std::optional<std::string> get(const CacheKey& wanted) {
    const auto found = find(wanted);
    return found == items.end() ? std::nullopt : std::optional(found->second);
  }
  void set(const CacheKey& wanted, const std::string& value) {
    const auto found = find(wanted);
    if (found == items.end()) {
      items.emplace_back(wanted, value);
    } else {
      found->second = value;
    }
  }
  std::optional<std::string> pop(const CacheKey& wanted) {
    const auto found = find(wanted);
    if (found == items.end()) {
      return std::nullopt;
    }
    std::string value = found->second;
    items.erase(found);
    return value;
  }
};

// IX1: 25,000 random operations give what an ordered map gives.
TEST_F(IndexTest, RandomOperationsEqualThoseOfAnOrderedMap) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 generator(seed);
  Index index = open();
  OrderedModel model;
  for (int round = 0; round < 25'000; ++round) {
    const CacheKey picked = key(static_cast<std::int64_t>(generator() % 60));
    const std::string value = std::to_string(round) + std::string(generator() % 16 == 0 ? 1'500 : 0, '.');
    switch (generator() % 8) {
      case 0:
      case 1:
        ASSERT_TRUE(index.set(picked, value));
        model.set(picked, value);
        break;
      case 2: ASSERT_EQ(index.get(picked).value(), model.get(picked)); break;
      case 3: ASSERT_EQ(index.pop(picked).value(), model.pop(picked)); break;
      case 4: ASSERT_EQ(index.erase(picked).value(), model.pop(picked).has_value()); break;
      case 5: {
        const std::string expected = model.get(picked).value_or(value);
        model.set(picked, expected);
        ASSERT_EQ(index.set_default(picked, value).value(), expected);
        break;
      }
      case 6: {
        const bool is_last = generator() % 2 == 0;
        const auto item = index.pop_item(is_last ? IndexOrder::kBackward : IndexOrder::kForward).value();
        ASSERT_EQ(item.has_value(), !model.items.empty());
        if (item) {
          const auto expected = is_last ? model.items.end() - 1 : model.items.begin();
          ASSERT_EQ(*item, *expected);
          model.items.erase(expected);
        }
        break;
      }
      default: ASSERT_EQ(index.size().value(), model.items.size());
    }
    if (round % 1'000 == 0) {
      ASSERT_EQ(index.items().value(), model.items) << round;
    }
  }
  EXPECT_EQ(index.items().value(), model.items);
}

}  // namespace
}  // namespace repomap
