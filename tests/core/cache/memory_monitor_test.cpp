// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_monitor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/memory_backend.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/moment.hpp"
#include "tests/support/single_operations.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMega = std::uint64_t{1} << 20U;

MemoryReading stalled(double some, double full) { return {1000 * kMega, 900 * kMega, MemoryStall{some, full}}; }
MemoryReading with_free(std::uint64_t free_megabytes) { return {1000 * kMega, free_megabytes * kMega, MemoryStall{}}; }
const MemoryReading kCalmReading = stalled(0, 0);

MemoryBudget budget_of_64() { return MemoryBudget({.configured_bytes = 64 * kMega, .floor_bytes = 4 * kMega}); }

/// The budgets, in megabytes, that a cache has after each reading that always uses all it may.
std::vector<std::uint64_t> budgets(MemoryBudget& budget, const std::vector<MemoryReading>& readings) {
  std::vector<std::uint64_t> result;
  for (const MemoryReading& reading : readings) {
    result.push_back(budget.update(reading, budget.budget_bytes()) / kMega);
  }
  return result;
}

using Megabytes = std::vector<std::uint64_t>;

TEST(MemoryBudget, IsWhatWasConfiguredWithoutPressureOrKnowledge) {
  MemoryBudget budget = budget_of_64();
  EXPECT_EQ(budgets(budget, {kCalmReading, MemoryReading{}, with_free(201)}), (Megabytes{64, 64, 64}));
  EXPECT_EQ(budget.state(), MemoryState::kCalm);
}

TEST(MemoryBudget, HalvesWithEachReadingUnderPressureDownToTheFloor) {
  MemoryBudget budget = budget_of_64();
  EXPECT_EQ(budgets(budget, {stalled(11, 0), stalled(0, 3), stalled(50, 50), stalled(50, 50), stalled(50, 50)}),
            (Megabytes{32, 16, 8, 4, 4}));
  EXPECT_EQ(budget.state(), MemoryState::kPressed);
}

TEST(MemoryBudget, FallsByWhatIsMissingOfTheReserve) {
  MemoryBudget budget = budget_of_64();
  EXPECT_EQ(budgets(budget, {with_free(99)}), Megabytes{32});  // 1 is missing of 100: half is more
  MemoryBudget other = budget_of_64();
  EXPECT_EQ(budgets(other, {with_free(50)}), Megabytes{14});  // 50 are missing
  MemoryBudget third = budget_of_64();
  EXPECT_EQ(budgets(third, {with_free(0)}), Megabytes{4});
}

TEST(MemoryBudget, FallsFromWhatIsUsedNotFromWhatCouldBe) {
  MemoryBudget budget = budget_of_64();
  EXPECT_EQ(budget.update(stalled(20, 0), 20 * kMega), 10 * kMega);
}

TEST(MemoryBudget, RisesInStepsAfterSeveralCalmReadings) {
  MemoryBudget budget = budget_of_64();
  budgets(budget, {with_free(0)});
  EXPECT_EQ(budgets(budget, std::vector<MemoryReading>(11, kCalmReading)),
            (Megabytes{4, 4, 12, 20, 28, 36, 44, 52, 60, 64, 64}));
  EXPECT_EQ(budget.state(), MemoryState::kCalm);
}

TEST(MemoryBudget, DoesNotRiseWhileItIsNotQuiteCalm) {
  MemoryBudget budget = budget_of_64();
  budgets(budget, {stalled(20, 0)});
  EXPECT_EQ(budgets(budget, std::vector<MemoryReading>(10, stalled(1.5, 0))), Megabytes(10, 32));
  EXPECT_EQ(budgets(budget, std::vector<MemoryReading>(10, with_free(150))), Megabytes(10, 32));
  EXPECT_EQ(budget.state(), MemoryState::kCareful);
  // Two calm readings, one that is not, and the count begins anew.
  EXPECT_EQ(budgets(budget, {kCalmReading, kCalmReading, stalled(2, 0), kCalmReading, kCalmReading, kCalmReading}),
            (Megabytes{32, 32, 32, 32, 32, 40}));
  EXPECT_EQ(budget.state(), MemoryState::kRecovering);
}

TEST(MemoryBudget, RisesByNoMoreThanHalfOfWhatIsSpare) {
  MemoryBudget budget = budget_of_64();
  budgets(budget, {stalled(20, 0)});
  EXPECT_EQ(budgets(budget, {with_free(210), with_free(210), with_free(210), with_free(206)}),
            (Megabytes{32, 32, 37, 40}));
}

TEST(MemoryBudget, DoesNotRiseToWhatCannotBeReached) {
  MemoryBudget budget = budget_of_64();
  budgets(budget, {stalled(20, 0)});
  for (int reading = 0; reading < 10; ++reading) {
    budget.update(with_free(220), 30 * kMega);  // 20 above twice the reserve
  }
  EXPECT_EQ(budget.budget_bytes(), 40 * kMega);
  EXPECT_EQ(budget.state(), MemoryState::kCareful);
}

TEST(MemoryBudget, DoesNotSwingInAProcessThatFillsWhatItMay) {
  // A process that uses 800 of 1000 beside its cache: 64 more leave 136, which is above the reserve of 100.
  MemoryBudget budget = budget_of_64();
  unsigned falls = 0;
  for (int reading = 0; reading < 200; ++reading) {
    const std::uint64_t others = reading < 5 ? 950 : 800;
    const std::uint64_t before = budget.budget_bytes();
    const std::uint64_t used = others + before / kMega;
    const std::uint64_t now = budget.update(with_free(1000 - std::min<std::uint64_t>(used, 1000)), before);
    falls += now < before ? 1 : 0;
  }
  EXPECT_LE(falls, 5U);
}

TEST(MemoryBudget, AConfigurationBelowTheFloorIsKept) {
  MemoryBudget budget({.configured_bytes = 2 * kMega, .floor_bytes = 4 * kMega});
  EXPECT_EQ(budgets(budget, {stalled(50, 50), kCalmReading}), (Megabytes{2, 2}));
}

/// Gives what it was told last.
class FakeMemorySource final : public MemoryPressureSource {
 public:
  struct Shared {
    Mutex mutex;
    MemoryReading reading GUARDED_BY(mutex);
    int given_back GUARDED_BY(mutex) = 0;
    std::function<void()> when_read;  // set before the monitor is made
  };

  explicit FakeMemorySource(Shared& shared) : shared_(shared) {}

  MemoryReading read() override {
    if (shared_.when_read) {
      shared_.when_read();
    }
    MutexLock lock(shared_.mutex);
    return shared_.reading;
  }
  void give_back() override {
    MutexLock lock(shared_.mutex);
    ++shared_.given_back;
  }

 private:
  Shared& shared_;
};

void set_reading(FakeMemorySource::Shared& shared, const MemoryReading& reading) {
  MutexLock lock(shared.mutex);
  shared.reading = reading;
}

void fill(MemoryBackend& backend, std::uint64_t megabytes) {
  for (std::uint64_t number = 0; number < megabytes * 8; ++number) {
    put(backend, make_item(std::to_string(number), std::string(kMega / 8, 'v')));
  }
}

constexpr MemoryMonitorSettings kByHand{.floor_bytes = 1 * kMega, .interval = std::chrono::milliseconds(0)};

TEST(MemoryMonitor, ShrinksCachesInTheProportionOfTheirSharesAndLetsThemGrowAgain) {
  const FakeClock clock;
  MemoryBackend large({.limit_bytes = 12 * kMega, .limit_items = 0}, clock);
  MemoryBackend small({.limit_bytes = 4 * kMega, .limit_items = 0}, clock);
  fill(large, 20);
  fill(small, 20);
  FakeMemorySource::Shared shared;
  MemoryMonitor monitor({{&large, 12 * kMega}, {&small, 4 * kMega}}, kByHand,
                        std::make_unique<FakeMemorySource>(shared));
  set_reading(shared, kCalmReading);
  monitor.check();
  EXPECT_EQ(large.stats().limit_bytes, 12 * kMega);
  EXPECT_EQ(monitor.stats().state, MemoryState::kCalm);

  set_reading(shared, stalled(50, 10));
  monitor.check();
  const MemoryMonitorStats pressed = monitor.stats();
  EXPECT_EQ(pressed.state, MemoryState::kPressed);
  EXPECT_LE(pressed.budget_bytes, 8 * kMega);
  EXPECT_GT(pressed.budget_bytes, 6 * kMega);
  EXPECT_LE(large.size_bytes(), 6 * kMega);
  EXPECT_LE(small.size_bytes(), 2 * kMega);
  EXPECT_EQ(pressed.used_bytes, large.size_bytes() + small.size_bytes());
  EXPECT_EQ(pressed.lowered, 1U);
  EXPECT_DOUBLE_EQ(pressed.reading.stall->some_percent, 50);

  set_reading(shared, kCalmReading);
  for (int reading = 0; reading < 20; ++reading) {
    monitor.check();
  }
  EXPECT_EQ(large.stats().limit_bytes, 12 * kMega);
  EXPECT_EQ(small.stats().limit_bytes, 4 * kMega);
  EXPECT_GE(monitor.stats().raised, 4U);
  EXPECT_EQ(monitor.stats().budget_bytes, 16 * kMega);
  MutexLock lock(shared.mutex);
  EXPECT_EQ(shared.given_back, 1);
}

TEST(MemoryMonitor, NeverSetsALimitThatMeansNone) {
  const FakeClock clock;
  MemoryBackend tiny({.limit_bytes = 1, .limit_items = 0}, clock);
  MemoryBackend large({.limit_bytes = 100 * kMega, .limit_items = 0}, clock);
  FakeMemorySource::Shared shared;
  MemoryMonitor monitor({{&tiny, 1}, {&large, 100 * kMega}}, kByHand, std::make_unique<FakeMemorySource>(shared));
  set_reading(shared, with_free(0));
  monitor.check();
  EXPECT_EQ(tiny.stats().limit_bytes, 1U);
  EXPECT_LE(large.stats().limit_bytes, 1 * kMega);
}

TEST(MemoryMonitor, LooksByItself) {
  const FakeClock clock;
  MemoryBackend backend({.limit_bytes = 16 * kMega, .limit_items = 0}, clock);
  Moment was_third;
  int reads = 0;
  FakeMemorySource::Shared shared;
  set_reading(shared, with_free(0));
  shared.when_read = [&] {
    if (++reads == 3) {
      was_third.reach();
    }
  };
  MemoryMonitor monitor({{&backend, 16 * kMega}}, {.floor_bytes = kMega, .interval = std::chrono::milliseconds(1)},
                        std::make_unique<FakeMemorySource>(shared));
  was_third.wait();
  EXPECT_EQ(monitor.stats().budget_bytes, kMega);
  EXPECT_EQ(backend.stats().limit_bytes, kMega);
}

}  // namespace
}  // namespace repomap
