// SPDX-License-Identifier: Apache-2.0
#include "tests/support/backend_contract.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/task_pool.hpp"
#include "tests/support/single_operations.hpp"

namespace repomap {
namespace {

using std::chrono::seconds;

const std::optional<std::string> kMiss;

std::vector<CacheKey> text_keys(std::initializer_list<std::string_view> texts) {
  std::vector<CacheKey> keys;
  for (const std::string_view text : texts) {
    keys.push_back(CacheKey::from_text(text));
  }
  return keys;
}

}  // namespace

std::string backend_maker_name(const testing::TestParamInfo<BackendMaker>& info) { return info.param.name; }

TEST_P(BackendContract, MissesWhatWasNeverPut) { EXPECT_EQ(get(backend(), "a"), kMiss); }

TEST_P(BackendContract, GivesBackWhatWasPut) {
  const auto expires = clock().now() + seconds(60);
  const CacheItem item = make_item("a", std::string("v\0\xff", 3), {{"file:src/a.c"}, {"lang:c"}, {""}}, expires);
  put(backend(), item);
  for (int round = 0; round < 2; ++round) {  // the second answer may come from another tier
    const std::optional<CacheEntry> entry = get_entry(backend(), "a");
    ASSERT_TRUE(entry);
    EXPECT_EQ(*entry->value, std::string("v\0\xff", 3));
    EXPECT_EQ(entry->tags, item.entry.tags);
    EXPECT_EQ(entry->expires, expires);
  }
}

TEST_P(BackendContract, KeepsEmptyAndLargeValues) {
  std::string large(300'000, 'x');
  large[150'000] = 'y';
  put(backend(), make_item("empty", ""));
  put(backend(), make_item("large", large));
  EXPECT_EQ(get(backend(), "empty"), "");
  EXPECT_TRUE(get(backend(), "large") == large);
}

TEST_P(BackendContract, TellsKeysOfDifferentTypesApart) {
  const std::array items = {
      CacheItem{CacheKey::from_integer(1), {std::make_shared<const std::string>("integer"), {}, {}}},
      CacheItem{CacheKey::from_text("1"), {std::make_shared<const std::string>("text"), {}, {}}},
      CacheItem{CacheKey::from_bytes("1"), {std::make_shared<const std::string>("bytes"), {}, {}}},
      CacheItem{CacheKey(), {std::make_shared<const std::string>("nothing"), {}, {}}}};
  ASSERT_TRUE(backend().put_many(items));
  for (const CacheItem& item : items) {
    const auto found = backend().get_many({&item.key, 1});
    ASSERT_TRUE(found && found->front());
    EXPECT_EQ(*found->front()->value, *item.entry.value);
  }
}

TEST_P(BackendContract, AnswersInTheOrderOfTheKeys) {
  const std::array items = {make_item("a", "1"), make_item("b", "2"), make_item("c", "3")};
  ASSERT_TRUE(backend().put_many(items));
  const auto found = backend().get_many(text_keys({"c", "absent", "a", "c"}));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 4U);
  EXPECT_EQ(*(*found)[0]->value, "3");
  EXPECT_FALSE((*found)[1]);
  EXPECT_EQ(*(*found)[2]->value, "1");
  EXPECT_EQ(*(*found)[3]->value, "3");
}

TEST_P(BackendContract, APutReplacesValueTagsAndExpiry) {
  put(backend(), make_item("a", "old", {{"old"}}, clock().now() + seconds(1)));
  put(backend(), make_item("a", "new", {{"new"}}));
  clock().advance(seconds(2));
  EXPECT_EQ(evict(backend(), "old"), 0U);
  const std::optional<CacheEntry> entry = get_entry(backend(), "a");
  ASSERT_TRUE(entry);
  EXPECT_EQ(*entry->value, "new");
  EXPECT_EQ(entry->tags, std::vector<CacheTag>{{"new"}});
  EXPECT_EQ(entry->expires, std::nullopt);
  EXPECT_EQ(evict(backend(), "new"), 1U);
  EXPECT_EQ(get(backend(), "a"), kMiss);
}

TEST_P(BackendContract, OfEqualKeysInABatchTheLastCounts) {
  const std::array items = {make_item("a", "1", {{"one"}}), make_item("b", "b"), make_item("a", "2", {{"two"}})};
  ASSERT_TRUE(backend().put_many(items));
  EXPECT_EQ(evict(backend(), "one"), 0U);
  EXPECT_EQ(get(backend(), "a"), "2");
  EXPECT_EQ(get(backend(), "b"), "b");
}

TEST_P(BackendContract, ErasesAndCounts) {
  const std::array items = {make_item("a", "1"), make_item("b", "2"), make_item("c", "3")};
  ASSERT_TRUE(backend().put_many(items));
  EXPECT_EQ(backend().erase(text_keys({"a", "absent", "c"})).value_or(99), 2U);
  EXPECT_EQ(get(backend(), "a"), kMiss);
  EXPECT_EQ(get(backend(), "b"), "2");
  EXPECT_EQ(get(backend(), "c"), kMiss);
  EXPECT_EQ(erase(backend(), "a"), 0U);
}

TEST_P(BackendContract, EvictsWhatCarriesAnyOfTheTagsOnce) {
  const std::array items = {make_item("a", "1", {{"x"}, {"y"}}), make_item("b", "2", {{"y"}}),
                            make_item("c", "3", {{"xy"}}), make_item("d", "4"), make_item("e", "5", {{"z"}, {"z"}})};
  ASSERT_TRUE(backend().put_many(items));
  const std::array tags = {CacheTag{"x"}, CacheTag{"y"}, CacheTag{"absent"}};
  EXPECT_EQ(backend().evict(tags).value_or(99), 2U);
  EXPECT_EQ(get(backend(), "a"), kMiss);
  EXPECT_EQ(get(backend(), "b"), kMiss);
  EXPECT_EQ(get(backend(), "c"), "3");
  EXPECT_EQ(get(backend(), "d"), "4");
  EXPECT_EQ(evict(backend(), "z"), 1U);
  EXPECT_EQ(evict(backend(), "z"), 0U);
}

TEST_P(BackendContract, ClearsAndCounts) {
  const std::array items = {make_item("a", "1", {{"x"}}), make_item("b", "2")};
  ASSERT_TRUE(backend().put_many(items));
  EXPECT_EQ(backend().clear().value_or(99), 2U);
  EXPECT_EQ(get(backend(), "a"), kMiss);
  EXPECT_EQ(get(backend(), "b"), kMiss);
  EXPECT_EQ(evict(backend(), "x"), 0U);
  EXPECT_EQ(backend().clear().value_or(99), 0U);
  put(backend(), make_item("a", "again"));
  EXPECT_EQ(get(backend(), "a"), "again");
}

TEST_P(BackendContract, AnEntryIsAMissFromItsExpiryOn) {
  put(backend(), make_item("a", "1", {}, clock().now() + seconds(10)));
  put(backend(), make_item("past", "1", {}, clock().now() - seconds(10)));
  EXPECT_EQ(get(backend(), "past"), kMiss);
  clock().advance(seconds(10) - std::chrono::microseconds(1));
  EXPECT_EQ(get(backend(), "a"), "1");
  clock().advance(std::chrono::microseconds(1));
  EXPECT_EQ(get(backend(), "a"), kMiss);
  put(backend(), make_item("a", "2"));
  EXPECT_EQ(get(backend(), "a"), "2");
}

TEST_P(BackendContract, AcceptsEmptyBatches) {
  EXPECT_TRUE(backend().put_many({}));
  const auto found = backend().get_many({});
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
  EXPECT_EQ(backend().erase({}).value_or(99), 0U);
  EXPECT_EQ(backend().evict({}).value_or(99), 0U);
}

TEST_P(BackendContract, AnItemThatIsTooLargeLeavesNothingOlderAndHarmsNoOther) {
  if (GetParam().refused_bytes == 0) {
    GTEST_SKIP() << GetParam().name << " refuses no item for its size";
  }
  put(backend(), make_item("a", "old"));
  const std::array items = {make_item("b", "b"), make_item("a", std::string(GetParam().refused_bytes, 'x')),
                            make_item("c", "c")};
  const Status status = backend().put_many(items);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(get(backend(), "a"), kMiss);
  EXPECT_EQ(get(backend(), "b"), "b");
  EXPECT_EQ(get(backend(), "c"), "c");
}

TEST_P(BackendContract, CountsKeysAndItems) {
  const std::array items = {make_item("a", "1"), make_item("b", "2")};
  ASSERT_TRUE(backend().put_many(items));
  ASSERT_TRUE(backend().get_many(text_keys({"a", "b", "absent"})));
  ASSERT_TRUE(backend().get_many(text_keys({"a"})));
  const BackendStats stats = backend().stats();
  EXPECT_FALSE(stats.name.empty());
  EXPECT_EQ(stats.puts, 2U);
  EXPECT_EQ(stats.hits, 3U);
  EXPECT_EQ(stats.misses, 1U);
  EXPECT_EQ(stats.items, 2U);
  EXPECT_EQ(stats.errors, 0U);
  EXPECT_GT(stats.size_bytes, 0U);
  EXPECT_EQ(stats.trouble, "");
}

namespace {

struct ModelEntry {
  std::string value;
  std::vector<std::string> tags;
  std::optional<Clock::WallTime> expires;
};

/// Does the same to a backend and to a map, and compares.
class RandomWalk {
 public:
  RandomWalk(CacheBackend& backend, const FakeClock& clock, unsigned seed)
      : backend_(backend), clock_(clock), random_(seed) {}

  void step() {
    switch (number(10)) {
      case 0: ASSERT_TRUE(backend_.erase(std::array{CacheKey::from_text(model_erase())})); break;
      case 1: evict_a_tag(); break;
      case 2: number(20) == 0 ? clear() : clock_.advance(seconds(number(4))); break;
      case 3:
      case 4:
      case 5: put_some(); break;
      default: compare_some(); break;
    }
  }

 private:
  unsigned number(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string name(char prefix, unsigned below) { return prefix + std::to_string(number(below)); }

  std::string model_erase() {
    const std::string key = name('k', 40);
    model_.erase(key);
    return key;
  }

  void evict_a_tag() {
    const std::string tag = name('t', 6);
    std::erase_if(model_,
                  [&](const auto& item) { return std::ranges::find(item.second.tags, tag) != item.second.tags.end(); });
    evict(backend_, tag);
  }

  void clear() {
    model_.clear();
    ASSERT_TRUE(backend_.clear());
  }

  void put_some() {
    std::vector<CacheItem> items;
    for (unsigned count = number(5); count > 0; --count) {
      ModelEntry entry{std::string(number(200), 'v') + std::to_string(random_()), {}, std::nullopt};
      std::vector<CacheTag> tags;
      for (unsigned tag = number(3); tag > 0; --tag) {
        entry.tags.push_back(name('t', 6));
        tags.push_back({entry.tags.back()});
      }
      if (number(3) == 0) {
        entry.expires = clock_.now() + seconds(number(10));
      }
      const std::string key = name('k', 40);
      items.push_back(make_item(key, entry.value, tags, entry.expires));
      model_[key] = entry;
    }
    ASSERT_TRUE(backend_.put_many(items));
  }

  void compare_some() {
    std::vector<std::string> names;
    std::vector<CacheKey> keys;
    for (unsigned count = number(8); count > 0; --count) {
      names.push_back(name('k', 40));
      keys.push_back(CacheKey::from_text(names.back()));
    }
    const auto found = backend_.get_many(keys);
    ASSERT_TRUE(found);
    for (std::size_t index = 0; index < names.size(); ++index) {
      const auto expected = model_.find(names[index]);
      const bool is_live =
          expected != model_.end() && (!expected->second.expires || *expected->second.expires > clock_.now());
      ASSERT_EQ((*found)[index].has_value(), is_live) << names[index];
      if (is_live) {
        ASSERT_EQ(*(*found)[index]->value, expected->second.value) << names[index];
        ASSERT_EQ((*found)[index]->expires, expected->second.expires) << names[index];
        ASSERT_EQ((*found)[index]->tags.size(), expected->second.tags.size()) << names[index];
      }
    }
  }

  CacheBackend& backend_;
  const FakeClock& clock_;
  std::mt19937 random_;
  std::map<std::string, ModelEntry> model_;
};

}  // namespace

TEST_P(BackendContract, BehavesLikeAMapOnRandomOperations) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomWalk walk(backend(), clock(), seed);
  for (int step = 0; step < 1'500 && !HasFatalFailure(); ++step) {
    walk.step();
  }
}

namespace {

constexpr std::size_t kContendedKeys = 4;
constexpr int kRounds = 400;

std::string contended_key(std::size_t number) { return "key" + std::to_string(number); }

/// One thread changes a key, others read it: what they get is at least as new as what was known to be done before.
class ContendedKey {
 public:
  ContendedKey(CacheBackend& backend, std::size_t number) : backend_(backend), key_(contended_key(number)) {}

  void write_once() {
    const int version = ++written_;
    put(backend_, make_item(key_, std::to_string(version), {{key_ + "tag"}}));
    oldest_allowed_ = version;
    if (version % 3 == 0) {
      oldest_allowed_ = version;
      version % 2 == 0 ? erase(backend_, key_) : evict(backend_, key_ + "tag");
      oldest_allowed_ = version + 1;
    } else if (version % 31 == 0) {
      EXPECT_TRUE(backend_.clear());
    }
  }

  void read_once() {
    const int allowed = oldest_allowed_;
    const std::optional<CacheEntry> entry = get_entry(backend_, key_);
    if (entry && std::stoi(*entry->value) < allowed) {
      ADD_FAILURE() << key_ << " is " << *entry->value << ", but " << allowed << " was known";
    }
  }

 private:
  CacheBackend& backend_;
  const std::string key_;
  int written_ = 0;
  std::atomic<int> oldest_allowed_ = 0;
};

}  // namespace

TEST_P(BackendContract, NeverGivesThreadsAnythingOlderThanWhatTheyKnow) {
  std::array<std::unique_ptr<ContendedKey>, kContendedKeys> keys;
  for (std::size_t number = 0; number < keys.size(); ++number) {
    keys[number] = std::make_unique<ContendedKey>(backend(), number);
  }
  TaskPool pool(4);
  pool.run_all(4, [&](std::size_t item, std::size_t) {
    std::mt19937 random(static_cast<unsigned>(item));  // NOLINT: which keys are read does not matter
    for (int round = 0; round < kRounds; ++round) {
      if (item < 2) {  // two writers, each with keys of its own
        keys[2 * (random() % 2) + item]->write_once();
      } else {
        keys[random() % keys.size()]->read_once();
      }
    }
  });
}

}  // namespace repomap
