// SPDX-License-Identifier: Apache-2.0
#include "core/base/periodic_worker.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

#include "core/base/mutex.hpp"

namespace repomap {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// Counts runs; who waits for a number of them wakes when it is reached.
class RunCounter {
 public:
  void add() {
    MutexLock lock(mutex_);
    ++runs_;
    changed_.notify_all();
  }
  void wait_for(int runs) {
    MutexLock lock(mutex_);
    while (runs_ < runs) {
      changed_.wait(mutex_);
    }
  }
  int runs() {
    MutexLock lock(mutex_);
    return runs_;
  }

 private:
  CondVar changed_;
  Mutex mutex_;
  int runs_ GUARDED_BY(mutex_) = 0;
};

TEST(PeriodicWorker, RunsAgainAndAgain) {
  RunCounter counter;
  const PeriodicWorker worker("test", milliseconds(1), [&] { counter.add(); });
  counter.wait_for(3);
}

TEST(PeriodicWorker, RunsNoMoreOnceStopped) {
  RunCounter counter;
  PeriodicWorker worker("test", hours(1), [&] { counter.add(); });
  worker.wake();
  counter.wait_for(1);
  worker.stop();
  worker.wake();
  worker.stop();
  EXPECT_EQ(counter.runs(), 1);
}

TEST(PeriodicWorker, RunsWhenWokenAndNotBeforeItsTime) {
  RunCounter counter;
  {
    PeriodicWorker worker("test", hours(1), [&] { counter.add(); });
    worker.wake();
    counter.wait_for(1);
    worker.wake();
    counter.wait_for(2);
  }
  EXPECT_EQ(counter.runs(), 2);
}

TEST(PeriodicWorker, StopsWithoutARun) {
  RunCounter counter;
  {
    const PeriodicWorker worker("test", hours(1), [&] { counter.add(); });
  }
  EXPECT_EQ(counter.runs(), 0);
}

TEST(PeriodicWorker, GoesOnAfterARunThatThrows) {
  RunCounter counter;
  PeriodicWorker worker("test", hours(1), [&] {
    counter.add();
    throw std::runtime_error("on demand");
  });
  worker.wake();
  counter.wait_for(1);
  worker.wake();
  counter.wait_for(2);
}

TEST(PeriodicWorker, NamesItsThread) {
  RunCounter counter;
  std::array<char, 16> name{};
  {
    PeriodicWorker worker("cache-write-behind", hours(1), [&] {
      pthread_getname_np(pthread_self(), name.data(), name.size());
      counter.add();
    });
    worker.wake();
    counter.wait_for(1);
  }
  EXPECT_EQ(std::string(name.data()), "cache-write-beh");
}

}  // namespace
}  // namespace repomap
