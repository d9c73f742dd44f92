// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "core/cache/key_cursor.hpp"
#include "core/cache/store_maintenance.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kKeys = 60;
constexpr std::array<const char*, 4> kTags = {"red", "green", "blue", ""};

struct ModelEntry {
  CacheValue value;
  std::vector<CacheTag> tags;
  std::optional<Clock::WallTime> expires;
  std::uint64_t inserted = 0;
};

/// What a store must hold: obvious code to compare it with.
struct Model {
  std::map<std::int64_t, ModelEntry> entries;
  std::uint64_t insertions = 0;

  ModelEntry* live(std::int64_t number, Clock::WallTime now) {
    const auto found = entries.find(number);
    const bool is_live = found != entries.end() && (!found->second.expires || *found->second.expires > now);
    return is_live ? &found->second : nullptr;
  }

  void set(std::int64_t number, ModelEntry entry) {
    const auto found = entries.find(number);
    entry.inserted = found == entries.end() ? ++insertions : found->second.inserted;
    entries[number] = std::move(entry);
  }

  std::vector<std::int64_t> by_insertion() const {
    std::vector<std::int64_t> numbers;
    for (const auto& [number, entry] : entries) {
      numbers.push_back(number);
    }
    std::ranges::sort(numbers, {}, [&](std::int64_t number) { return entries.at(number).inserted; });
    return numbers;
  }
};

class StoreModelTest : public StoreTest, public testing::WithParamInterface<unsigned> {
 protected:
  CacheValue random_value() {
    switch (random_() % 8) {
      case 0: return static_cast<std::int64_t>(random_());
      case 1: return static_cast<double>(random_()) / 7;
      case 2: return large(static_cast<char>('a' + random_() % 26), kMinFile + random_() % 3000);
      default: return large(static_cast<char>('a' + random_() % 26), random_() % kMinFile);
    }
  }

  EntryOptions random_options() {
    EntryOptions options;
    for (const char* tag : kTags) {
      if (random_() % 4 == 0) {
        options.tags.push_back({tag});
      }
    }
    if (random_() % 3 == 0) {
      options.expires = clock_.now() + std::chrono::seconds(1 + random_() % 20);
    }
    return options;
  }

  void step(DiskStore& store);
  void step_rarely(DiskStore& store);
  void step_in_transaction(DiskStore& store);
  void compare(DiskStore& store);

  std::mt19937 random_{GetParam()};
  Model model_;
};

void StoreModelTest::step(DiskStore& store) {
  const auto number = static_cast<std::int64_t>(random_() % kKeys);
  ModelEntry* const live = model_.live(number, clock_.now());
  switch (random_() % 9) {
    case 0:
    case 1: {
      const CacheValue value = random_value();
      const EntryOptions options = random_options();
      ASSERT_TRUE(store.set(key(number), value, options));
      model_.set(number, {value, options.tags, options.expires});
      break;
    }
    case 2: {
      const CacheValue value = random_value();
      ASSERT_EQ(store.add(key(number), value).value(), live == nullptr);
      if (live == nullptr) {
        model_.set(number, {value, {}, {}});
      }
      break;
    }
    case 3:
      ASSERT_EQ(store.erase(key(number)).value(), live != nullptr);
      if (live != nullptr) {
        model_.entries.erase(number);
      }
      break;
    case 4: {
      const auto popped = store.pop(key(number));
      ASSERT_TRUE(popped);
      ASSERT_EQ(popped->has_value(), live != nullptr);
      if (live != nullptr) {
        EXPECT_EQ((*popped)->value, live->value);
        model_.entries.erase(number);
      }
      break;
    }
    case 5: {
      const auto expires = random_options().expires;
      ASSERT_EQ(store.touch(key(number), expires).value(), live != nullptr);
      if (live != nullptr) {
        live->expires = expires;
      }
      break;
    }
    case 6: {
      const auto sum = store.increment(key(number), 3, 100);
      auto* count = live == nullptr ? nullptr : std::get_if<std::int64_t>(&live->value);
      ASSERT_EQ(sum.has_value(), live == nullptr || count != nullptr);
      if (live == nullptr) {
        model_.set(number, {std::int64_t{103}, {}, {}});
      } else if (count != nullptr) {
        *count += 3;
      }
      break;
    }
    case 7: clock_.advance(std::chrono::milliseconds(random_() % 2000)); break;
    default: step_rarely(store); break;
  }
}

void StoreModelTest::step_rarely(DiskStore& store) {
  const Clock::WallTime now = clock_.now();
  switch (random_() % 4) {
    case 0: {
      const CacheTag tag{kTags[random_() % kTags.size()]};
      const auto removed = std::erase_if(model_.entries, [&](const auto& item) {
        return std::ranges::find(item.second.tags, tag) != item.second.tags.end();
      });
      ASSERT_EQ(store.evict({&tag, 1}).removed, removed);
      break;
    }
    case 1: {
      const auto removed = std::erase_if(
          model_.entries, [&](const auto& item) { return item.second.expires && *item.second.expires <= now; });
      ASSERT_EQ(store.expire().removed, removed);
      break;
    }
    case 2: step_in_transaction(store); break;
    default: compare(store); break;
  }
}

// Several steps that are then undone or kept, half of them nested in another transaction.
void StoreModelTest::step_in_transaction(DiskStore& store) {
  const Model before = model_;
  auto transaction = store.begin();
  ASSERT_TRUE(transaction);
  const std::size_t steps = random_() % 6;
  for (std::size_t i = 0; i < steps; ++i) {
    ASSERT_NO_FATAL_FAILURE(step(store));
  }
  if (random_() % 2 == 0) {
    ASSERT_TRUE(transaction->commit());
  } else {
    transaction->rollback();
    model_ = before;
  }
}

void StoreModelTest::compare(DiskStore& store) {
  std::vector<CacheKey> keys;
  for (std::int64_t number = 0; number < kKeys; ++number) {
    keys.push_back(key(number));
  }
  const auto found = store.get_many(keys);
  ASSERT_TRUE(found);
  for (std::int64_t number = 0; number < kKeys; ++number) {
    const auto& entry = (*found)[static_cast<std::size_t>(number)];
    const ModelEntry* live = model_.live(number, clock_.now());
    ASSERT_EQ(entry.has_value(), live != nullptr) << number;
    if (live != nullptr) {
      EXPECT_EQ(entry->value, live->value) << number;
      EXPECT_EQ(entry->tags, live->tags) << number;
      EXPECT_EQ(entry->expires, live->expires) << number;
    }
  }
  std::vector<std::int64_t> order;
  auto cursor = KeyCursor::open(store, KeyOrder::kInsertion);
  for (auto page = cursor->next(); !page->empty(); page = cursor->next()) {
    for (const ListedKey& listed : *page) {
      order.push_back(std::stoll(listed.key.to_display()));
    }
  }
  EXPECT_EQ(order, model_.by_insertion());
}

TEST_P(StoreModelTest, BehavesAsAMapWithTagsAndExpiry) {
  CacheSettings settings = small_settings();
  settings.cull_limit = 0;
  auto store = open(settings);
  for (int i = 0; i < 1500; ++i) {
    ASSERT_NO_FATAL_FAILURE(step(*store)) << "seed " << GetParam() << ", step " << i;
    if (i % 500 == 250) {
      store.reset();
      store = open(std::nullopt);
    }
  }
  ASSERT_NO_FATAL_FAILURE(compare(*store));
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
  EXPECT_EQ(store->stats().damaged, 0U);
  const auto with_file = std::ranges::count_if(model_.entries, [](const auto& item) {
    const auto* text = std::get_if<std::string>(&item.second.value);
    return text != nullptr && text->size() >= kMinFile;
  });
  EXPECT_EQ(files().size(), static_cast<std::size_t>(with_file));
}

// The survivors must be those that the policy ranks last, of any sequence of writes and reads.
TEST_P(StoreModelTest, VictimsAreThoseThatThePolicyNames) {
  for (const EvictionPolicy policy : {EvictionPolicy::kLeastRecentlyStored, EvictionPolicy::kLeastRecentlyUsed,
                                      EvictionPolicy::kLeastFrequentlyUsed}) {
    CacheSettings settings = small_settings();
    settings.eviction = policy;
    settings.size_limit_bytes = 2'060'000;
    auto store = open(settings);
    struct Rank {
      std::uint64_t first = 0;  // rank by the policy; then the order of insertion
      std::uint64_t id = 0;
    };
    std::map<std::int64_t, Rank> ranks;
    std::uint64_t time = 0;
    for (int i = 0; i < 200; ++i) {
      const auto number = static_cast<std::int64_t>(random_() % 40);
      ++time;
      if (random_() % 2 == 0) {
        const auto entry = store->get(key(number));
        ASSERT_TRUE(entry);
        ASSERT_EQ(entry->has_value(), ranks.contains(number)) << "seed " << GetParam() << ", step " << i;
        if (*entry && policy == EvictionPolicy::kLeastRecentlyUsed) {
          ranks[number].first = time;
        } else if (*entry && policy == EvictionPolicy::kLeastFrequentlyUsed) {
          ++ranks[number].first;
        }
        continue;
      }
      ASSERT_TRUE(store->set(key(number), large('v', 100'000)));
      const std::uint64_t id = ranks.contains(number) ? ranks[number].id : time;
      ranks[number] = {policy == EvictionPolicy::kLeastFrequentlyUsed ? 0 : time, id};
      while (ranks.size() > 20) {  // so many values and their rows fit the limit
        auto victim = ranks.end();
        for (auto it = ranks.begin(); it != ranks.end(); ++it) {
          const auto order = [](const auto& item) { return std::pair(item->second.first, item->second.id); };
          if (it->first != number && (victim == ranks.end() || order(it) < order(victim))) {
            victim = it;
          }
        }
        ranks.erase(victim);
      }
      for (std::int64_t other = 0; other < 40; ++other) {
        ASSERT_EQ(store->contains(key(other)).value(), ranks.contains(other))
            << eviction_policy_name(policy) << ", seed " << GetParam() << ", step " << i << ", key " << other;
      }
    }
    EXPECT_GT(store->stats().evictions, 10U);
    store.reset();
    std::filesystem::remove_all(directory());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreModelTest, testing::Range(1U, 6U));

}  // namespace
}  // namespace repomap
