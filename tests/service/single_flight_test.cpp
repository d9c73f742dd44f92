// SPDX-License-Identifier: Apache-2.0
#include "service/single_flight.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "core/base/task_pool.hpp"

namespace repomap {
namespace {

TEST(SingleFlight, ComputesOnceForAllWhoAskMeanwhile) {
  constexpr std::size_t kThreads = 8;
  SingleFlight<std::string> flights;
  std::atomic<int> computed = 0;
  std::atomic<int> right = 0;
  TaskPool threads(kThreads);
  threads.run_all(kThreads, [&](std::size_t /*item*/, std::size_t /*worker*/) {
    const auto value = flights.join("key", {}, [&]() -> Result<std::string> {
      ++computed;
      while (flights.waiting() < kThreads - 1) {
      }
      return "value";
    });
    right += value && **value == "value" ? 1 : 0;
  });
  EXPECT_EQ(right, static_cast<int>(kThreads));
  EXPECT_EQ(computed, 1);
}

TEST(SingleFlight, GivesAFailureToAllAndTriesAgain) {
  SingleFlight<int> flights;
  const auto failed = flights.join("key", {}, []() -> Result<int> { return fail(ErrorCode::kIo, "broken"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "broken");
  const auto good = flights.join("key", {}, []() -> Result<int> { return 7; });
  ASSERT_TRUE(good);
  EXPECT_EQ(**good, 7);
}

TEST(SingleFlight, LandsWhenAComputationThrows) {
  SingleFlight<int> flights;
  EXPECT_THROW(
      static_cast<void>(flights.join("key", {}, []() -> Result<int> { throw std::runtime_error("out of memory"); })),
      std::runtime_error);
  const auto good = flights.join("key", {}, []() -> Result<int> { return 7; });
  EXPECT_TRUE(good) << "the key is free again";
}

TEST(SingleFlight, LetsThoseGoWhoNoLongerWant) {
  SingleFlight<int> flights;
  const std::atomic<bool> cancelled = true;
  RequestContext impatient;
  impatient.cancelled = &cancelled;
  std::atomic<bool> has_begun = false;
  std::atomic<bool> may_end = false;
  ErrorCode code = ErrorCode::kIo;
  TaskPool threads(2);
  threads.run_all(2, [&](std::size_t item, std::size_t /*worker*/) {
    if (item == 0) {
      static_cast<void>(flights.join("key", {}, [&]() -> Result<int> {
        has_begun = true;
        while (!may_end) {
        }
        return 1;
      }));
      return;
    }
    while (!has_begun) {
    }
    const auto value = flights.join("key", impatient, []() -> Result<int> { return 2; });
    code = value ? ErrorCode::kIo : value.error().code;
    may_end = true;
  });
  EXPECT_EQ(code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace repomap
