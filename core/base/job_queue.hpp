// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// What becomes of jobs that wait when their queue is stopped.
enum class WaitingJobs : std::uint8_t { kRun, kDrop };

/// A fixed set of worker threads that run independent jobs, first come, first served. For work that comes from outside,
/// job by job; what is many items at once belongs in a TaskPool.
///
/// Owns its threads; the destructor is stop(WaitingJobs::kDrop). Thread-safe. A job that throws counts as ended and is
/// logged. Jobs may add jobs, but must not stop or destroy their queue.
class JobQueue {
 public:
  using Job = std::function<void()>;

  /// `threads` of them, at least 1, named `name`-0 and so on, of which the system keeps 15 bytes. At most `capacity`
  /// jobs wait at once, besides those that run.
  JobQueue(const std::string& name, std::size_t threads, std::size_t capacity);
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  /// Has `job` run by the next thread that is free. Errors: kBusy when as many wait as may, kUnavailable after stop();
  /// the job is then destroyed without a run.
  Status add(Job job);

  /// Takes no more jobs, runs those that wait or destroys them, and joins the threads. Called again it returns when
  /// the first call has ended.
  void stop(WaitingJobs waiting);

  /// How many jobs have not begun.
  std::size_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace repomap
