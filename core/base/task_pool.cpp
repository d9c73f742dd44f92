// SPDX-License-Identifier: Apache-2.0
#include "core/base/task_pool.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "core/base/mutex.hpp"

namespace repomap {
namespace {

/// Gives way to others. What the system refuses does no harm.
void be_polite(int niceness) {
  if (niceness <= 0) {
    return;
  }
  constexpr int kWhoProcess = 1;  // IOPRIO_WHO_PROCESS: a thread, by its number
  constexpr int kIdleClass = 3 << 13;
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  static_cast<void>(::setpriority(PRIO_PROCESS, thread, niceness));
  static_cast<void>(::syscall(SYS_ioprio_set, kWhoProcess, 0, kIdleClass));
}

void run_here(std::size_t count, const TaskPool::Task& task) {
  for (std::size_t item = 0; item < count; ++item) {
    task(item, 0);
  }
}

}  // namespace

// Batches stand in a line. A worker takes the next item of the first, puts that batch behind the others, and runs the
// item outside of the lock: so those under way share the workers. Items are files or shards, far heavier than the lock.
struct TaskPool::State {
  struct Batch {
    const Task& task;
    const std::size_t count;
    std::size_t next = 0;
    std::size_t unfinished = count;
  };

  std::size_t width = 1;

  Mutex mutex;
  CondVar work_ready;
  CondVar batch_done;
  std::deque<Batch*> waiting GUARDED_BY(mutex);  // those with items that nobody has taken
  std::size_t under_way GUARDED_BY(mutex) = 0;   // batches
  bool stopping GUARDED_BY(mutex) = false;

  std::vector<std::jthread> threads;  // the last member: joined before what they wait on is destroyed

  void work(std::size_t worker) EXCLUDES(mutex);
  void run_batch(std::size_t count, const Task& task) REQUIRES(mutex);
};

void TaskPool::State::work(std::size_t worker) {
  while (true) {
    Batch* batch = nullptr;
    std::size_t item = 0;
    {
      MutexLock lock(mutex);
      while (!stopping && waiting.empty()) {
        work_ready.wait(mutex);
      }
      if (stopping) {
        return;
      }
      batch = waiting.front();
      waiting.pop_front();
      item = batch->next++;
      if (batch->next < batch->count) {
        waiting.push_back(batch);
      }
    }
    batch->task(item, worker);
    MutexLock lock(mutex);
    if (--batch->unfinished == 0) {
      batch_done.notify_all();  // the batch ends with the lock
    }
  }
}

void TaskPool::State::run_batch(std::size_t count, const Task& task) {
  Batch batch{task, count};
  waiting.push_back(&batch);
  ++under_way;
  work_ready.notify_all();
  while (batch.unfinished > 0) {
    batch_done.wait(mutex);
  }
  --under_way;
}

TaskPool::TaskPool(std::size_t workers, int niceness) : state_(std::make_unique<State>()) {
  state_->width = std::max<std::size_t>(workers, 1);
  for (std::size_t worker = 0; worker < workers; ++worker) {
    state_->threads.emplace_back([state = state_.get(), worker, niceness] {
      pthread_setname_np(pthread_self(), ("worker-" + std::to_string(worker)).substr(0, 15).c_str());
      be_polite(niceness);
      state->work(worker);
    });
  }
}

TaskPool::~TaskPool() {
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
  }
  state_->work_ready.notify_all();
}

std::size_t TaskPool::width() const { return state_->width; }

void TaskPool::run_all(std::size_t count, const Task& task) {
  if (count == 0 || state_->threads.empty()) {
    run_here(count, task);
    return;
  }
  MutexLock lock(state_->mutex);
  state_->run_batch(count, task);
}

void TaskPool::run_all_now(std::size_t count, const Task& task) {
  if (count > 0 && !state_->threads.empty()) {
    MutexLock lock(state_->mutex);
    if (state_->under_way == 0) {
      state_->run_batch(count, task);
      return;
    }
  }
  run_here(count, task);
}

std::size_t TaskPool::available_processors() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(CPU_COUNT(&mask)));
  }
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace repomap
