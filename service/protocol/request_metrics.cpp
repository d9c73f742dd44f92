// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/request_metrics.hpp"

namespace repomap {

void DurationHistogram::add(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    counts[i] += seconds <= kLimits[i] ? 1 : 0;
  }
  ++count;
  sum += duration;
}

void RequestMetrics::request_ended(const std::string& method, std::string_view outcome,
                                   std::chrono::nanoseconds duration) {
  --under_way_;
  MutexLock lock(mutex_);
  ++requests_[{.method = method, .outcome = std::string(outcome)}];
  durations_[method].add(duration);
}

void RequestMetrics::connection_opened() {
  ++connections_;
  ++accepted_;
}

void RequestMetrics::refused(std::string_view reason) {
  MutexLock lock(mutex_);
  ++refusals_[std::string(reason)];
}

RequestMetrics::Snapshot RequestMetrics::snapshot() const {
  Snapshot snapshot;
  snapshot.connections = connections_;
  snapshot.accepted = accepted_;
  snapshot.under_way = under_way_;
  MutexLock lock(mutex_);
  snapshot.requests = requests_;
  snapshot.durations = durations_;
  snapshot.refusals.insert(refusals_.begin(), refusals_.end());
  for (const auto& [method, durations] : durations_) {
    snapshot.answered += durations.count;
  }
  return snapshot;
}

}  // namespace repomap
