// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_settings.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace repomap {
namespace {

TEST(CacheSettings, DefaultsOfEveryKindAreValid) {
  for (const CacheKind kind : kAllCacheKinds) {
    EXPECT_TRUE(default_cache_settings(kind).validate(kind)) << cache_kind_name(kind);
    EXPECT_EQ(cache_kind_from_name(cache_kind_name(kind)), kind);
  }
  EXPECT_FALSE(cache_kind_from_name("tag"));
}

TEST(CacheSettings, DurableKindsRefuseEvictionAndExpiry) {
  for (const CacheKind kind : {CacheKind::kQueue, CacheKind::kIndex}) {
    CacheSettings evicting = default_cache_settings(kind);
    evicting.eviction = EvictionPolicy::kLeastRecentlyUsed;
    const auto status = evicting.validate(kind);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(status.error().message.find("least-recently-used"), std::string::npos) << status.error().message;
    CacheSettings expiring = default_cache_settings(kind);
    expiring.ttl = std::chrono::hours(1);
    EXPECT_FALSE(expiring.validate(kind));
  }
  CacheSettings tags = default_cache_settings(CacheKind::kTags);
  tags.ttl = std::chrono::hours(1);
  EXPECT_TRUE(tags.validate(CacheKind::kTags));
}

TEST(CacheSettings, RefusesImpossibleShardCounts) {
  CacheSettings settings;
  settings.shards = 0;
  EXPECT_FALSE(settings.validate(CacheKind::kTags));
  settings.shards = 257;
  EXPECT_FALSE(settings.validate(CacheKind::kTags));
}

TEST(CacheSettings, NamesAreReadBack) {
  for (const auto policy : {EvictionPolicy::kLeastRecentlyStored, EvictionPolicy::kLeastRecentlyUsed,
                            EvictionPolicy::kLeastFrequentlyUsed, EvictionPolicy::kNone}) {
    EXPECT_EQ(eviction_policy_from_name(eviction_policy_name(policy)), policy);
  }
  for (const auto mode : {JournalMode::kWal, JournalMode::kTruncate, JournalMode::kMemory}) {
    EXPECT_EQ(journal_mode_from_name(journal_mode_name(mode)), mode);
  }
  for (const auto value : {Synchronous::kOff, Synchronous::kNormal, Synchronous::kFull}) {
    EXPECT_EQ(synchronous_from_name(synchronous_name(value)), value);
  }
  EXPECT_FALSE(eviction_policy_from_name("lru"));
}

}  // namespace
}  // namespace repomap
