// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

#include "core/base/mutex.hpp"

namespace repomap {

/// Where handlers of tests wait until the test lets them go on, or their request is cancelled.
class TestGate {
 public:
  /// Returns whether it was opened.
  bool wait(const std::atomic<bool>* cancelled) {
    MutexLock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    while (!is_open_ && !*cancelled) {
      changed_.wait_for(mutex_, std::chrono::milliseconds(1));
    }
    ++left_;
    changed_.notify_all();
    return is_open_;
  }

  void open() {
    MutexLock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  /// Waits until so many have come, or gone on.
  void wait_for_arrived(std::size_t count) {
    MutexLock lock(mutex_);
    while (arrived_ < count) {
      changed_.wait(mutex_);
    }
  }
  void wait_for_left(std::size_t count) {
    MutexLock lock(mutex_);
    while (left_ < count) {
      changed_.wait(mutex_);
    }
  }

 private:
  CondVar changed_;
  Mutex mutex_;
  bool is_open_ GUARDED_BY(mutex_) = false;
  std::size_t arrived_ GUARDED_BY(mutex_) = 0;
  std::size_t left_ GUARDED_BY(mutex_) = 0;
};

}  // namespace repomap
