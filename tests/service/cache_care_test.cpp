// SPDX-License-Identifier: Apache-2.0
#include "service/cache_care.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/cache_migration.hpp"
#include "service/manifest_cache.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

constexpr std::array kTwoKinds = {CacheKind::kTags, CacheKind::kMaps};

class CacheCareTest : public testing::Test {
 protected:
  /// Managers are made anew where another process is meant.
  std::unique_ptr<CacheManager> open() const {
    CacheManagerConfig config;
    config.profile.root = root_;
    config.clock = &clock_;
    return std::move(*CacheManager::open(std::move(config)));
  }

  void put(CacheManager& caches, CacheKind kind, const std::string& name, std::vector<CacheTag> tags = {},
           std::optional<Clock::WallTime> expires = {}) const {
    CacheItem item;
    item.key = CacheKey::from_text(name);
    item.entry = {std::make_shared<const std::string>("value of " + name), std::move(tags), expires};
    ASSERT_TRUE(caches.backend(kind).put_many({&item, 1}));
  }

  static bool has(CacheManager& caches, CacheKind kind, const std::string& name) {
    const CacheKey key = CacheKey::from_text(name);
    return caches.backend(kind).get_many({&key, 1}).value().front().has_value();
  }

  TemporaryTree tree_;
  FakeClock clock_;
  std::string root_ = tree_.path("cache");
};

TEST_F(CacheCareTest, MakesNothingInOrderToLookAtIt) {
  const auto caches = open();
  CacheCare care(*caches);
  EXPECT_EQ(care.stats(kAllCacheKinds).size(), kAllCacheKinds.size());
  EXPECT_TRUE(care.inspect({{kTwoKinds.begin(), kTwoKinds.end()}, "", CacheOrder::kNewest, 0}).entries.empty());
  EXPECT_EQ(care.check(kTwoKinds, Repair::kYes).front().trouble, "");
  EXPECT_EQ(care.clear(kAllCacheKinds).front().removed, 0U);
  EXPECT_FALSE(*care.get(CacheKind::kTags, CacheKey::from_text("a")));
  EXPECT_FALSE(std::filesystem::exists(root_));
}

TEST_F(CacheCareTest, TellsWhatEachKindHolds) {
  const auto caches = open();
  put(*caches, CacheKind::kTags, "a");
  put(*caches, CacheKind::kTags, "b");
  const auto stats = CacheCare(*caches).stats(kTwoKinds);
  ASSERT_EQ(stats.size(), 2U);
  ASSERT_EQ(stats[0].stats.tiers.size(), 2U);
  EXPECT_EQ(stats[0].stats.tiers.back().items, 2U);
  EXPECT_EQ(stats[0].directory, caches->directory(CacheKind::kTags));
  EXPECT_TRUE(stats[1].stats.tiers.empty());
}

TEST_F(CacheCareTest, CountsWhatThisProcessHasLookedUp) {
  put(*open(), CacheKind::kTags, "a");
  const auto caches = open();
  EXPECT_TRUE(has(*caches, CacheKind::kTags, "a"));  // from disk
  EXPECT_TRUE(has(*caches, CacheKind::kTags, "a"));  // from memory
  EXPECT_FALSE(has(*caches, CacheKind::kTags, "b"));
  const CacheUse use = CacheCare(*caches).use();
  EXPECT_EQ(use.hits, 2U);
  EXPECT_EQ(use.memory_hits, 1U);
  EXPECT_EQ(use.misses, 1U);
}

TEST_F(CacheCareTest, EvictsFromMemoryToo) {
  const auto caches = open();
  put(*caches, CacheKind::kTags, "a", {CacheTag::file("a.c"), CacheTag::language("c")});
  put(*caches, CacheKind::kTags, "b", {CacheTag::language("c")});
  put(*caches, CacheKind::kMaps, "m", {CacheTag::file("a.c")});
  const auto removals = CacheCare(*caches).evict(kTwoKinds, CacheTag::file("a.c"), "/repository");
  EXPECT_EQ(removals[0].removed, 1U);
  EXPECT_EQ(removals[1].removed, 1U);
  EXPECT_FALSE(has(*caches, CacheKind::kTags, "a"));
  EXPECT_TRUE(has(*caches, CacheKind::kTags, "b"));
  EXPECT_FALSE(has(*caches, CacheKind::kMaps, "m"));
}

TEST_F(CacheCareTest, ForgetsTheRowOfAnEvictedFileInTheManifest) {
  const auto caches = open();
  ManifestCache manifests(caches->backend(CacheKind::kRepoScan));
  RepoManifest manifest;
  for (const char* path : {"a.c", "b.c"}) {
    ManifestFile file;
    file.path = path;
    manifest.files.push_back(file);
  }
  manifests.set("/repository", SubmodulePolicy::kSkip, manifest);
  manifests.set("/other", SubmodulePolicy::kSkip, manifest);
  constexpr std::array kKinds = {CacheKind::kRepoScan};
  EXPECT_EQ(CacheCare(*caches).evict(kKinds, CacheTag::file("a.c"), "/repository").front().removed, 1U);
  const auto left = manifests.get("/repository", SubmodulePolicy::kSkip);
  ASSERT_TRUE(left);
  ASSERT_EQ(left->files.size(), 1U);
  EXPECT_EQ(left->files.front().path, "b.c");
  EXPECT_EQ(manifests.get("/other", SubmodulePolicy::kSkip)->files.size(), 2U);
}

TEST_F(CacheCareTest, RemovesWhatHasExpiredAndNoMore) {
  const auto caches = open();
  put(*caches, CacheKind::kTags, "short", {}, clock_.now() + 1min);
  put(*caches, CacheKind::kTags, "long", {}, clock_.now() + 1h);
  clock_.advance(2min);
  CacheCare care(*caches);
  EXPECT_EQ(care.expire(kTwoKinds).front().removed, 1U);
  EXPECT_EQ(care.cull(kTwoKinds).front().removed, 0U);
  EXPECT_TRUE(has(*caches, CacheKind::kTags, "long"));
}

TEST_F(CacheCareTest, ClearsOnlyTheKindsThatAreNamed) {
  const auto caches = open();
  put(*caches, CacheKind::kTags, "a");
  put(*caches, CacheKind::kMaps, "m");
  constexpr std::array kKinds = {CacheKind::kMaps};
  const auto removals = CacheCare(*caches).clear(kKinds);
  EXPECT_EQ(removals.front().removed, 1U);
  EXPECT_GT(removals.front().bytes_before, 0U);
  EXPECT_FALSE(has(*caches, CacheKind::kMaps, "m"));
  EXPECT_TRUE(has(*caches, CacheKind::kTags, "a"));
}

TEST_F(CacheCareTest, ListsByTextAndOrder) {
  const auto caches = open();
  for (const char* name : {"one", "two", "three"}) {
    put(*caches, CacheKind::kTags, name, {CacheTag::file(std::string(name) + ".c")});
    clock_.advance(1s);
  }
  CacheCare care(*caches);
  const auto names = [&care](const std::string& text, CacheOrder order, std::size_t limit) {
    std::string joined;
    for (const CacheListEntry& entry : care.inspect({{CacheKind::kTags}, text, order, limit}).entries) {
      joined += entry.summary.key.to_display();
    }
    return joined;
  };
  EXPECT_EQ(names("", CacheOrder::kNewest, 0), R"("three""two""one")");
  EXPECT_EQ(names("", CacheOrder::kOldest, 2), R"("one""two")");
  EXPECT_EQ(names("", CacheOrder::kLargest, 1), R"("three")");
  EXPECT_EQ(names("file:two.c", CacheOrder::kNewest, 0), R"("two")");
  EXPECT_EQ(names("\"on", CacheOrder::kNewest, 0), R"("one")");
  EXPECT_EQ(care.inspect({{CacheKind::kTags}, "", CacheOrder::kNewest, 1}).found, 3U);
}

TEST_F(CacheCareTest, ShowsTheEntryOfAKey) {
  const auto caches = open();
  put(*caches, CacheKind::kTags, "a", {CacheTag{"x"}});
  CacheCare care(*caches);
  const auto found = care.get(CacheKind::kTags, CacheKey::from_text("a"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->value, "value of a");
  EXPECT_EQ((*found)->summary.tags, std::vector<CacheTag>{{"x"}});
  EXPECT_FALSE(*care.get(CacheKind::kMaps, CacheKey::from_text("a")));
}

TEST_F(CacheCareTest, ReportsAKindThatCannotBeOpenedAndDoesTheOthers) {
  put(*open(), CacheKind::kMaps, "m");
  tree_.write("cache/v1/tags", "a file where a directory should be");
  const auto caches = open();
  CacheCare care(*caches);
  const auto removals = care.clear(kTwoKinds);
  EXPECT_NE(removals[0].trouble, "");
  EXPECT_EQ(removals[1].removed, 1U);
  EXPECT_NE(care.check(kTwoKinds, Repair::kNo).front().trouble, "");
  EXPECT_NE(care.stats(kTwoKinds).front().trouble, "");
  EXPECT_FALSE(care.get(CacheKind::kTags, CacheKey::from_text("a")));
}

TEST_F(CacheCareTest, MovesAnOlderLayoutAndKeepsWhatIsThere) {
  put(*open(), CacheKind::kTags, "old", {CacheTag{"x"}});
  put(*open(), CacheKind::kTags, "both", {CacheTag{"old"}});
  std::filesystem::rename(root_ + "/v1", root_ + "/v0");
  put(*open(), CacheKind::kTags, "both", {CacheTag{"new"}});

  CacheProfile profile;
  profile.root = root_;
  const CacheMigration migration(profile);
  const auto planned = migration.run(kAllCacheKinds, MigrationMode::kDryRun);
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(planned.front().kinds.front().moved, 2U);
  EXPECT_FALSE(has(*open(), CacheKind::kTags, "old"));

  const auto moved = migration.run(kAllCacheKinds, MigrationMode::kMove);
  EXPECT_TRUE(moved.front().is_removed);
  EXPECT_FALSE(std::filesystem::exists(root_ + "/v0"));
  const auto caches = open();
  CacheCare care(*caches);
  EXPECT_EQ((*care.get(CacheKind::kTags, CacheKey::from_text("old")))->summary.tags, std::vector<CacheTag>{{"x"}});
  EXPECT_EQ((*care.get(CacheKind::kTags, CacheKey::from_text("both")))->summary.tags, std::vector<CacheTag>{{"new"}});
  EXPECT_TRUE(migration.run(kAllCacheKinds, MigrationMode::kMove).empty());
}

TEST_F(CacheCareTest, LeavesANewerLayoutAndWorkThatWaits) {
  put(*open(), CacheKind::kTags, "a");
  std::filesystem::copy(root_ + "/v1", root_ + "/v9", std::filesystem::copy_options::recursive);
  tree_.make_directory("cache/v0/queue");
  CacheProfile profile;
  profile.root = root_;
  const auto layouts = CacheMigration(profile).run(kAllCacheKinds, MigrationMode::kMove);
  ASSERT_EQ(layouts.size(), 2U);
  EXPECT_EQ(layouts[0].name, "v0");
  EXPECT_NE(layouts[0].kinds.front().trouble, "");
  EXPECT_NE(layouts[1].kinds.front().trouble.find("newer version"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(root_ + "/v0/queue"));
  EXPECT_TRUE(std::filesystem::exists(root_ + "/v9/tags/cache.db"));
}

}  // namespace
}  // namespace repomap
