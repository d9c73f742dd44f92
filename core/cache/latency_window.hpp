// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/clock.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/striped_counter.hpp"

namespace repomap {

/// The latest durations of one kind of operation, of which percentiles are taken. To cost next to nothing where an
/// operation takes a fraction of a microsecond, only some calls are measured: the first few of every thread, so that a
/// short run has figures at all, and then one in so many. Thread-safe, without locks.
class LatencyWindow {
 public:
  /// Of the calls that follow the first ones, one in `one_in` is measured. REQUIRES: a power of two.
  explicit LatencyWindow(std::uint32_t one_in) : mask_(one_in - 1) {}

  /// Whether the call that begins now is to be measured.
  bool should_measure();

  void record(std::chrono::nanoseconds duration);

  /// Percentiles of what was recorded last, by the nearest-rank method.
  LatencySummary summary() const;

 private:
  static constexpr std::size_t kSlots = 2048;
  static constexpr std::uint32_t kAlwaysMeasured = 16;

  /// Counts the calls of the threads that share it. Increments may be lost: it only has to move on.
  struct alignas(64) Stripe {
    std::atomic<std::uint32_t> calls = 0;
  };

  const std::uint32_t mask_;
  std::array<Stripe, kCounterStripes> stripes_;
  std::atomic<std::uint64_t> next_ = 0;
  std::array<std::atomic<std::uint64_t>, kSlots> slots_{};  ///< nanoseconds plus 1; 0: nothing yet
};

/// Measures its own lifetime for a window, if that wants it.
class LatencyTimer {
 public:
  LatencyTimer(LatencyWindow& window, const Clock& clock) : window_(window), clock_(clock) {
    if (window.should_measure()) {
      start_ = clock.monotonic();
    }
  }
  ~LatencyTimer() {
    if (start_) {
      window_.record(clock_.monotonic() - *start_);
    }
  }
  LatencyTimer(const LatencyTimer&) = delete;
  LatencyTimer& operator=(const LatencyTimer&) = delete;

 private:
  LatencyWindow& window_;
  const Clock& clock_;
  std::optional<std::chrono::nanoseconds> start_;
};

}  // namespace repomap
