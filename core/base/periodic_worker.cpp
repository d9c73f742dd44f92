// SPDX-License-Identifier: Apache-2.0
#include "core/base/periodic_worker.hpp"

#include <pthread.h>

#include <thread>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/mutex.hpp"

namespace repomap {

struct PeriodicWorker::State {
  std::chrono::nanoseconds interval{};
  std::function<void()> work;

  Mutex mutex;
  CondVar changed;
  bool is_woken GUARDED_BY(mutex) = false;
  bool is_stopping GUARDED_BY(mutex) = false;

  std::jthread thread;  // the last member: joined before what it waits on is destroyed

  void run() EXCLUDES(mutex);
  bool wait_for_next_run() EXCLUDES(mutex);
};

/// False when it is time to stop.
bool PeriodicWorker::State::wait_for_next_run() {
  const auto due = std::chrono::steady_clock::now() + interval;
  MutexLock lock(mutex);
  while (!is_woken && !is_stopping) {
    const auto left = due - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero()) {
      break;
    }
    changed.wait_for(mutex, left);
  }
  is_woken = false;
  return !is_stopping;
}

void PeriodicWorker::State::run() {
  while (wait_for_next_run()) {
    try {
      work();
    } catch (...) {
      log_warning("a periodic run has thrown; the next one is another try");
    }
  }
}

PeriodicWorker::PeriodicWorker(const std::string& name, std::chrono::nanoseconds interval, std::function<void()> work)
    : state_(std::make_unique<State>()) {
  constexpr std::size_t kNameLimit = 15;
  state_->interval = interval;
  state_->work = std::move(work);
  state_->thread = std::jthread([state = state_.get(), thread_name = name.substr(0, kNameLimit)] {
    pthread_setname_np(pthread_self(), thread_name.c_str());
    state->run();
  });
}

PeriodicWorker::~PeriodicWorker() { stop(); }

void PeriodicWorker::stop() {
  {
    MutexLock lock(state_->mutex);
    state_->is_stopping = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

void PeriodicWorker::wake() {
  {
    MutexLock lock(state_->mutex);
    state_->is_woken = true;
  }
  state_->changed.notify_all();
}

}  // namespace repomap
