// SPDX-License-Identifier: Apache-2.0
//
// What a user of a store may rely on besides single operations: how handles, codecs, shards and waiting behave.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/task_pool.hpp"
#include "core/cache/deque.hpp"
#include "core/cache/index.hpp"
#include "core/cache/sharded_store.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/value_codec.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

using StoreRows = StoreTest;

/// The bytes in reverse: a codec that is not ours.
class ReverseCodec final : public ValueCodec {
 public:
  std::string_view id() const override { return "reverse-1"; }
  std::string encode(std::string_view value) const override { return {value.rbegin(), value.rend()}; }
  Result<std::string> decode(std::string_view stored) const override {
    return std::string(stored.rbegin(), stored.rend());
  }
};

DiskStoreConfig config_of(const std::string& directory, std::shared_ptr<const ValueCodec> codec) {
  DiskStoreConfig config;
  config.directory = directory;
  config.codec = std::move(codec);
  return config;
}

TEST_F(StoreRows, O2AWrongCodecIsRefusedAndChangesNothing) {
  ASSERT_TRUE(DiskStore::open(config_of(directory(), std::make_shared<ReverseCodec>())));
  const auto before = std::filesystem::last_write_time(directory() + "/cache.db");
  const auto refused = DiskStore::open(config_of(directory(), nullptr));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(std::filesystem::last_write_time(directory() + "/cache.db"), before);
  EXPECT_FALSE(std::filesystem::exists(directory() + "/quarantine"));
}

TEST_F(StoreRows, D1ACodecOfTheUsersStoresEveryValue) {
  auto store = DiskStore::open(config_of(directory(), std::make_shared<ReverseCodec>()));
  ASSERT_TRUE(store);
  const std::string large_value = large('a', 100'000) + "b";
  ASSERT_TRUE((*store)->set(key("small"), std::string("abc")));
  ASSERT_TRUE((*store)->set(key("large"), large_value));
  EXPECT_EQ(text_of(**store, key("small")), "abc");
  EXPECT_EQ(text_of(**store, key("large")), large_value);
}

TEST_F(StoreRows, O5O6AHandleIsClosedAndMadeAgainFromItsConfiguration) {
  for (int round = 0; round < 3; ++round) {
    auto store = open();
    EXPECT_EQ(text_of(*store, key("a")), round == 0 ? "(none)" : "value");
    ASSERT_TRUE(store->set(key("a"), std::string("value")));
    store.reset();
  }
}

TEST_F(StoreRows, C2AWriterOutwaitsAShortLock) {
  auto store = open();
  auto other = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kReadWrite, 1s);
  ASSERT_TRUE((*other)->execute("BEGIN IMMEDIATE"));
  TaskPool pool(2);
  Status written;
  pool.run_all(2, [&](std::size_t item, std::size_t /*worker*/) {
    if (item == 0) {
      written = store->set(key("a"), std::string("1"));
    } else {
      system_clock().sleep_for(200ms);
      EXPECT_TRUE((*other)->execute("COMMIT"));
    }
  });
  EXPECT_TRUE(written) << written.error().message;
}

TEST_F(StoreRows, C4AMissIsNotAnEmptyValue) {
  auto store = open();
  ASSERT_TRUE(store->set(key("empty"), std::string()));
  const auto empty = store->get(key("empty"));
  const auto missing = store->get(key("missing"));
  ASSERT_TRUE(empty && missing);
  EXPECT_TRUE(*empty);
  EXPECT_FALSE(*missing);
}

TEST_F(StoreRows, R2APermanentErrorSurfacesAtOnce) {
  CacheSettings settings = small_settings();
  settings.timeout = 20s;
  auto store = open(settings);
  ASSERT_TRUE(store->set(key("a"), std::string("1")));
  {
    auto other = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kReadWrite, 1s);
    ASSERT_TRUE((*other)->execute("DROP TABLE entry_tags"));
  }
  const auto start = system_clock().monotonic();
  EXPECT_FALSE(store->set(key("b"), std::string("2"), tagged({"x"})));
  EXPECT_LT(system_clock().monotonic() - start, 5s);
}

TEST_F(StoreRows, T4F3F5ShardsAreWrittenOneByOne) {
  DiskStoreConfig config;
  config.directory = directory();
  config.settings = small_settings();
  config.settings->shards = 4;
  config.settings->timeout = 50ms;
  auto store = ShardedStore::open(config);
  ASSERT_TRUE(store);
  std::vector<CacheKey> keys;
  for (int i = 0; i < 40; ++i) {
    keys.push_back(key(i));
  }
  std::vector<StoreItem> items;
  for (const CacheKey& name : keys) {
    items.push_back({&name, "v", nullptr, std::nullopt});
  }
  const std::string locked = (*store)->shard_of(key(0)).directory();
  auto other = SqliteDatabase::open(locked + "/cache.db", SqliteAccess::kReadWrite, 1s);
  ASSERT_TRUE((*other)->execute("BEGIN IMMEDIATE"));
  const Status written = (*store)->put_many(items);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kBusy);
  ASSERT_TRUE((*other)->execute("ROLLBACK"));
  for (const CacheKey& name : keys) {
    const bool is_locked_shard = (*store)->shard_of(name).directory() == locked;
    EXPECT_EQ((*store)->shard_of(name).get(name)->has_value(), !is_locked_shard)
        << "each shard has all of its items or none";
  }
  CacheSettings changed = (*store)->settings();
  changed.cull_limit = 3;
  ASSERT_TRUE((*store)->change_settings(changed));
  for (std::size_t shard = 0; shard < 4; ++shard) {
    EXPECT_EQ((*store)->shard(shard).settings().cull_limit, 3U);
  }
}

TEST_F(StoreRows, F6NamedQueuesAreNotCountedAmongTheEntries) {
  auto store = open();
  auto first = Deque::open(*store, "work");
  auto again = Deque::open(*store, "work");
  auto nested = Deque::open(*store, "work/part");
  ASSERT_TRUE(first && again && nested);
  ASSERT_TRUE(first->append(std::string("item")));
  EXPECT_EQ(*again->size(), 1U) << "one name is one deque";
  EXPECT_EQ(*nested->size(), 0U);
  EXPECT_EQ(*store->count(), 0U);
}

TEST_F(StoreRows, D2D4EqualContentsHaveFilesOfTheirOwn) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('x')));
  ASSERT_TRUE(store->set(key("b"), large('x')));
  EXPECT_EQ(files().size(), 2U);
  ASSERT_TRUE(store->erase(key("a")));
  EXPECT_EQ(files().size(), 1U);
  EXPECT_EQ(text_of(*store, key("b")), large('x'));
}

}  // namespace
}  // namespace repomap
