// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/periodic_worker.hpp"
#include "core/cache/memory_budget.hpp"
#include "core/cache/memory_consumer.hpp"
#include "core/cache/memory_pressure.hpp"

namespace repomap {

/// A cache and what it may use when there is no pressure; above 0.
struct MemoryShare {
  MemoryConsumer* consumer;
  std::uint64_t configured_bytes;
};

struct MemoryMonitorSettings {
  std::uint64_t floor_bytes = std::uint64_t{4} << 20U;  ///< of all caches together
  std::chrono::milliseconds interval{1000};             ///< 0: no thread; check() is called by others
};

/// What the monitor has seen and done.
struct MemoryMonitorStats {
  std::uint64_t configured_bytes = 0;
  std::uint64_t budget_bytes = 0;
  std::uint64_t used_bytes = 0;  ///< at the latest check
  MemoryReading reading;         ///< the latest
  MemoryState state = MemoryState::kCalm;
  std::uint64_t checks = 0;
  std::uint64_t lowered = 0;  ///< how often the budget fell
  std::uint64_t raised = 0;
};

/// Keeps the caches in memory within what there is: looks every now and then, and gives each of them its share of a
/// budget between a floor and what was configured (MemoryBudget). Owns its thread and the source; the caches outlive
/// it, and keep the limits it gave them last. Thread-safe.
class MemoryMonitor {
 public:
  MemoryMonitor(std::vector<MemoryShare> shares, const MemoryMonitorSettings& settings,
                std::unique_ptr<MemoryPressureSource> source);
  ~MemoryMonitor();
  MemoryMonitor(const MemoryMonitor&) = delete;
  MemoryMonitor& operator=(const MemoryMonitor&) = delete;

  /// Looks now; when it returns the caches are within their shares.
  void check();

  MemoryMonitorStats stats() const;

 private:
  void apply(std::uint64_t budget_bytes);
  std::uint64_t used_bytes() const;

  // Fixed after construction.
  const std::vector<MemoryShare> shares_;
  std::uint64_t configured_bytes_ = 0;

  Mutex check_mutex_;  // one check at a time; before mutex_ and before what the caches lock
  const std::unique_ptr<MemoryPressureSource> source_;
  std::unique_ptr<MemoryBudget> budget_ GUARDED_BY(check_mutex_);

  mutable Mutex mutex_;
  MemoryMonitorStats stats_ GUARDED_BY(mutex_);

  std::unique_ptr<PeriodicWorker> worker_;  // the last member: stopped before what it uses is destroyed
};

}  // namespace repomap
