// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/mount.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/sharded_store.hpp"
#include "core/cache/store_snapshot.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class StoreSettingsTest : public StoreTest {
 protected:
  std::unique_ptr<ShardedStore> open_sharded(std::size_t shards, std::uint64_t limit = 1U << 30U) {
    DiskStoreConfig config;
    config.directory = directory();
    config.settings = small_settings();
    config.settings->shards = shards;
    config.settings->size_limit_bytes = limit;
    config.clock = &clock_;
    auto store = ShardedStore::open(config);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  }

  /// Runs in a child process without root's rights, for which no permission holds; gives its exit status.
  template <typename Body>
  static int unprivileged(Body&& body) {
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr uid_t kNobody = 65534;
      const bool is_ready = ::geteuid() != 0 || ::setuid(kNobody) == 0;
      ::_exit(is_ready ? body() : 99);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(StoreSettingsTest, O3SettingsAreRemembered) {
  CacheSettings settings = small_settings();
  settings.cull_limit = 3;
  settings.ttl = 90s;
  settings.eviction = EvictionPolicy::kLeastFrequentlyUsed;
  open(settings);
  EXPECT_EQ(open(std::nullopt)->settings().cull_limit, 3U);
  EXPECT_EQ(open(std::nullopt)->settings().ttl, 90s);
  EXPECT_EQ(open(std::nullopt)->settings().eviction, EvictionPolicy::kLeastFrequentlyUsed);
  settings.cull_limit = 5;
  EXPECT_EQ(open(settings)->settings().cull_limit, 5U);
  EXPECT_EQ(open(std::nullopt)->settings().cull_limit, 5U);
}

TEST_F(StoreSettingsTest, O3OpeningAStoreThatFitsWritesNothing) {
  open();
  const auto written = std::filesystem::last_write_time(directory() + "/cache.db-wal");
  const auto size = std::filesystem::file_size(directory() + "/cache.db-wal");
  open();
  open(std::nullopt);
  EXPECT_EQ(std::filesystem::last_write_time(directory() + "/cache.db-wal"), written);
  EXPECT_EQ(std::filesystem::file_size(directory() + "/cache.db-wal"), size);
}

TEST_F(StoreSettingsTest, O4AnotherHandleSeesChangedSettingsWithItsNextWrite) {
  auto first = open();
  auto second = open();
  CacheSettings settings = first->settings();
  settings.size_limit_bytes = 1000;
  ASSERT_TRUE(first->change_settings(settings));
  EXPECT_EQ(first->settings().size_limit_bytes, 1000U);
  EXPECT_EQ(second->set(key("a"), large('a', 2000)).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(second->settings().size_limit_bytes, 1000U);
}

TEST_F(StoreSettingsTest, AChangedPolicyHasItsIndexAndNoOther) {
  auto store = open();
  CacheSettings settings = store->settings();
  settings.eviction = EvictionPolicy::kLeastRecentlyUsed;
  ASSERT_TRUE(store->change_settings(settings));
  auto snapshot = store->snapshot();
  EXPECT_EQ(snapshot->database()
                .texts_of("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'entries' ORDER BY 1")
                .value(),
            (std::vector<std::string>{"entries_accessed", "entries_expiry", "entries_key"}));
}

TEST_F(StoreSettingsTest, M1HitsAndMissesOutliveTheHandleAndCanBeReset) {
  {
    auto store = open();
    ASSERT_TRUE(store->set(key("a"), "1"));
    EXPECT_EQ(text_of(*store, key("a")), "1");
    EXPECT_EQ(text_of(*store, key("b")), "(none)");
  }
  auto store = open();
  EXPECT_EQ(store->stats().hits, 1U);
  EXPECT_EQ(store->stats().misses, 1U);
  EXPECT_EQ(text_of(*store, key("a")), "1");
  EXPECT_EQ(store->stats().hits, 2U);
  ASSERT_TRUE(store->reset_stats());
  EXPECT_EQ(store->stats().hits, 0U);
  EXPECT_EQ(store->stats().misses, 0U);
  EXPECT_EQ(text_of(*store, key("a")), "1");
  EXPECT_EQ(store->stats().hits, 1U);
}

TEST_F(StoreSettingsTest, FilesArePrivate) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('a')));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory())) {
    struct stat info{};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0077U, 0U) << entry.path();
  }
  struct stat info{};
  ASSERT_EQ(::stat(directory().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
}

TEST_F(StoreSettingsTest, O9AReadOnlyDirectoryGivesAHandleThatReads) {
  {
    auto store = open();
    ASSERT_TRUE(store->set(key("a"), "1"));
    ASSERT_TRUE(store->set(key("b"), large('2')));
  }
  std::filesystem::permissions(directory(), std::filesystem::perms(0555));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory())) {
    std::filesystem::permissions(entry.path(), std::filesystem::perms(entry.is_directory() ? 0555 : 0444));
  }
  EXPECT_EQ(unprivileged([&] {
              auto store = try_open(small_settings());
              if (!store) {
                return 1;
              }
              const bool reads = text_of(**store, key("a")) == "1" && text_of(**store, key("b")) == large('2');
              const Status written = (*store)->set(key("c"), "3");
              return !reads ? 2 : written || written.error().code != ErrorCode::kPermissionDenied ? 3 : 0;
            }),
            0);
  std::filesystem::permissions(directory(), std::filesystem::perms(0755));
}

TEST_F(StoreSettingsTest, ADirectoryThatCannotBeMadeIsAnError) {
  std::filesystem::permissions(tree_.outside(), std::filesystem::perms(0555));
  EXPECT_EQ(unprivileged([&] {
              const auto store = try_open(small_settings());
              return !store && store.error().code == ErrorCode::kPermissionDenied ? 0 : 1;
            }),
            0);
  std::filesystem::permissions(tree_.outside(), std::filesystem::perms(0755));
}

TEST_F(StoreSettingsTest, AStoreOpenedForReadingAloneIsNotMade) {
  DiskStoreConfig config;
  config.directory = directory();
  config.access = StoreAccess::kReadOnly;
  EXPECT_EQ(DiskStore::open(config).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(directory()));
}

TEST_F(StoreSettingsTest, JournalModesThatNeedNoSharedMemoryWork) {
  for (const JournalMode mode : {JournalMode::kTruncate, JournalMode::kMemory}) {
    CacheSettings settings = small_settings();
    settings.journal = mode;
    auto store = open(settings);
    ASSERT_TRUE(store->set(key("a"), large('a')));
    EXPECT_EQ(text_of(*store, key("a")), large('a'));
    EXPECT_FALSE(std::filesystem::exists(directory() + "/cache.db-wal"));
    store.reset();
    std::filesystem::remove_all(directory());
  }
}

TEST(Mount, KnowsNetworkFileSystemsByTheirNumbers) {
  EXPECT_EQ(network_file_system_name(0x6969), "nfs");
  EXPECT_EQ(network_file_system_name(0xff534d42), "cifs");
  EXPECT_EQ(network_file_system_name(0xef53), "");
  const auto mount = mount_of("/");
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount_of("/no/such/directory").error().code, ErrorCode::kNotFound);
}

TEST_F(StoreSettingsTest, F1KeysSpreadEvenlyOverShards) {
  auto store = open_sharded(8);
  std::vector<std::size_t> loads(8);
  for (std::int64_t i = 0; i < 10'000; ++i) {
    ++loads[store->shard_index(key(i * 8))];
    ++loads[store->shard_index(key("file:src/" + std::to_string(i)))];
  }
  const auto [least, most] = std::ranges::minmax(loads);
  EXPECT_LT(static_cast<double>(most) / static_cast<double>(least), 1.2);
}

TEST_F(StoreSettingsTest, F1TheNumberOfShardsIsRemembered) {
  std::vector<std::string> log;
  set_log_sink([&](LogLevel, const std::string& message) { log.push_back(message); });
  {
    auto store = open_sharded(4);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(store->shard_of(key(i)).set(key(i), "v"));
    }
  }
  auto store = open_sharded(16);
  set_log_sink({});
  EXPECT_EQ(store->shard_count(), 4U);
  EXPECT_EQ(log.size(), 1U);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(text_of(store->shard_of(key(i)), key(i)), "v");
  }
}

TEST_F(StoreSettingsTest, F1AStoreOfOneShardStaysOne) {
  open_sharded(1);
  set_log_sink([](LogLevel, const std::string&) {});
  EXPECT_EQ(open_sharded(4)->shard_count(), 1U);
  set_log_sink({});
}

TEST_F(StoreSettingsTest, F2TheLimitIsThatOfAllShards) {
  constexpr std::uint64_t kLimit = 8U << 20U;
  auto store = open_sharded(4, kLimit);
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(store->shard_of(key(i)).set(key(i), large('v', 500'000)));
  }
  EXPECT_LE(store->volume().value(), kLimit + (4U << 20U)) << "the write-ahead logs come on top";
  EXPECT_GE(store->count().value(), 12U);
  CacheSettings settings = store->settings();
  settings.size_limit_bytes = 4U << 20U;
  ASSERT_TRUE(store->change_settings(settings));
  EXPECT_TRUE(store->cull().status);
  EXPECT_LE(store->count().value(), 8U);
}

TEST_F(StoreSettingsTest, F4AggregatesAreTheSumsOfTheShards) {
  auto store = open_sharded(4);
  std::vector<CacheKey> keys;
  std::vector<StoreItem> items;
  const std::vector<CacheTag> tags = {{"t"}};
  for (int i = 0; i < 100; ++i) {
    keys.push_back(key(i));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    items.push_back({&keys[i], "v", i % 2 == 0 ? &tags : nullptr,
                     i % 10 == 1 ? std::optional(in(1s)) : std::optional<Clock::WallTime>()});
  }
  ASSERT_TRUE(store->put_many(items));
  std::size_t sum = 0;
  std::uint64_t volume = 0;
  for (std::size_t i = 0; i < store->shard_count(); ++i) {
    EXPECT_GT(store->shard(i).count().value(), 0U);
    sum += store->shard(i).count().value();
    volume += store->shard(i).volume().value();
  }
  EXPECT_EQ(sum, 100U);
  EXPECT_EQ(store->count().value(), 100U);
  EXPECT_EQ(store->volume().value(), volume);
  const auto found = store->get_many(keys);
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::ranges::all_of(*found, [](const auto& entry) { return entry.has_value(); }));
  EXPECT_EQ(store->stats().hits, 100U);
  clock_.advance(1s);
  EXPECT_EQ(store->expire().removed, 10U);
  EXPECT_EQ(store->evict(tags).removed, 50U);
  EXPECT_EQ(store->erase_many(keys).value(), 40U);
  EXPECT_EQ(store->clear().removed, 0U);
}

}  // namespace
}  // namespace repomap
