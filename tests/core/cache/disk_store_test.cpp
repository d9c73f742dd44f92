// SPDX-License-Identifier: Apache-2.0
#include "core/cache/disk_store.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class DiskStoreTest : public StoreTest {};

TEST_F(DiskStoreTest, O1MakesAMissingDirectoryThatASecondHandleShares) {
  auto first = open();
  ASSERT_TRUE(first->set(key("a"), "value"));
  auto second = open();
  EXPECT_EQ(text_of(*second, key("a")), "value");
}

TEST_F(DiskStoreTest, C1AnOverwriteReplacesTagsAndExpiryToo) {
  auto store = open();
  EntryOptions options = tagged({"x"});
  options.expires = in(60s);
  ASSERT_TRUE(store->set(key("a"), "1", options));
  ASSERT_TRUE(store->set(key("b"), "2"));
  ASSERT_TRUE(store->set(key("a"), "3"));
  const auto entry = store->get(key("a"));
  ASSERT_TRUE(entry && *entry);
  EXPECT_TRUE((*entry)->tags.empty());
  EXPECT_FALSE((*entry)->expires.has_value());
  const CacheTag tag{"x"};
  EXPECT_EQ(store->evict({&tag, 1}).removed, 0U);
}

TEST_F(DiskStoreTest, C3AnExpiredEntryIsAMissAndStays) {
  auto store = open();
  EntryOptions options = tagged({"b", "a"});
  options.expires = in(10s);
  ASSERT_TRUE(store->set(key("a"), "1", options));
  const auto entry = store->get(key("a"));
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ((*entry)->tags, (std::vector<CacheTag>{{"b"}, {"a"}}));
  EXPECT_EQ((*entry)->expires, in(10s));
  clock_.advance(10s);
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
  EXPECT_EQ(*store->count(), 1U);
}

TEST_F(DiskStoreTest, C7AddStoresOnlyWhatIsAbsentOrExpired) {
  auto store = open();
  EXPECT_EQ(store->add(key("a"), large('1'), expiring(10s)).value(), true);
  EXPECT_EQ(store->add(key("a"), large('2')).value(), false);
  EXPECT_EQ(files().size(), 1U);
  clock_.advance(10s);
  EXPECT_EQ(store->add(key("a"), large('3')).value(), true);
  EXPECT_EQ(text_of(*store, key("a")), large('3'));
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(DiskStoreTest, C8CountsKeepingTagsAndExpiry) {
  auto store = open();
  EXPECT_EQ(store->increment(key("n")).value(), 1);
  EXPECT_EQ(store->increment(key("n"), -5).value(), -4);
  EXPECT_EQ(store->increment(key("m"), 2, 40).value(), 42);
  EntryOptions options = tagged({"t"});
  options.expires = in(60s);
  ASSERT_TRUE(store->set(key("k"), std::int64_t{7}, options));
  EXPECT_EQ(store->increment(key("k")).value(), 8);
  const auto entry = store->get(key("k"));
  EXPECT_EQ((*entry)->tags, std::vector<CacheTag>{{"t"}});
  EXPECT_EQ((*entry)->expires, in(60s));
  clock_.advance(60s);
  EXPECT_EQ(store->increment(key("k")).value(), 1);
  EXPECT_FALSE((*store->get(key("k")))->expires.has_value());
}

TEST_F(DiskStoreTest, C8RefusesToCountWhatItCannot) {
  auto store = open();
  EXPECT_EQ(store->increment(key("none"), 1, std::nullopt).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store->set(key("text"), "12"));
  EXPECT_EQ(store->increment(key("text")).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(text_of(*store, key("text")), "12");
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  ASSERT_TRUE(store->set(key("max"), kMax));
  EXPECT_EQ(store->increment(key("max")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("max")))->value), kMax);
}

TEST_F(DiskStoreTest, C9TouchChangesTheExpiryOfALiveEntryAlone) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "1", expiring(10s)));
  EXPECT_EQ(store->touch(key("a"), in(20s)).value(), true);
  clock_.advance(15s);
  EXPECT_EQ(text_of(*store, key("a")), "1");
  EXPECT_EQ(store->touch(key("a"), std::nullopt).value(), true);
  clock_.advance(100s);
  EXPECT_EQ(text_of(*store, key("a")), "1");
  ASSERT_TRUE(store->set(key("b"), "2", expiring(1s)));
  clock_.advance(1s);
  EXPECT_EQ(store->touch(key("b"), std::nullopt).value(), false);
  EXPECT_EQ(store->touch(key("c"), std::nullopt).value(), false);
}

TEST_F(DiskStoreTest, C10EraseReportsAnExpiredEntryAsAbsent) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('a')));
  EXPECT_EQ(store->erase(key("a")).value(), true);
  EXPECT_EQ(store->erase(key("a")).value(), false);
  EXPECT_TRUE(files().empty());
  ASSERT_TRUE(store->set(key("b"), "1", expiring(1s)));
  clock_.advance(1s);
  EXPECT_EQ(store->erase(key("b")).value(), false);
  EXPECT_EQ(*store->count(), 1U);
}

TEST_F(DiskStoreTest, C11PopGivesWhatItRemoves) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('a'), tagged({"t"})));
  const auto entry = store->pop(key("a"));
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ(std::get<std::string>((*entry)->value), large('a'));
  EXPECT_EQ((*entry)->tags, std::vector<CacheTag>{{"t"}});
  EXPECT_FALSE(store->pop(key("a"))->has_value());
  EXPECT_TRUE(files().empty());
}

TEST_F(DiskStoreTest, C12C13ContainsSeesLiveEntriesAndCountSeesAll) {
  auto store = open();
  for (int i = 0; i < 15; ++i) {
    ASSERT_TRUE(store->set(key(i), "v", i < 10 ? expiring(5s) : EntryOptions{}));
  }
  clock_.advance(5s);
  EXPECT_EQ(store->contains(key(0)).value(), false);
  EXPECT_EQ(store->contains(key(12)).value(), true);
  EXPECT_EQ(*store->count(), 15U);
  EXPECT_EQ(store->expire().removed, 10U);
  EXPECT_EQ(*store->count(), 5U);
}

TEST_F(DiskStoreTest, C17KeysOfDifferentTypesAreDifferent) {
  auto store = open();
  ASSERT_TRUE(store->set(CacheKey::from_integer(1), "integer"));
  ASSERT_TRUE(store->set(CacheKey::from_text("1"), "text"));
  ASSERT_TRUE(store->set(CacheKey::from_bytes("1"), "bytes"));
  EXPECT_EQ(text_of(*store, CacheKey::from_integer(1)), "integer");
  EXPECT_EQ(text_of(*store, CacheKey::from_text("1")), "text");
  EXPECT_EQ(text_of(*store, CacheKey::from_bytes("1")), "bytes");
}

TEST_F(DiskStoreTest, C18ValuesOfEveryKindAndSizeComeBack) {
  auto store = open();
  for (const std::size_t size : {std::size_t{0}, kMinFile - 1, kMinFile, kMinFile + 1, std::size_t{100'000}}) {
    std::string bytes = large('\0', size);
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = static_cast<char>(i * 7);
    }
    ASSERT_TRUE(store->set(key(static_cast<std::int64_t>(size)), bytes));
    EXPECT_EQ(text_of(*store, key(static_cast<std::int64_t>(size))), bytes) << size;
  }
  EXPECT_EQ(files().size(), 3U);
  ASSERT_TRUE(store->set(key("integer"), std::numeric_limits<std::int64_t>::min()));
  ASSERT_TRUE(store->set(key("real"), -0.5));
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("integer")))->value), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(std::get<double>((*store->get(key("real")))->value), -0.5);
}

TEST_F(DiskStoreTest, C18AnOverwriteLeavesNoFileOfTheOldValue) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "small"));
  EXPECT_EQ(files().size(), 0U);
  ASSERT_TRUE(store->set(key("a"), large('1')));
  ASSERT_TRUE(store->set(key("a"), large('2')));
  EXPECT_EQ(files().size(), 1U);
  EXPECT_EQ(text_of(*store, key("a")), large('2'));
  ASSERT_TRUE(store->set(key("a"), "small"));
  EXPECT_EQ(files().size(), 0U);
}

TEST_F(DiskStoreTest, C5AMissingValueFileIsAMissThatRemovesTheEntry) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('a')));
  std::filesystem::remove(directory() + "/values/" + files().front());
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
  EXPECT_EQ(*store->count(), 0U);
  EXPECT_EQ(store->stats().damaged, 1U);
}

TEST_F(DiskStoreTest, BatchesReadAndWriteManyEntries) {
  auto store = open();
  std::vector<CacheKey> keys;
  std::vector<StoreItem> items;
  const std::vector<CacheTag> tags = {{"t"}};
  for (int i = 0; i < 100; ++i) {
    keys.push_back(key(i));
  }
  for (const CacheKey& name : keys) {
    items.push_back({&name, name.encoded(), &tags, std::nullopt});
  }
  ASSERT_TRUE(store->put_many(items));
  keys.push_back(key("absent"));
  const auto entries = store->get_many(keys);
  ASSERT_TRUE(entries);
  for (int i = 0; i < 100; ++i) {
    const auto& entry = (*entries)[static_cast<std::size_t>(i)];
    ASSERT_TRUE(entry);
    EXPECT_EQ(std::get<std::string>(entry->value), key(i).encoded());
    EXPECT_EQ(entry->tags, tags);
  }
  EXPECT_FALSE(entries->back().has_value());
  EXPECT_EQ(store->erase_many(keys).value(), 100U);
  EXPECT_EQ(*store->count(), 0U);
}

TEST_F(DiskStoreTest, E7EvictsByAnyOfSeveralTags) {
  auto store = open();
  const std::vector<std::string> colours = {"red", "green", "blue"};
  for (int i = 0; i < 90; ++i) {
    ASSERT_TRUE(store->set(key(i), "v", tagged({colours[static_cast<std::size_t>(i) % 3], "all"})));
  }
  const CacheTag red{"red"};
  EXPECT_EQ(store->evict({&red, 1}).removed, 30U);
  EXPECT_EQ(*store->count(), 60U);
  EXPECT_EQ(store->evict({&red, 1}).removed, 0U);
  const std::vector<CacheTag> others = {{"green"}, {"all"}};
  EXPECT_EQ(store->evict(others).removed, 60U);
  EXPECT_EQ(store->evict({}).removed, 0U);
}

TEST_F(DiskStoreTest, E10ListsKeysByTagInPages) {
  auto store = open();
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(store->set(key(i), "v", tagged({i % 2 == 0 ? "even" : "odd"})));
  }
  std::vector<CacheKey> listed;
  std::int64_t after = 0;
  while (true) {
    const auto page = store->keys_by_tag({"even"}, after, 5);
    ASSERT_TRUE(page);
    if (page->empty()) {
      break;
    }
    EXPECT_LE(page->size(), 5U);
    for (const ListedKey& found : *page) {
      listed.push_back(found.key);
      after = found.entry;
    }
  }
  ASSERT_EQ(listed.size(), 13U);
  EXPECT_EQ(listed[12], key(24));
}

TEST_F(DiskStoreTest, E9ClearRemovesEverything) {
  auto store = open();
  for (int i = 0; i < 2500; ++i) {
    ASSERT_TRUE(store->set(key(i), i % 500 == 0 ? large('x') : "v"));
  }
  EXPECT_EQ(store->clear().removed, 2500U);
  EXPECT_EQ(*store->count(), 0U);
  EXPECT_TRUE(files().empty());
}

TEST_F(DiskStoreTest, M1CountsHitsAndMissesOfGetAlone) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "1"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(text_of(*store, key("a")), "1");
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(text_of(*store, key("b")), "(none)");
  }
  EXPECT_TRUE(store->contains(key("a")));
  EXPECT_EQ(store->stats().hits, 100U);
  EXPECT_EQ(store->stats().misses, 10U);
}

}  // namespace
}  // namespace repomap
