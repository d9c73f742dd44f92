// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace repomap {

/// A fixed set of worker threads that run the items of batches.
///
/// Owns its threads; the destructor stops and joins them. Thread-safe: the batches of several threads share the
/// workers, an item of each in turn. A pool of 0 workers runs every item inline, in order, on the caller's thread.
class TaskPool {
 public:
  /// Runs one item; `worker` is in [0, width()) and never runs two items of a batch at once, so it can index scratch
  /// space that belongs to the batch.
  using Task = std::function<void(std::size_t item, std::size_t worker)>;

  /// With a `niceness` above 0 the workers give way to other threads of the machine: nice(2), and the idle class of
  /// ioprio_set(2).
  explicit TaskPool(std::size_t workers, int niceness = 0);
  ~TaskPool();
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  /// How many items may run at once: the number of workers, or 1 for an inline pool.
  std::size_t width() const;

  /// Runs task(0 … count-1) and returns when all are done. Items start in rising order, so a caller that sorts its
  /// work by falling cost gets the "longest processing time first" schedule (Graham 1969).
  /// REQUIRES: the task does not throw and does not call it on the same pool.
  void run_all(std::size_t count, const Task& task);

  /// The same for who cannot wait for workers, which may be long at an item and give way to others: while a batch of
  /// another thread is under way, the items run in order on the caller's thread, as worker 0 of this batch.
  void run_all_now(std::size_t count, const Task& task);

  /// The number of processors this process may use (affinity mask), at least 1.
  static std::size_t available_processors();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace repomap
