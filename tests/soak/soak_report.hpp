// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"

namespace repomap {

/// Durations by kind of request, what was wrong, and the memory over time. Thread-safe.
class SoakReport {
 public:
  void add(const std::string& kind, std::chrono::nanoseconds duration) EXCLUDES(mutex_);
  void object(const std::string& objection) EXCLUDES(mutex_);
  void add_memory(std::size_t bytes) EXCLUDES(mutex_);

  std::size_t count(const std::string& kind) const EXCLUDES(mutex_);

  /// Of the first few answers that were wrong; "" if none was.
  std::string objections() const EXCLUDES(mutex_);

  /// Counts and percentiles as lines for people.
  std::string text() const EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::vector<std::chrono::nanoseconds>> durations_ GUARDED_BY(mutex_);
  std::vector<std::string> objections_ GUARDED_BY(mutex_);
  std::vector<std::size_t> memory_ GUARDED_BY(mutex_);
};

}  // namespace repomap
