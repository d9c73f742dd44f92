// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "core/base/mutex.hpp"

namespace repomap {

/// A moment that one thread reaches and others wait for.
class Moment {
 public:
  void reach() {
    MutexLock lock(mutex_);
    is_reached_ = true;
    changed_.notify_all();
  }
  void wait() {
    MutexLock lock(mutex_);
    while (!is_reached_) {
      changed_.wait(mutex_);
    }
  }
  /// Whether it is reached within so long.
  bool wait_for(std::chrono::milliseconds duration) {
    const auto end = std::chrono::steady_clock::now() + duration;
    MutexLock lock(mutex_);
    while (!is_reached_ && std::chrono::steady_clock::now() < end) {
      changed_.wait_for(mutex_, end - std::chrono::steady_clock::now());
    }
    return is_reached_;
  }

 private:
  CondVar changed_;
  Mutex mutex_;
  bool is_reached_ GUARDED_BY(mutex_) = false;
};

}  // namespace repomap
