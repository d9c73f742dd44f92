// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_monitor.hpp"

#include <algorithm>
#include <utility>

namespace repomap {

MemoryMonitor::MemoryMonitor(std::vector<MemoryShare> shares, const MemoryMonitorSettings& settings,
                             std::unique_ptr<MemoryPressureSource> source)
    : shares_(std::move(shares)), source_(std::move(source)) {
  for (const MemoryShare& share : shares_) {
    configured_bytes_ += share.configured_bytes;
  }
  budget_ = std::make_unique<MemoryBudget>(
      MemoryBudgetSettings{.configured_bytes = configured_bytes_, .floor_bytes = settings.floor_bytes});
  stats_.configured_bytes = configured_bytes_;
  stats_.budget_bytes = configured_bytes_;
  if (settings.interval.count() > 0) {
    worker_ = std::make_unique<PeriodicWorker>("memory-monitor", settings.interval, [this] { check(); });
  }
}

MemoryMonitor::~MemoryMonitor() = default;

void MemoryMonitor::check() {
  MutexLock check_lock(check_mutex_);
  const MemoryReading reading = source_->read();
  const std::uint64_t used = used_bytes();
  const std::uint64_t before = budget_->budget_bytes();
  const std::uint64_t budget = budget_->update(reading, used);
  if (budget != before) {
    apply(budget);
  }
  if (budget < used) {
    source_->give_back();
  }
  MutexLock lock(mutex_);
  stats_.budget_bytes = budget;
  stats_.used_bytes = used_bytes();
  stats_.reading = reading;
  stats_.state = budget_->state();
  ++stats_.checks;
  stats_.lowered += budget < before ? 1 : 0;
  stats_.raised += budget > before ? 1 : 0;
}

MemoryMonitorStats MemoryMonitor::stats() const {
  MutexLock lock(mutex_);
  return stats_;
}

/// Gives each cache the part of the budget that it has of the configured sum.
void MemoryMonitor::apply(std::uint64_t budget_bytes) {
  const double part =
      static_cast<double>(budget_bytes) / static_cast<double>(std::max<std::uint64_t>(configured_bytes_, 1));
  for (const MemoryShare& share : shares_) {
    const auto limit = static_cast<std::uint64_t>(static_cast<double>(share.configured_bytes) * part);
    // 0 would be no limit at all.
    share.consumer->set_limit_bytes(
        std::clamp<std::uint64_t>(limit, 1, std::max<std::uint64_t>(share.configured_bytes, 1)));
  }
}

std::uint64_t MemoryMonitor::used_bytes() const {
  std::uint64_t used = 0;
  for (const MemoryShare& share : shares_) {
    used += share.consumer->size_bytes();
  }
  return used;
}

}  // namespace repomap
