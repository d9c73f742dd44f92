// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_manager.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/sharded_store.hpp"
#include "core/cache/sqlite.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_remote_backend.hpp"
#include "tests/support/single_operations.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class CacheManagers : public testing::Test {
 protected:
  CacheManagerConfig config() const {
    CacheManagerConfig config;
    config.profile.root = root();
    config.clock = &clock_;
    return config;
  }
  std::string root() const { return tree_.path("cache"); }

  static std::unique_ptr<CacheManager> open(CacheManagerConfig config) {
    auto manager = CacheManager::open(std::move(config));
    EXPECT_TRUE(manager) << manager.error().message;
    return manager ? std::move(*manager) : nullptr;
  }

  TemporaryTree tree_;
  FakeClock clock_;
};

bool has_notice(const CacheManager& manager, std::string_view part) {
  for (const std::string& notice : manager.notices()) {
    if (notice.find(part) != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::string content_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

unsigned mode_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
}

TEST_F(CacheManagers, KeepsWhatIsPutForTheNextProcess) {
  {
    const auto manager = open(config());
    put(manager->backend(CacheKind::kTags), make_item("key", "value"));
    put(manager->backend(CacheKind::kMaps), make_item("key", "other"));
    EXPECT_TRUE(manager->notices().empty());
  }
  const auto manager = open(config());
  EXPECT_EQ(get(manager->backend(CacheKind::kTags), "key"), "value");
  EXPECT_EQ(get(manager->backend(CacheKind::kMaps), "key"), "other") << "each kind has keys of its own";
  EXPECT_EQ(manager->memory(CacheKind::kTags)->stats().items, 1U) << "a hit on disk is copied to memory";
}

TEST_F(CacheManagers, OpensOnlyWhatIsAskedFor) {
  const auto manager = open(config());
  EXPECT_FALSE(fs::exists(root()));
  EXPECT_FALSE(manager->exists(CacheKind::kTags));
  EXPECT_TRUE(manager->stats().empty());
  manager->backend(CacheKind::kTags);
  EXPECT_TRUE(manager->exists(CacheKind::kTags));
  EXPECT_EQ(manager->directory(CacheKind::kTags), root() + "/v1/tags");
  EXPECT_TRUE(fs::exists(root() + "/v1/tags/cache.db"));
  EXPECT_FALSE(manager->exists(CacheKind::kMaps));
  EXPECT_FALSE(fs::exists(root() + "/v1/maps"));
  EXPECT_EQ(manager->stats().size(), 1U);
}

TEST_F(CacheManagers, MakesFilesForTheUserAlone) {
  const auto manager = open(config());
  put(manager->backend(CacheKind::kTags), make_item("key", std::string(100'000, 'x')));
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root())) {
    EXPECT_EQ(mode_of(entry.path().string()) & 077U, 0U) << entry.path();
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(mode_of(root()), 0700U);
  EXPECT_GE(files, 2U) << "a database and a value file";
}

TEST_F(CacheManagers, CountsForEachKindAndTier) {
  {
    const auto manager = open(config());
    put(manager->backend(CacheKind::kTags), make_item("key", "value"));
  }
  const auto manager = open(config());
  CacheBackend& tags = manager->backend(CacheKind::kTags);
  EXPECT_FALSE(get(tags, "missing"));
  EXPECT_TRUE(get(tags, "key"));
  EXPECT_TRUE(get(tags, "key"));
  manager->backend(CacheKind::kGraph);
  const std::vector<KindStats> stats = manager->stats();
  ASSERT_EQ(stats.size(), 2U);
  EXPECT_EQ(stats[0].kind, CacheKind::kTags);
  EXPECT_EQ(stats[1].kind, CacheKind::kGraph);
  EXPECT_EQ(stats[0].directory, root() + "/v1/tags");
  EXPECT_EQ(stats[0].stats.hits, 2U);
  EXPECT_EQ(stats[0].stats.misses, 1U);
  ASSERT_EQ(stats[0].stats.tiers.size(), 2U);
  EXPECT_EQ(stats[0].stats.tiers[0].name, "memory");
  EXPECT_EQ(stats[0].stats.tiers[0].hits, 1U);
  EXPECT_EQ(stats[0].stats.tiers[0].limit_bytes, manager->profile().settings(CacheKind::kTags).l1_bytes);
  EXPECT_EQ(stats[0].stats.tiers[1].name, "disk");
  EXPECT_EQ(stats[0].stats.tiers[1].items, 1U);
}

TEST_F(CacheManagers, GivesEachKindItsSettings) {
  CacheManagerConfig own = config();
  own.profile.base.l1_bytes = 100'000;
  CacheSettings maps;
  maps.shards = 3;
  maps.size_limit_bytes = 7'000'000;
  maps.l1_bytes = 0;
  own.profile.overrides[CacheKind::kMaps] = maps;
  const auto manager = open(own);
  EXPECT_EQ(manager->store(CacheKind::kMaps)->shard_count(), 3U);
  EXPECT_EQ(manager->store(CacheKind::kMaps)->settings().size_limit_bytes, 7'000'000U);
  EXPECT_EQ(manager->memory(CacheKind::kMaps), nullptr);
  EXPECT_EQ(manager->store(CacheKind::kTags)->shard_count(), 1U);
  EXPECT_EQ(manager->memory(CacheKind::kTags)->stats().limit_bytes, 48'000U);
  EXPECT_EQ(manager->memory(CacheKind::kQueue), nullptr) << "what is durable goes to the disk";
  EXPECT_EQ(manager->store(CacheKind::kQueue)->settings().eviction, EvictionPolicy::kNone);
}

TEST_F(CacheManagers, WorksWithoutADisk) {
  CacheManagerConfig memory = config();
  memory.profile.root.clear();
  memory.profile.base.l1_bytes = 0;
  const auto manager = open(memory);
  for (const CacheKind kind : kAllCacheKinds) {
    put(manager->backend(kind), make_item("key", cache_kind_name(kind)));
    EXPECT_EQ(get(manager->backend(kind), "key"), cache_kind_name(kind));
    EXPECT_EQ(manager->store(kind), nullptr);
    EXPECT_EQ(manager->directory(kind), "");
    EXPECT_FALSE(manager->exists(kind));
  }
  EXPECT_TRUE(manager->notices().empty()) << "it was asked for";
  EXPECT_EQ(manager->stats().size(), kAllCacheKinds.size());
}

TEST_F(CacheManagers, RefusesTheRepositoryAndWhatCannotBe) {
  CacheManagerConfig inside = config();
  inside.repository = tree_.root();
  const auto refused = CacheManager::open(inside);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  CacheManagerConfig invalid = config();
  invalid.profile.base.shards = 0;
  EXPECT_FALSE(CacheManager::open(invalid));
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(CacheManagers, WorkInMemoryWhereTheRootCannotBeMadeUntilItCan) {
  tree_.write("cache", "a file is in the way");
  const auto manager = open(config());
  CacheBackend& tags = manager->backend(CacheKind::kTags);
  put(tags, make_item("key", "value"));
  EXPECT_EQ(get(tags, "key"), "value");
  put(manager->backend(CacheKind::kMaps), make_item("key", "other"));
  EXPECT_EQ(manager->store(CacheKind::kTags), nullptr);
  EXPECT_EQ(manager->notices().size(), 1U) << "said once, not for each kind";
  EXPECT_TRUE(has_notice(*manager, "in memory"));
  EXPECT_FALSE(manager->stats().front().stats.tiers[1].trouble.empty());
  fs::remove(root());
  clock_.advance(1min);
  put(tags, make_item("later", "kept"));
  ASSERT_NE(manager->store(CacheKind::kTags), nullptr);
  EXPECT_EQ(get(open(config())->backend(CacheKind::kTags), "later"), "kept");
}

TEST_F(CacheManagers, LeaveAForeignDatabaseAsItIs) {
  tree_.make_directory("cache/v1/tags");
  const std::string path = root() + "/v1/tags/cache.db";
  {
    auto foreign = SqliteDatabase::open(path, SqliteAccess::kCreate, 1s);
    ASSERT_TRUE(foreign);
    ASSERT_TRUE(
        (*foreign)->execute("PRAGMA application_id = 1234; CREATE TABLE theirs(x); INSERT INTO theirs VALUES(5)"));
  }
  const std::string before = content_of(path);
  const auto manager = open(config());
  put(manager->backend(CacheKind::kTags), make_item("key", "value"));
  EXPECT_EQ(get(manager->backend(CacheKind::kTags), "key"), "value");
  EXPECT_TRUE(has_notice(*manager, "tags are kept in memory only"));
  put(manager->backend(CacheKind::kMaps), make_item("key", "value"));
  EXPECT_NE(manager->store(CacheKind::kMaps), nullptr) << "other kinds are not affected";
  EXPECT_EQ(content_of(path), before);
}

TEST_F(CacheManagers, NameLayoutsOfOtherVersionsAndLeaveThemAsTheyAre) {
  tree_.write("cache/v0/tags/cache.db", "old");
  tree_.write("cache/v9/anything", "new");
  const auto manager = open(config());
  put(manager->backend(CacheKind::kTags), make_item("key", "value"));
  manager->backend(CacheKind::kMaps);
  ASSERT_EQ(manager->notices().size(), 1U);
  EXPECT_TRUE(has_notice(*manager, "left as they are: v0, v9"));
  EXPECT_EQ(content_of(root() + "/v0/tags/cache.db"), "old");
}

TEST_F(CacheManagers, TakeAThirdTierInOneLine) {
  const auto server = std::make_shared<FakeRemoteServer>();
  CacheManagerConfig three = config();
  three.extra_tiers.push_back(
      [&](CacheKind, const CacheSettings&) { return std::make_unique<FakeRemoteBackend>(server, clock_); });
  put(open(three)->backend(CacheKind::kTags), make_item("key", "value"));
  // Another machine: the same server, another disk.
  three.profile.root = tree_.path("elsewhere");
  const auto manager = open(three);
  EXPECT_EQ(get(manager->backend(CacheKind::kTags), "key"), "value");
  EXPECT_EQ(manager->stats().front().stats.tiers.size(), 3U);
  EXPECT_EQ(manager->store(CacheKind::kTags)->count().value_or(0), 1U) << "a far hit is copied to the disk";
}

TEST_F(CacheManagers, DoWithoutAThirdTierThatCannotBeMade) {
  CacheManagerConfig three = config();
  three.extra_tiers.push_back([](CacheKind, const CacheSettings&) -> Result<std::unique_ptr<CacheBackend>> {
    return fail(ErrorCode::kIo, "no route to the server");
  });
  three.extra_tiers.push_back([](CacheKind, const CacheSettings&) -> Result<std::unique_ptr<CacheBackend>> {
    return std::unique_ptr<CacheBackend>();
  });
  const auto manager = open(three);
  put(manager->backend(CacheKind::kTags), make_item("key", "value"));
  EXPECT_EQ(get(manager->backend(CacheKind::kTags), "key"), "value");
  EXPECT_TRUE(has_notice(*manager, "no route to the server"));
  EXPECT_EQ(manager->stats().front().stats.tiers.size(), 2U);
}

TEST_F(CacheManagers, GiveThreadsThatComeAtOnceTheSameTiers) {
  const auto manager = open(config());
  constexpr std::size_t kTasks = 64;
  std::vector<CacheBackend*> seen(kTasks);
  TaskPool pool(8);
  pool.run_all(kTasks, [&](std::size_t item, std::size_t) {
    seen[item] = &manager->backend(item % 2 == 0 ? CacheKind::kTags : CacheKind::kMaps);
    put(*seen[item], make_item(std::to_string(item), "value"));
  });
  for (std::size_t item = 0; item < kTasks; ++item) {
    EXPECT_EQ(seen[item], seen[item % 2]);
    EXPECT_EQ(get(*seen[item], std::to_string(item)), "value");
  }
}

/// Memory as a test sets it.
class FixedMemory final : public MemoryPressureSource {
 public:
  explicit FixedMemory(const double& stalled_percent) : stalled_percent_(stalled_percent) {}
  MemoryReading read() override {
    constexpr std::uint64_t kGiga = std::uint64_t{1} << 30U;
    return {kGiga, kGiga, MemoryStall{stalled_percent_, 0}};
  }
  void give_back() override {}

 private:
  const double& stalled_percent_;
};

TEST_F(CacheManagers, KeepAllKindsTogetherWithinWhatMemoryThereIs) {
  double stalled_percent = 50;
  CacheManagerConfig memory = config();
  memory.profile.root.clear();
  memory.profile.base.l1_bytes = std::uint64_t{100} << 20U;
  const auto manager = open(memory);
  EXPECT_FALSE(manager->memory_stats());
  MemoryMonitorSettings settings;
  settings.floor_bytes = 10'000'000;
  settings.interval = 0ms;
  manager->monitor_memory(settings, std::make_unique<FixedMemory>(stalled_percent));
  for (int i = 0; i < 30; ++i) {
    put(manager->backend(CacheKind::kTags), make_item(std::to_string(i), std::string(1U << 20U, 'x')));
  }
  EXPECT_GT(manager->memory(CacheKind::kTags)->size_bytes(), std::uint64_t{30} << 20U);
  for (int i = 0; i < 9; ++i) {
    manager->check_memory();
  }
  ASSERT_TRUE(manager->memory_stats());
  EXPECT_EQ(manager->memory_stats()->configured_bytes, memory.profile.base.l1_bytes);
  EXPECT_EQ(manager->memory_stats()->budget_bytes, settings.floor_bytes);
  EXPECT_NEAR(static_cast<double>(manager->memory(CacheKind::kTags)->stats().limit_bytes), 4.8e6, 1);
  EXPECT_LE(manager->memory(CacheKind::kTags)->size_bytes(), 4'800'000U);
  EXPECT_NEAR(static_cast<double>(manager->memory(CacheKind::kGraph)->stats().limit_bytes), 1.6e6, 1)
      << "also of a kind that is opened under pressure";
  stalled_percent = 0;
  for (int i = 0; i < 30; ++i) {
    manager->check_memory();
  }
  EXPECT_EQ(manager->memory_stats()->state, MemoryState::kCalm);
  EXPECT_EQ(manager->memory(CacheKind::kTags)->stats().limit_bytes, std::uint64_t{48} << 20U);
}

/// Runs `work` in a process that may not write where it may not, which root may everywhere; gives what it returned.
template <typename Work>
int run_as_nobody(const Work& work) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_nobody = ::geteuid() != 0 || (::setgid(kNobody) == 0 && ::setuid(kNobody) == 0);
    ::_exit(is_nobody ? work() : 99);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void make_readable(const std::string& path, bool is_writable) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    ::chmod(entry.path().c_str(), entry.is_directory() ? (is_writable ? 0700 : 0555) : (is_writable ? 0600 : 0444));
  }
  ::chmod(path.c_str(), is_writable ? 0700 : 0555);
}

TEST_F(CacheManagers, ReadWhatTheyMayNotWrite) {
  put(open(config())->backend(CacheKind::kTags), make_item("key", "old", {{"tag"}}));
  put(open(config())->backend(CacheKind::kTags), make_item("other", "stays"));
  for (std::string path = root(); path.size() > 1; path = fs::path(path).parent_path().string()) {
    ::chmod(path.c_str(), mode_of(path) | 0055U);  // so that others reach it
  }
  make_readable(root(), false);
  const int failed_at = run_as_nobody([&] {
    auto made = CacheManager::open(config());
    if (!made) {
      return 1;
    }
    CacheManager& manager = **made;
    CacheBackend& tags = manager.backend(CacheKind::kTags);
    if (get(tags, "other") != "stays") {
      return 2;
    }
    put(tags, make_item("key", "new"));
    if (get(tags, "key") != "new") {
      return 3;
    }
    // Not in memory any more, but what is on disk is older than what was put.
    manager.memory(CacheKind::kTags)->reduce_to(0);
    if (get(tags, "key").has_value()) {
      return 4;
    }
    if (get(tags, "other") != "stays") {
      return 5;
    }
    put(manager.backend(CacheKind::kMaps), make_item("key", "a kind without a store"));
    if (get(manager.backend(CacheKind::kMaps), "key") != "a kind without a store") {
      return 6;
    }
    return has_notice(manager, "read-only") ? 0 : 7;
  });
  make_readable(root(), true);
  EXPECT_EQ(failed_at, 0);
  EXPECT_EQ(get(open(config())->backend(CacheKind::kTags), "key"), "old");
}

}  // namespace
}  // namespace repomap
