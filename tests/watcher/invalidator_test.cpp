// SPDX-License-Identifier: Apache-2.0
#include "watcher/invalidator.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/cache/memory_backend.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/faulty_backend.hpp"

namespace repomap {
namespace {

class InvalidatorTest : public testing::Test {
 protected:
  InvalidatorTest() {
    set_log_sink([this](LogLevel, const std::string& message) { log_.push_back(message); });
  }
  ~InvalidatorTest() override { set_log_sink({}); }

  static void put(CacheBackend& backend, std::int64_t key, const std::string& file) {
    const CacheItem item{.key = CacheKey::from_integer(key),
                         .entry = {.value = std::make_shared<const std::string>("value"),
                                   .tags = {CacheTag::file(file), CacheTag::language("c")},
                                   .expires = std::nullopt}};
    ASSERT_TRUE(backend.put_many(std::span(&item, 1)));
  }

  static bool has(CacheBackend& backend, std::int64_t key) {
    const CacheKey wanted = CacheKey::from_integer(key);
    return backend.get_many(std::span(&wanted, 1)).value().front().has_value();
  }

  FakeClock clock_;
  FaultyBackend tags_{std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock_)};
  FaultyBackend maps_{std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock_)};
  Invalidator invalidator_{{&tags_, &maps_}};
  std::vector<std::string> log_;
};

TEST_F(InvalidatorTest, EvictsWhatWasMadeOfTheFilesAndNothingElse) {
  put(tags_, 1, "src/a.c");
  put(tags_, 2, "src/b.c");
  put(maps_, 3, "src/a.c");
  put(maps_, 4, "src/a.cc");
  const std::vector<std::string> files{"src/a.c", "gone.c"};
  EXPECT_EQ(invalidator_.invalidate(files), 2U);
  EXPECT_FALSE(has(tags_, 1));
  EXPECT_TRUE(has(tags_, 2));
  EXPECT_FALSE(has(maps_, 3));
  EXPECT_TRUE(has(maps_, 4));
}

TEST_F(InvalidatorTest, CallsEachBackendOnceHoweverManyFilesChanged) {
  const std::vector<std::string> files(1000, "src/a.c");
  invalidator_.invalidate(files);
  EXPECT_EQ(tags_.calls(BackendOperation::kEvict), 1U);
  EXPECT_EQ(maps_.calls(BackendOperation::kEvict), 1U);
}

TEST_F(InvalidatorTest, CallsNobodyWhenNothingChanged) {
  EXPECT_EQ(invalidator_.invalidate({}), 0U);
  EXPECT_EQ(tags_.calls(BackendOperation::kEvict), 0U);
}

TEST_F(InvalidatorTest, ABackendThatFailsIsLoggedAndCostsOnlyItsOwnEntries) {
  put(tags_, 1, "src/a.c");
  put(maps_, 2, "src/a.c");
  tags_.fail_all();
  const std::vector<std::string> files{"src/a.c"};
  EXPECT_EQ(invalidator_.invalidate(files), 1U);
  EXPECT_EQ(log_.size(), 1U);
  tags_.heal();
  EXPECT_TRUE(has(tags_, 1));
  EXPECT_FALSE(has(maps_, 2));
}

}  // namespace
}  // namespace repomap
