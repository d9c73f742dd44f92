// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_profile.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "core/cache/cache_location.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

TEST(CacheProfile, IsValidAsItIs) {
  CacheProfile profile;
  EXPECT_TRUE(profile.validate());
  profile.root = "/somewhere";
  EXPECT_TRUE(profile.validate());
}

TEST(CacheProfile, DividesTheLimitsAmongTheKinds) {
  CacheProfile profile;
  profile.base.size_limit_bytes = 1'000'000;
  profile.base.l1_bytes = 10'000;
  profile.base.l1_items = 1000;
  std::uint64_t disk = 0;
  std::uint64_t memory = 0;
  std::size_t items = 0;
  for (const CacheKind kind : kAllCacheKinds) {
    const CacheSettings settings = profile.settings(kind);
    if (!is_durable_kind(kind)) {
      EXPECT_GT(settings.l1_bytes, 0U) << cache_kind_name(kind);
      disk += settings.size_limit_bytes;
      memory += settings.l1_bytes;
      items += settings.l1_items;
    }
  }
  EXPECT_EQ(disk, profile.base.size_limit_bytes);
  EXPECT_EQ(memory, profile.base.l1_bytes);
  EXPECT_EQ(items, profile.base.l1_items);
  EXPECT_EQ(profile.settings(CacheKind::kTags).size_limit_bytes, 480'000U);
}

TEST(CacheProfile, DividesLimitsOfAnySize) {
  CacheProfile profile;
  profile.base.size_limit_bytes = ~std::uint64_t{0};
  EXPECT_GT(profile.settings(CacheKind::kTags).size_limit_bytes, std::uint64_t{1} << 62U);
  profile.base.size_limit_bytes = 1;
  EXPECT_EQ(profile.settings(CacheKind::kScan).size_limit_bytes, 1U);
  profile.base.l1_bytes = 0;
  EXPECT_EQ(profile.settings(CacheKind::kScan).l1_bytes, 0U) << "no tier in memory";
}

TEST(CacheProfile, KeepsWhatIsDurableWhateverTheBaseSays) {
  CacheProfile profile;
  profile.base.ttl = 1s;
  profile.base.eviction = EvictionPolicy::kLeastFrequentlyUsed;
  profile.base.synchronous = Synchronous::kOff;
  profile.base.journal = JournalMode::kMemory;
  profile.base.size_limit_bytes = 1;
  profile.base.timeout = 77ms;
  EXPECT_TRUE(profile.validate());
  for (const CacheKind kind : {CacheKind::kQueue, CacheKind::kIndex}) {
    const CacheSettings settings = profile.settings(kind);
    EXPECT_EQ(settings.eviction, EvictionPolicy::kNone);
    EXPECT_FALSE(settings.ttl);
    EXPECT_EQ(settings.synchronous, Synchronous::kFull);
    EXPECT_EQ(settings.journal, JournalMode::kWal);
    EXPECT_GT(settings.size_limit_bytes, 1U);
    EXPECT_EQ(settings.timeout, 77ms);
  }
  EXPECT_EQ(profile.settings(CacheKind::kTags).ttl, 1s);
}

TEST(CacheProfile, TakesAnOverrideWhole) {
  CacheProfile profile;
  CacheSettings own;
  own.size_limit_bytes = 12'345;
  own.shards = 8;
  profile.overrides[CacheKind::kMaps] = own;
  EXPECT_EQ(profile.settings(CacheKind::kMaps).size_limit_bytes, 12'345U);
  EXPECT_EQ(profile.settings(CacheKind::kMaps).shards, 8U);
  EXPECT_EQ(profile.settings(CacheKind::kTags).shards, 1U);
}

TEST(CacheProfile, RefusesWhatCannotBe) {
  CacheProfile profile;
  profile.root = "relative";
  EXPECT_EQ(profile.validate().error().code, ErrorCode::kInvalidArgument);
  profile.root.clear();
  profile.overrides[CacheKind::kQueue] = CacheSettings();
  EXPECT_NE(profile.validate().error().message.find("queue"), std::string::npos);
  profile.overrides.clear();
  profile.overrides[CacheKind::kIndex] = default_cache_settings(CacheKind::kIndex);
  EXPECT_TRUE(profile.validate());
  profile.overrides[CacheKind::kIndex].ttl = 1s;
  EXPECT_NE(profile.validate().error().message.find("index"), std::string::npos);
  profile.overrides.clear();
  profile.base.shards = 0;
  EXPECT_FALSE(profile.validate());
}

TEST(CacheLocation, IsInsideWhateverWayItIsWritten) {
  const TemporaryTree tree;
  tree.make_directory("repo/sub");
  tree.make_directory("repository");
  tree.link("to_sub", "repo/sub");
  tree.link("repo/out", tree.path("repository"));
  const std::string repo = tree.path("repo");
  for (const char* inside : {"repo", "repo/", "repo/.", "repo/sub", "repo/new/er", "repository/../repo/x", "to_sub",
                             "to_sub/new", "repo//sub"}) {
    EXPECT_TRUE(is_inside(tree.path(inside), repo)) << inside;
  }
  for (const char* outside :
       {"repository", "rep", "repo.cache", "repo/..", "repo/out", "repo/out/new", "to_sub/../.."}) {
    EXPECT_FALSE(is_inside(tree.path(outside), repo)) << outside;
  }
  EXPECT_TRUE(is_inside(tree.path("repo/x"), repo + '/'));
  EXPECT_TRUE(is_inside("/anything", "/"));
}

TEST(CacheLocation, IsNotInTheRepository) {
  EXPECT_TRUE(check_outside("/cache", "/repo"));
  EXPECT_TRUE(check_outside("", "/repo")) << "nothing is written";
  EXPECT_TRUE(check_outside("/cache", "")) << "no repository";
  const Status refused = check_outside("/repo/.cache", "/repo");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("/repo/.cache"), std::string::npos);
}

TEST(CacheLocation, NamesOtherLayouts) {
  const TemporaryTree tree;
  for (const char* directory : {"v0", "v1", "v2", "v10", "v", "v1x", "x1", "vv1"}) {
    tree.make_directory(directory);
  }
  tree.write("v3");
  EXPECT_EQ(other_layouts(tree.root()), (std::vector<std::string>{"v0", "v10", "v2"}));
  EXPECT_TRUE(other_layouts(tree.path("missing")).empty());
}

}  // namespace
}  // namespace repomap
