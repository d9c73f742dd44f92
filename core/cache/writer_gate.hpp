// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>

#include "core/base/mutex.hpp"

namespace repomap {

/// Lets one thread at a time write to a store, in the order of their coming, so that nobody starves. Thread-safe.
class WriterGate {
 public:
  /// Waits for its turn; false: it did not come within the timeout. REQUIRES: this thread is not inside.
  bool enter(std::chrono::nanoseconds timeout) EXCLUDES(mutex_);
  /// REQUIRES: this thread is inside.
  void leave() EXCLUDES(mutex_);

  /// Whether this thread is inside.
  bool is_mine() const;

  // Around fork: hold() before, release() after; in the child forget_waiters() first, for nobody waits there.
  void hold() ACQUIRE(mutex_) { mutex_.lock(); }
  void release() RELEASE(mutex_) { mutex_.unlock(); }
  void forget_waiters() REQUIRES(mutex_);

 private:
  struct Waiter {
    CondVar called;
    bool is_called = false;
  };

  // Has its own synchronisation: this_thread_number() of who is inside, 0 for nobody.
  std::atomic<std::uint64_t> owner_{0};

  Mutex mutex_;
  bool is_taken_ GUARDED_BY(mutex_) = false;
  std::deque<Waiter*> waiters_ GUARDED_BY(mutex_);
};

}  // namespace repomap
