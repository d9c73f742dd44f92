// SPDX-License-Identifier: Apache-2.0
#include "core/cache/latency_window.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/fake_clock.hpp"

namespace repomap {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyWindow, IsEmptyAtFirst) {
  const LatencySummary summary = LatencyWindow(1).summary();
  EXPECT_EQ(summary.count, 0U);
  EXPECT_EQ(summary.max, nanoseconds(0));
}

TEST(LatencyWindow, GivesPercentilesByNearestRank) {
  LatencyWindow window(1);
  for (int duration = 200; duration > 0; --duration) {
    window.record(nanoseconds(duration));
  }
  const LatencySummary summary = window.summary();
  EXPECT_EQ(summary.count, 200U);
  EXPECT_EQ(summary.p50, nanoseconds(100));
  EXPECT_EQ(summary.p95, nanoseconds(190));
  EXPECT_EQ(summary.p99, nanoseconds(198));
  EXPECT_EQ(summary.max, nanoseconds(200));
}

TEST(LatencyWindow, CountsZeroAndForgetsWhatIsLongAgo) {
  LatencyWindow window(1);
  window.record(nanoseconds(1'000'000));
  for (int call = 0; call < 3'000; ++call) {
    window.record(nanoseconds(0));
  }
  EXPECT_GT(window.summary().count, 1'000U);
  EXPECT_EQ(window.summary().max, nanoseconds(0));
}

TEST(LatencyWindow, MeasuresTheFirstCallsAndThenOneInSoMany) {
  LatencyWindow window(32);
  int measured = 0;
  for (int call = 0; call < 16; ++call) {
    measured += window.should_measure() ? 1 : 0;
  }
  EXPECT_EQ(measured, 16);
  for (int call = 16; call < 16 + 3'200; ++call) {
    measured += window.should_measure() ? 1 : 0;
  }
  EXPECT_EQ(measured, 16 + 100);
}

TEST(LatencyTimer, MeasuresItsLifetime) {
  const FakeClock clock;
  LatencyWindow window(1);
  {
    const LatencyTimer timer(window, clock);
    clock.advance(nanoseconds(250));
  }
  EXPECT_EQ(window.summary().max, nanoseconds(250));
}

}  // namespace
}  // namespace repomap
