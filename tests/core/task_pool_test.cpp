// SPDX-License-Identifier: Apache-2.0
#include "core/base/task_pool.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "core/base/mutex.hpp"

namespace repomap {
namespace {

/// Where the items of a batch meet: each waits until `expected` of them are there.
class MeetingPoint {
 public:
  explicit MeetingPoint(std::size_t expected) : expected_(expected) {}

  void arrive_and_wait() {
    MutexLock lock(mutex_);
    ++arrived_;
    all_arrived_.notify_all();
    while (arrived_ < expected_) {
      all_arrived_.wait(mutex_);
    }
  }

 private:
  const std::size_t expected_;
  CondVar all_arrived_;
  Mutex mutex_;
  std::size_t arrived_ GUARDED_BY(mutex_) = 0;
};

using Run = void (TaskPool::*)(std::size_t count, const TaskPool::Task& task);

/// Runs five items, and expects them on the caller's thread and in order.
void expect_inline(TaskPool& pool, Run run) {
  const pthread_t caller = pthread_self();
  std::vector<std::size_t> seen;
  (pool.*run)(5, [&](std::size_t item, std::size_t worker) {
    EXPECT_EQ(worker, 0U);
    EXPECT_TRUE(pthread_equal(caller, pthread_self()));
    seen.push_back(item);
  });
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(TaskPool, WithoutWorkersRunsInlineAndInOrder) {
  TaskPool pool(0);
  EXPECT_EQ(pool.width(), 1U);
  expect_inline(pool, &TaskPool::run_all);
  expect_inline(pool, &TaskPool::run_all_now);
}

TEST(TaskPool, RunsABatchThatCannotWaitBesideOneThatIsUnderWay) {
  TaskPool pool(2);
  MeetingPoint is_under_way(2);
  MeetingPoint may_end(2);
  std::jthread other([&] {
    pool.run_all(1, [&](std::size_t, std::size_t) {
      is_under_way.arrive_and_wait();
      may_end.arrive_and_wait();
    });
  });
  is_under_way.arrive_and_wait();
  expect_inline(pool, &TaskPool::run_all_now);
  may_end.arrive_and_wait();
}

TEST(TaskPool, SharesItsWorkersBetweenBatches) {
  TaskPool pool(2);
  MeetingPoint both_run(2);
  std::jthread other([&] {
    pool.run_all(100, [&](std::size_t item, std::size_t) {
      if (item == 0) {
        both_run.arrive_and_wait();  // one worker is left
      }
    });
  });
  pool.run_all(0, [](std::size_t, std::size_t) { FAIL(); });
  pool.run_all(1, [&](std::size_t, std::size_t) { both_run.arrive_and_wait(); });
}

TEST(TaskPool, RunsABatchThatCannotWaitByTheWorkersIfTheyAreFree) {
  TaskPool pool(2);
  MeetingPoint both_run(2);
  pool.run_all_now(2, [&](std::size_t, std::size_t) { both_run.arrive_and_wait(); });
}

TEST(TaskPool, RunsEveryItemOnce) {
  for (const std::size_t workers : {1U, 2U, 3U, 8U}) {
    TaskPool pool(workers);
    EXPECT_EQ(pool.width(), workers);
    for (const std::size_t count : {1U, 2U, 7U, 1000U}) {
      std::vector<std::atomic<int>> runs(count);
      pool.run_all(count, [&](std::size_t item, std::size_t) { ++runs[item]; });
      EXPECT_TRUE(std::ranges::all_of(runs, [](const std::atomic<int>& times) { return times == 1; }))
          << workers << " workers, " << count << " items";
    }
  }
}

TEST(TaskPool, RunsNothingForAnEmptyBatch) {
  TaskPool pool(2);
  pool.run_all(0, [](std::size_t, std::size_t) { FAIL() << "there is no item"; });
}

TEST(TaskPool, StartsItemsInRisingOrder) {
  TaskPool pool(1);
  std::vector<std::size_t> seen;
  pool.run_all(100, [&](std::size_t item, std::size_t) { seen.push_back(item); });
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(seen.size(), 100U);
}

TEST(TaskPool, RunsAsManyItemsAtOnceAsItHasWorkers) {
  constexpr std::size_t kWorkers = 4;
  TaskPool pool(kWorkers);
  MeetingPoint meeting(kWorkers);
  std::array<std::atomic<int>, kWorkers> items_of_worker{};
  pool.run_all(kWorkers, [&](std::size_t, std::size_t worker) {
    ++items_of_worker[worker];
    meeting.arrive_and_wait();  // an item that waited for another to end would wait for ever
  });
  EXPECT_TRUE(std::ranges::all_of(items_of_worker, [](const std::atomic<int>& items) { return items == 1; }));
}

TEST(TaskPool, GivesEachWorkerScratchSpaceOfItsOwn) {
  TaskPool pool(4);
  std::vector<std::size_t> sums(pool.width(), 0);  // unguarded on purpose
  pool.run_all(10'000, [&](std::size_t item, std::size_t worker) { sums[worker] += item; });
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::size_t{0}), 10'000U * 9'999U / 2);
}

TEST(TaskPool, ShowsTheCallerWhatTheItemsWrote) {
  TaskPool pool(3);
  for (int batch = 0; batch < 200; ++batch) {
    std::vector<int> written(5, 0);
    pool.run_all(written.size(), [&](std::size_t item, std::size_t) { written[item] = batch; });
    EXPECT_EQ(written, std::vector<int>(5, batch));
  }
}

TEST(TaskPool, EndsItsThreadsBeforeItsStateGoes) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> runs = 0;
    {
      TaskPool pool(4);
      if (round % 2 == 0) {
        pool.run_all(3, [&](std::size_t, std::size_t) { ++runs; });
      }
    }
    EXPECT_EQ(runs, round % 2 == 0 ? 3 : 0);
  }
}

TEST(TaskPool, NamesItsThreads) {
  TaskPool pool(1);
  std::array<char, 16> name{};
  pool.run_all(1, [&](std::size_t, std::size_t) { pthread_getname_np(pthread_self(), name.data(), name.size()); });
  EXPECT_EQ(std::string(name.data()), "worker-0");
}

TEST(TaskPool, KnowsAtLeastOneProcessor) { EXPECT_GE(TaskPool::available_processors(), 1U); }

}  // namespace
}  // namespace repomap
