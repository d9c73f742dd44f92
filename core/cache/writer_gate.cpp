// SPDX-License-Identifier: Apache-2.0
#include "core/cache/writer_gate.hpp"

#include <algorithm>

#include "core/base/clock.hpp"
#include "core/base/process_identity.hpp"

namespace repomap {

// leave() hands the gate over to the first waiter: it stays taken, so that nobody slips in between.
bool WriterGate::enter(std::chrono::nanoseconds timeout) {
  {
    MutexLock lock(mutex_);
    if (!is_taken_) {
      is_taken_ = true;
      owner_.store(this_thread_number(), std::memory_order_relaxed);
      return true;
    }
    const std::chrono::nanoseconds deadline = system_clock().monotonic() + timeout;
    Waiter self;
    waiters_.push_back(&self);
    while (!self.is_called) {
      const std::chrono::nanoseconds left = deadline - system_clock().monotonic();
      if (left <= std::chrono::nanoseconds::zero()) {
        std::erase(waiters_, &self);
        return false;
      }
      self.called.wait_for(mutex_, left);
    }
  }
  owner_.store(this_thread_number(), std::memory_order_relaxed);
  return true;
}

void WriterGate::leave() {
  owner_.store(0, std::memory_order_relaxed);
  MutexLock lock(mutex_);
  if (waiters_.empty()) {
    is_taken_ = false;
    return;
  }
  Waiter* next = waiters_.front();
  waiters_.pop_front();
  next->is_called = true;
  next->called.notify_one();
}

bool WriterGate::is_mine() const { return owner_.load(std::memory_order_relaxed) == this_thread_number(); }

void WriterGate::forget_waiters() { waiters_.clear(); }

}  // namespace repomap
