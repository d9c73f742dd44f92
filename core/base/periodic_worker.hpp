// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace repomap {

/// A thread of its own for work that is done every now and then.
///
/// Owns its thread; the destructor is stop(). Thread-safe, but the work itself must not stop or destroy its worker. A
/// run that throws counts as ended. After a fork the child has no thread.
class PeriodicWorker {
 public:
  /// Runs `work` first after `interval` of real time, then again so long after each run has ended. `name` is the name
  /// of the thread, of which the system keeps 15 bytes.
  PeriodicWorker(const std::string& name, std::chrono::nanoseconds interval, std::function<void()> work);
  ~PeriodicWorker();
  PeriodicWorker(const PeriodicWorker&) = delete;
  PeriodicWorker& operator=(const PeriodicWorker&) = delete;

  /// Makes a run begin as soon as none is under way. Returns at once; several calls before that make one run.
  void wake();

  /// Lets a run that has begun end, starts no other, and joins. Then wake() does nothing. For one thread at a time.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace repomap
