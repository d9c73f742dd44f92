// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "core/base/task_pool.hpp"
#include "core/cache/averager.hpp"
#include "core/cache/throttle.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RecipesTest : public testing::Test {
 protected:
  Throttle throttle(ThrottleRate rate = {4, seconds(2)}) {
    return Throttle::open(*store, CacheKey::from_text("t"), rate).value();
  }

  FakeClock clock;
  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"), clock);
};

// RC1
TEST_F(RecipesTest, AveragerKeepsTheMean) {
  Averager averager(*store, CacheKey::from_text("a"));
  EXPECT_EQ(averager.get().value(), std::nullopt);
  for (int number = 0; number < 10; ++number) {
    ASSERT_TRUE(averager.add(number));
  }
  EXPECT_EQ(averager.get().value(), 4.5);
  EXPECT_EQ(Averager(*store, CacheKey::from_text("a")).pop().value(), 4.5);
  EXPECT_EQ(averager.get().value(), std::nullopt);
  EXPECT_EQ(averager.pop().value(), std::nullopt);
}

// RC1
TEST_F(RecipesTest, AveragerLosesNoNumberOfAnyThread) {
  Averager averager(*store, CacheKey::from_text("a"));
  TaskPool pool(8);
  std::atomic<int> wrong = 0;
  pool.run_all(800, [&](std::size_t item, std::size_t) { wrong += averager.add(static_cast<double>(item)) ? 0 : 1; });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(averager.get().value(), 399.5);
}

TEST_F(RecipesTest, AveragerExpiresAndCarriesTags) {
  AveragerSettings settings;
  settings.ttl = seconds(10);
  settings.tags = {CacheTag{"mean"}};
  Averager averager(*store, CacheKey::from_text("a"), settings);
  ASSERT_TRUE(averager.add(1));
  clock.advance(seconds(9));
  ASSERT_TRUE(averager.add(3));
  clock.advance(seconds(9));
  EXPECT_EQ(averager.get().value(), 2.0);
  EXPECT_EQ(store->get(CacheKey::from_text("a")).value()->tags, settings.tags);
  clock.advance(seconds(1));
  EXPECT_EQ(averager.get().value(), std::nullopt);
}

TEST_F(RecipesTest, ForeignValuesAreErrors) {
  ASSERT_TRUE(store->set(CacheKey::from_text("a"), "text"));
  EXPECT_EQ(Averager(*store, CacheKey::from_text("a")).add(1).error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(store->set(CacheKey::from_text("t"), std::int64_t{1}));
  EXPECT_EQ(throttle().acquire().error().code, ErrorCode::kCorrupt);
}

// RC5: so many at once, then one every half second.
TEST_F(RecipesTest, ThrottleLetsThroughABurstAndThenTheRate) {
  Throttle limited = throttle();
  for (int call = 0; call < 4; ++call) {
    EXPECT_TRUE(limited.try_acquire({}).value());
  }
  EXPECT_FALSE(limited.try_acquire({}).value());
  EXPECT_FALSE(limited.try_acquire(milliseconds(499)).value());
  const auto start = clock.monotonic();
  EXPECT_TRUE(limited.try_acquire(milliseconds(500)).value());
  EXPECT_EQ(clock.monotonic() - start, milliseconds(500));
  ASSERT_TRUE(limited.acquire());
  EXPECT_EQ(clock.monotonic() - start, seconds(1));
  clock.advance(seconds(100));
  for (int call = 0; call < 4; ++call) {
    EXPECT_TRUE(limited.try_acquire({}).value());
  }
  EXPECT_FALSE(limited.try_acquire({}).value()) << "a rest does not save up more than the burst";
}

// RC5, W23: who makes it again gets the bucket as it is.
TEST_F(RecipesTest, ThrottleMadeAgainIsNotFull) {
  for (int call = 0; call < 4; ++call) {
    EXPECT_TRUE(throttle().try_acquire({}).value());
  }
  EXPECT_FALSE(throttle().try_acquire({}).value());
  store.reset();
  store = open_durable_store(tree.path("store"), clock);
  EXPECT_FALSE(throttle().try_acquire({}).value());
}

TEST_F(RecipesTest, ThrottleSurvivesAClockThatGoesBack) {
  Throttle limited = throttle();
  for (int call = 0; call < 4; ++call) {
    EXPECT_TRUE(limited.try_acquire({}).value());
  }
  clock.set_wall(clock.now() - std::chrono::hours(1));
  EXPECT_FALSE(limited.try_acquire(milliseconds(499)).value());
  EXPECT_TRUE(limited.try_acquire(milliseconds(500)).value()) << "an hour is not waited for";
}

TEST_F(RecipesTest, ThrottleRefusesWhatMakesNoSense) {
  EXPECT_EQ(Throttle::open(*store, CacheKey::from_text("t"), {0, seconds(1)}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(Throttle::open(*store, CacheKey::from_text("t"), {1, seconds(0)}));
}

}  // namespace
}  // namespace repomap
