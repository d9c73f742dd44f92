// SPDX-License-Identifier: Apache-2.0
#include "core/base/job_queue.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMany = 1000;

/// A door that opens once, for all who wait before it.
class Door {
 public:
  void open() {
    MutexLock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void wait() {
    MutexLock lock(mutex_);
    while (!is_open_) {
      changed_.wait(mutex_);
    }
  }

 private:
  CondVar changed_;
  Mutex mutex_;
  bool is_open_ GUARDED_BY(mutex_) = false;
};

TEST(JobQueue, RunsAllJobsInOrderOnOneThread) {
  std::vector<std::size_t> seen;
  JobQueue queue("test", 1, kMany);
  for (std::size_t job = 0; job < kMany; ++job) {
    ASSERT_TRUE(queue.add([&seen, job] { seen.push_back(job); }));
  }
  queue.stop(WaitingJobs::kRun);
  ASSERT_EQ(seen.size(), kMany);
  for (std::size_t job = 0; job < kMany; ++job) {
    EXPECT_EQ(seen[job], job);
  }
}

TEST(JobQueue, RunsAsManyAtOnceAsItHasThreads) {
  constexpr std::size_t kThreads = 4;
  std::array<Door, kThreads> arrived;
  JobQueue queue("test", kThreads, kMany);
  for (std::size_t job = 0; job < kThreads; ++job) {
    ASSERT_TRUE(queue.add([&arrived, job] {
      arrived[job].open();
      for (Door& door : arrived) {
        door.wait();  // ends only if all are here
      }
    }));
  }
  queue.stop(WaitingJobs::kRun);
}

TEST(JobQueue, RefusesMoreThanItsCapacity) {
  Door begun;
  Door go_on;
  std::atomic<int> runs = 0;
  JobQueue queue("test", 1, 2);
  ASSERT_TRUE(queue.add([&] {
    begun.open();
    go_on.wait();
  }));
  begun.wait();
  EXPECT_TRUE(queue.add([&] { ++runs; }));
  EXPECT_TRUE(queue.add([&] { ++runs; }));
  EXPECT_EQ(queue.waiting(), 2U);
  const Status refused = queue.add([&] { ++runs; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  go_on.open();
  queue.stop(WaitingJobs::kRun);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST(JobQueue, DestroysWaitingJobsWhenDropped) {
  Door begun;
  Door go_on;
  std::atomic<int> runs = 0;
  const auto held = std::make_shared<int>(0);
  JobQueue queue("test", 1, kMany);
  ASSERT_TRUE(queue.add([&] {
    begun.open();
    go_on.wait();
    ++runs;
  }));
  begun.wait();
  ASSERT_TRUE(queue.add([&runs, held] { ++runs; }));
  EXPECT_EQ(held.use_count(), 2);
  JobQueue stopper("stopper", 1, 1);
  ASSERT_TRUE(stopper.add([&] { queue.stop(WaitingJobs::kDrop); }));
  while (true) {  // until the stop has begun
    if (const Status added = queue.add([] {}); !added && added.error().code == ErrorCode::kUnavailable) {
      break;
    }
  }
  go_on.open();
  stopper.stop(WaitingJobs::kRun);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(JobQueue, TakesNothingAfterItsStop) {
  JobQueue queue("test", 2, kMany);
  queue.stop(WaitingJobs::kDrop);
  const Status refused = queue.add([] {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  queue.stop(WaitingJobs::kRun);
}

TEST(JobQueue, GoesOnAfterAJobThatThrows) {
  std::atomic<int> runs = 0;
  JobQueue queue("test", 1, kMany);
  ASSERT_TRUE(queue.add([] { throw std::runtime_error("on demand"); }));
  ASSERT_TRUE(queue.add([] { throw 1; }));
  ASSERT_TRUE(queue.add([&] { ++runs; }));
  queue.stop(WaitingJobs::kRun);
  EXPECT_EQ(runs, 1);
}

TEST(JobQueue, RunsJobsOfManyThreads) {
  std::atomic<std::size_t> runs = 0;
  JobQueue queue("test", 3, kMany * 4);
  {
    JobQueue adders("adders", 4, kMany);
    for (std::size_t job = 0; job < kMany; ++job) {
      ASSERT_TRUE(adders.add([&] { static_cast<void>(queue.add([&] { ++runs; })); }));
    }
    adders.stop(WaitingJobs::kRun);
  }
  queue.stop(WaitingJobs::kRun);
  EXPECT_EQ(runs, kMany);
}

TEST(JobQueue, NamesItsThreadsWithTheirNumber) {
  std::array<char, 16> name{};
  JobQueue queue("request-workers-of", 1, 1);
  ASSERT_TRUE(queue.add([&] { pthread_getname_np(pthread_self(), name.data(), name.size()); }));
  queue.stop(WaitingJobs::kRun);
  EXPECT_EQ(std::string(name.data()), "request-worke-0");
}

}  // namespace
}  // namespace repomap
