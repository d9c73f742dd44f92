// SPDX-License-Identifier: Apache-2.0
#include "core/base/job_queue.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/mutex.hpp"

namespace repomap {

struct JobQueue::State {
  std::string name;
  std::size_t capacity = 0;

  Mutex mutex;
  CondVar work_ready;
  std::deque<Job> jobs GUARDED_BY(mutex);
  bool is_stopping GUARDED_BY(mutex) = false;

  Mutex join_mutex;  // taken before `mutex`, and only by stop()
  std::vector<std::jthread> threads GUARDED_BY(join_mutex);

  void work() EXCLUDES(mutex);
  Job next_job() EXCLUDES(mutex);
  std::deque<Job> begin_stop(WaitingJobs waiting) EXCLUDES(mutex);
};

/// An empty function when it is time to end.
JobQueue::Job JobQueue::State::next_job() {
  MutexLock lock(mutex);
  while (jobs.empty() && !is_stopping) {
    work_ready.wait(mutex);
  }
  if (jobs.empty()) {
    return {};
  }
  Job job = std::move(jobs.front());
  jobs.pop_front();
  return job;
}

void JobQueue::State::work() {
  while (Job job = next_job()) {
    try {
      job();
    } catch (const std::exception& error) {
      log_error(fmt::format("a job of {} has thrown: {}", name, error.what()));
    } catch (...) {
      log_error(fmt::format("a job of {} has thrown", name));
    }
  }
}

/// Gives the jobs that are not to be run, so that they are destroyed without the lock.
std::deque<JobQueue::Job> JobQueue::State::begin_stop(WaitingJobs waiting) {
  std::deque<Job> dropped;
  {
    MutexLock lock(mutex);
    is_stopping = true;
    if (waiting == WaitingJobs::kDrop) {
      dropped.swap(jobs);
    }
  }
  work_ready.notify_all();
  return dropped;
}

JobQueue::JobQueue(const std::string& name, std::size_t threads, std::size_t capacity)
    : state_(std::make_unique<State>()) {
  constexpr std::size_t kNameLimit = 15;
  state_->name = name;
  state_->capacity = capacity;
  MutexLock lock(state_->join_mutex);
  for (std::size_t thread = 0; thread < std::max<std::size_t>(threads, 1); ++thread) {
    const std::string suffix = fmt::format("-{}", thread);
    const std::string thread_name = name.substr(0, kNameLimit - std::min(kNameLimit, suffix.size())) + suffix;
    state_->threads.emplace_back([state = state_.get(), thread_name] {
      pthread_setname_np(pthread_self(), thread_name.c_str());
      state->work();
    });
  }
}

JobQueue::~JobQueue() { stop(WaitingJobs::kDrop); }

Status JobQueue::add(Job job) {
  {
    MutexLock lock(state_->mutex);
    if (state_->is_stopping) {
      return fail(ErrorCode::kUnavailable, fmt::format("{} takes no more work: it is being stopped", state_->name));
    }
    if (state_->jobs.size() >= state_->capacity) {
      return fail(ErrorCode::kBusy,
                  fmt::format("{} has {} jobs waiting, as many as may", state_->name, state_->capacity));
    }
    state_->jobs.push_back(std::move(job));
  }
  state_->work_ready.notify_one();
  return {};
}

void JobQueue::stop(WaitingJobs waiting) {
  state_->begin_stop(waiting).clear();
  MutexLock lock(state_->join_mutex);
  for (std::jthread& thread : state_->threads) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

std::size_t JobQueue::waiting() const {
  MutexLock lock(state_->mutex);
  return state_->jobs.size();
}

}  // namespace repomap
