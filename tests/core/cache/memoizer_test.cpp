// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memoizer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/cache/memory_backend.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/faulty_backend.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class MemoizerTest : public testing::Test {
 protected:
  std::unique_ptr<Memoizer> create(MemoSettings settings) {
    MemoSurroundings surroundings;
    surroundings.values = &values;
    surroundings.clock = &clock;
    surroundings.random = [this] { return random.load(); };
    surroundings.executor = [this](std::function<void()> task) { tasks.push_back(std::move(task)); };
    return Memoizer::create(std::move(surroundings), std::move(settings)).value();
  }

  /// A function that counts its calls, takes 10 s of the clock, and fails when told to.
  Memoizer::Compute slow_count() {
    return [this]() -> Result<std::string> {
      ++calls;
      clock.advance(seconds(10));
      if (is_failing) {
        return fail(ErrorCode::kIo, "failed on purpose");
      }
      return std::to_string(calls.load());
    };
  }

  void run_tasks() {
    for (auto& task : std::exchange(tasks, {})) {
      task();
    }
  }

  FakeClock clock;
  FaultyBackend values{std::make_unique<MemoryBackend>(MemoryBackendSettings{}, clock)};
  std::atomic<double> random = 1.0;
  std::vector<std::function<void()>> tasks;
  std::atomic<int> calls = 0;
  bool is_failing = false;
};

MemoSettings lasting(seconds ttl, double beta = 0.0) {
  MemoSettings settings;
  settings.ttl = ttl;
  settings.early_beta = beta;
  return settings;
}

// RC7: hits and misses add up.
TEST_F(MemoizerTest, ComputesOnceAndCounts) {
  const auto memoizer = create({});
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).value(), "1");
  }
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(2), slow_count()).value(), "2");
  const MemoStats stats = memoizer->stats();
  EXPECT_EQ(stats.hits, 2U);
  EXPECT_EQ(stats.misses, 2U);
  EXPECT_EQ(stats.computations, 2U);
}

TEST_F(MemoizerTest, WrapsAFunctionByNameAndArguments) {
  const auto memoizer = create({});
  const auto repeat = memoized(*memoizer, "repeat", [this](std::string text, int times) -> Result<std::string> {
    ++calls;
    std::string result;
    for (int i = 0; i < times; ++i) {
      result += text;
    }
    return result;
  });
  EXPECT_EQ(repeat(std::string("ab"), 2).value(), "abab");
  EXPECT_EQ(repeat("ab", 2).value(), "abab");
  EXPECT_EQ(repeat("ab", 3).value(), "ababab");
  EXPECT_EQ(calls, 2);
}

// RC7: a ttl of 0 looks up but does not store.
TEST_F(MemoizerTest, TtlOfZeroStoresNothingButFindsWhatIsThere) {
  const auto forgetful = create(lasting(seconds(0)));
  EXPECT_EQ(forgetful->get(CacheKey::from_integer(1), slow_count()).value(), "1");
  EXPECT_EQ(forgetful->get(CacheKey::from_integer(1), slow_count()).value(), "2");
  EXPECT_EQ(create({})->get(CacheKey::from_integer(1), slow_count()).value(), "3");
  EXPECT_EQ(forgetful->get(CacheKey::from_integer(1), slow_count()).value(), "3");
}

TEST_F(MemoizerTest, ValuesExpireAndCarryTags) {
  MemoSettings settings = lasting(seconds(60));
  settings.tags = {CacheTag::file("a.c")};
  const auto memoizer = create(settings);
  const CacheKey key = CacheKey::from_text("k");
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  clock.advance(seconds(59));
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  clock.advance(seconds(1));
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "2");
  const CacheTag tag = CacheTag::file("a.c");
  EXPECT_EQ(values.evict(std::span(&tag, 1)).value(), 1U);
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "3");
}

TEST_F(MemoizerTest, FailuresAreGivenBackAndNotKept) {
  const auto memoizer = create({});
  is_failing = true;
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).error().message, "failed on purpose");
  is_failing = false;
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).value(), "2");
  EXPECT_EQ(memoizer->stats().failures, 1U);
}

TEST_F(MemoizerTest, BrokenStorageNeverFailsACall) {
  const auto memoizer = create({});
  values.fail_all();
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).value(), "1");
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).value(), "2");
  EXPECT_GT(memoizer->stats().storage_errors, 0U);
}

TEST_F(MemoizerTest, DamagedValueIsAMiss) {
  const auto memoizer = create({});
  CacheItem item{CacheKey::from_integer(1), {}};
  item.entry.value = std::make_shared<const std::string>("\xff\xff");
  ASSERT_TRUE(values.put_many(std::span(&item, 1)));
  EXPECT_EQ(memoizer->get(CacheKey::from_integer(1), slow_count()).value(), "1");
}

TEST_F(MemoizerTest, RefusesEarlyRecomputationWithoutEnd) {
  MemoSettings settings;
  settings.early_beta = 1.0;
  EXPECT_EQ(settings.validate().error().code, ErrorCode::kInvalidArgument);
  settings.ttl = seconds(1);
  EXPECT_TRUE(settings.validate());
  settings.early_beta = -1.0;
  EXPECT_FALSE(settings.validate());
}

// RC8: computing takes 10 s; with a random number of 1/e the lead is exactly 10 s.
TEST_F(MemoizerTest, RecomputesEarlyInTheBackgroundOnce) {
  const auto memoizer = create(lasting(seconds(60), 1.0));
  const CacheKey key = CacheKey::from_text("k");
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  random = 0.3678794411714423;
  clock.advance(seconds(49));
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  EXPECT_TRUE(tasks.empty()) << "11 s are left";
  clock.advance(seconds(1));
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1") << "readers do not wait";
  }
  EXPECT_EQ(tasks.size(), 1U) << "10 s are left";
  run_tasks();
  random = 1.0;
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "2");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(memoizer->stats().early, 1U);
}

// RC8
TEST_F(MemoizerTest, FailingRecomputationLeavesTheOldValue) {
  const auto memoizer = create(lasting(seconds(60), 1.0));
  const CacheKey key = CacheKey::from_text("k");
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  random = 0.001;
  is_failing = true;
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
    run_tasks();
  }
  EXPECT_EQ(memoizer->stats().failures, 3U);
  is_failing = false;
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "1");
  run_tasks();
  EXPECT_EQ(memoizer->get(key, slow_count()).value(), "5");
}

TEST_F(MemoizerTest, DroppedTasksDoNotBarTheNext) {
  const auto memoizer = create(lasting(seconds(60), 1.0));
  const CacheKey key = CacheKey::from_text("k");
  EXPECT_TRUE(memoizer->get(key, slow_count()));
  random = 0.0001;
  EXPECT_TRUE(memoizer->get(key, slow_count()));
  ASSERT_EQ(tasks.size(), 1U);
  tasks.clear();
  EXPECT_TRUE(memoizer->get(key, slow_count()));
  EXPECT_EQ(tasks.size(), 1U);
}

TEST_F(MemoizerTest, TaskThatRunsTooLateDoesNothing) {
  auto memoizer = create(lasting(seconds(60), 1.0));
  EXPECT_TRUE(memoizer->get(CacheKey::from_text("k"), slow_count()));
  random = 0.0001;
  EXPECT_TRUE(memoizer->get(CacheKey::from_text("k"), slow_count()));
  memoizer.reset();
  run_tasks();
  EXPECT_EQ(calls, 1);
}

// RC7: single flight. Every worker asks for every key, all in the same order.
TEST_F(MemoizerTest, ThreadsComputeEachKeyOnce) {
  const auto memoizer = create({});
  constexpr std::size_t kKeys = 200;
  TaskPool pool(8);
  std::atomic<int> wrong = 0;
  pool.run_all(kKeys * 8, [&](std::size_t item, std::size_t) {
    const auto number = static_cast<std::int64_t>(item / 8);
    const auto value = memoizer->get(CacheKey::from_integer(number), [&]() -> Result<std::string> {
      ++calls;
      system_clock().sleep_for(milliseconds(1));
      return std::to_string(number);
    });
    wrong += value && *value == std::to_string(number) ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(calls, static_cast<int>(kKeys));
  EXPECT_EQ(memoizer->stats().hits + memoizer->stats().misses, kKeys * 8);
}

// RC8: the executor runs tasks at once; many threads meet an entry that is always due.
TEST_F(MemoizerTest, RecomputationsOfOneKeyNeverOverlap) {
  MemoSurroundings surroundings;
  surroundings.values = &values;
  surroundings.clock = &clock;
  surroundings.random = [] { return 1e-300; };
  surroundings.executor = [](const std::function<void()>& task) { task(); };
  const auto memoizer = Memoizer::create(std::move(surroundings), lasting(seconds(1), 1000.0)).value();
  std::atomic<int> running = 0;
  std::atomic<int> overlaps = 0;
  TaskPool pool(8);
  pool.run_all(400, [&](std::size_t, std::size_t) {
    const auto value = memoizer->get(CacheKey::from_text("k"), [&]() -> Result<std::string> {
      overlaps += ++running == 1 ? 0 : 1;
      system_clock().sleep_for(milliseconds(1));
      clock.advance(milliseconds(1));
      --running;
      return "v";
    });
    overlaps += value ? 0 : 1;
  });
  EXPECT_EQ(overlaps, 0);
  EXPECT_GT(memoizer->stats().early, 0U);
}

}  // namespace
}  // namespace repomap
