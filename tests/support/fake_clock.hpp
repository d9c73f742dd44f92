// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "core/base/clock.hpp"

namespace repomap {

/// A clock that stands still until it is moved. sleep_for() moves it. Thread-safe.
class FakeClock final : public Clock {
 public:
  WallTime now() const override { return WallTime(std::chrono::microseconds(wall_us_.load())); }
  std::chrono::nanoseconds monotonic() const override { return std::chrono::nanoseconds(monotonic_ns_.load()); }
  void sleep_for(std::chrono::nanoseconds duration) const override { advance(duration); }

  void advance(std::chrono::nanoseconds duration) const {
    monotonic_ns_ += duration.count();
    wall_us_ += std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  }

  /// Moves the wall clock alone, also backwards, as an administrator or NTP does.
  void set_wall(WallTime time) const { wall_us_ = time.time_since_epoch().count(); }

 private:
  // 2024-07-03, so that times before "now" can be stored too.
  mutable std::atomic<std::int64_t> wall_us_ = 1'720'000'000'000'000;
  mutable std::atomic<std::int64_t> monotonic_ns_ = 1'000'000'000;
};

}  // namespace repomap
