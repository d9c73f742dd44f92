// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "core/base/mutex.hpp"

namespace repomap {

/// The latest generation that was given for each root, by whichever service and however often it was loaded: so
/// generations rise. Thread-safe.
class Generations {
 public:
  using Counter = std::atomic<std::uint64_t>;

  /// That of one root, 0 at first. Lives as long as this object.
  Counter& of(const std::string& root) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return by_root_[root];
  }

 private:
  Mutex mutex_;
  std::map<std::string, Counter> by_root_ GUARDED_BY(mutex_);
};

}  // namespace repomap
