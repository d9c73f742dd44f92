// SPDX-License-Identifier: Apache-2.0
#include "core/cache/entry_listing.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/fake_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

CacheKey key(int number) { return CacheKey::from_integer(number); }

class EntryListing : public testing::Test {
 protected:
  std::unique_ptr<DiskStore> open() {
    DiskStoreConfig config;
    config.directory = tree_.path("store");
    config.clock = &clock_;
    config.settings = CacheSettings{};
    config.settings->min_file_bytes = 100;
    return *DiskStore::open(config);
  }

  TemporaryTree tree_;
  FakeClock clock_;
};

TEST_F(EntryListing, TellsWhatIsKnownOfEachEntryInTheOrderOfInsertion) {
  const auto store = open();
  const Clock::WallTime start = clock_.now();
  ASSERT_TRUE(store->set(key(2), std::string("small"), {{CacheTag{"x"}, CacheTag::file("a.c")}, start + 1h}));
  clock_.advance(1min);
  ASSERT_TRUE(store->set(key(1), std::string(200, 'v')));

  const auto entries = list_entries(*store, 0, 10);
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 2U);
  const EntrySummary& first = entries->front();
  EXPECT_EQ(first.key, key(2));
  EXPECT_EQ(first.size_bytes, 5U);
  EXPECT_FALSE(first.has_file);
  EXPECT_EQ(first.tags, (std::vector<CacheTag>{{"x"}, {"file:a.c"}}));
  EXPECT_EQ(first.expires, start + 1h);
  const EntrySummary& second = entries->back();
  EXPECT_EQ(second.key, key(1));
  EXPECT_EQ(second.size_bytes, 200U);
  EXPECT_TRUE(second.has_file);
  EXPECT_TRUE(second.tags.empty());
  EXPECT_FALSE(second.expires);
  EXPECT_GE(second.stored - first.stored, 1min);
}

TEST_F(EntryListing, GoesOnBehindTheLastEntryOfAPage) {
  const auto store = open();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), std::string("v")));
  }
  std::vector<CacheKey> keys;
  std::int64_t after = 0;
  while (true) {
    const auto page = list_entries(*store, after, 3);
    ASSERT_TRUE(page) << page.error().message;
    if (page->empty()) {
      break;
    }
    EXPECT_LE(page->size(), 3U);
    after = page->back().entry;
    for (const EntrySummary& entry : *page) {
      keys.push_back(entry.key);
    }
  }
  ASSERT_EQ(keys.size(), 10U);
  EXPECT_EQ(keys.front(), key(0));
  EXPECT_EQ(keys.back(), key(9));
}

TEST_F(EntryListing, ShowsExpiredEntriesToo) {
  const auto store = open();
  ASSERT_TRUE(store->set(key(1), std::string("v"), {{}, clock_.now() + 1s}));
  clock_.advance(1h);
  EXPECT_EQ(list_entries(*store, 0, 10)->size(), 1U);
  const auto found = find_entry(*store, key(1));
  ASSERT_TRUE(found && *found);
  EXPECT_LT(*(*found)->expires, clock_.now());
}

TEST_F(EntryListing, FindsNothingForAKeyWithoutAnEntry) {
  const auto store = open();
  EXPECT_TRUE(list_entries(*store, 0, 10)->empty());
  const auto found = find_entry(*store, key(1));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

}  // namespace
}  // namespace repomap
