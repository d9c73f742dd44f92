// SPDX-License-Identifier: Apache-2.0
#include "core/cache/latency_window.hpp"

#include <algorithm>
#include <vector>

namespace repomap {

bool LatencyWindow::should_measure() {
  if (mask_ == 0) {
    return true;
  }
  std::atomic<std::uint32_t>& calls = stripes_[thread_stripe()].calls;
  const std::uint32_t call = calls.load(std::memory_order_relaxed);
  calls.store(call + 1, std::memory_order_relaxed);
  return call < kAlwaysMeasured || (call & mask_) == 0;
}

void LatencyWindow::record(std::chrono::nanoseconds duration) {
  const std::uint64_t slot = next_.fetch_add(1, std::memory_order_relaxed);
  const auto nanoseconds = std::max<std::int64_t>(duration.count(), 0);
  slots_[slot % kSlots].store(static_cast<std::uint64_t>(nanoseconds) + 1, std::memory_order_relaxed);
}

LatencySummary LatencyWindow::summary() const {
  std::vector<std::uint64_t> durations;
  durations.reserve(kSlots);
  for (const auto& slot : slots_) {
    if (const std::uint64_t value = slot.load(std::memory_order_relaxed); value != 0) {
      durations.push_back(value - 1);
    }
  }
  if (durations.empty()) {
    return {};
  }
  std::ranges::sort(durations);
  const auto percentile = [&](std::size_t percent) {
    constexpr std::size_t kWhole = 100;
    const std::size_t rank = (percent * durations.size() + kWhole - 1) / kWhole;
    return std::chrono::nanoseconds(durations[std::max<std::size_t>(rank, 1) - 1]);
  };
  return {.count = durations.size(),
          .p50 = percentile(50),
          .p95 = percentile(95),
          .p99 = percentile(99),
          .max = std::chrono::nanoseconds(durations.back())};
}

}  // namespace repomap
