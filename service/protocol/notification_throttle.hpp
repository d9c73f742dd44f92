// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace repomap {

/// Lets through at most one of many messages in each interval. Thread-safe.
class NotificationThrottle {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds kInterval{100};

  /// Whether what happens at `now` is told. The first is.
  bool admits(TimePoint now) {
    const std::int64_t at = now.time_since_epoch().count();
    std::int64_t next = next_.load();
    return at >= next && next_.compare_exchange_strong(next, (now + kInterval).time_since_epoch().count());
  }

 private:
  std::atomic<std::int64_t> next_ = INT64_MIN;
};

}  // namespace repomap
