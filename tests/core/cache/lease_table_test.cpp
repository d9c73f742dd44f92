// SPDX-License-Identifier: Apache-2.0
#include "core/cache/lease_table.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/barrier.hpp"
#include "core/cache/bounded_semaphore.hpp"
#include "core/cache/lease_rows.hpp"
#include "core/cache/lock.hpp"
#include "core/cache/rlock.hpp"
#include "core/cache/store_transaction.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTtl = seconds(60);

class LeaseTableTest : public testing::Test {
 protected:
  /// As a process that is no more has left it.
  void insert_lease_of(const ProcessIdentity& owner, std::string_view name, std::uint32_t permits = 1) {
    detail::LeaseRow row;
    row.permits = permits;
    row.owner = encode_process_identity(owner);
    row.depth = 1;
    row.expires_us = (clock.now() + kTtl).time_since_epoch().count();
    ASSERT_TRUE(store->transact(
        [&](StoreTransaction& transaction) { return detail::LeaseRows(transaction.database()).insert(name, row); }));
  }

  FakeClock clock;
  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"), clock);
  LeaseTable table{*store};
};

// RC2, W23: an owner, a fencing number, and a release that is refused to others.
TEST_F(LeaseTableTest, LockIsHeldByOneOwnerAtATime) {
  Lock first(table, "l", kTtl);
  Lock second(table, "l", kTtl);
  EXPECT_FALSE(first.is_locked().value());
  ASSERT_TRUE(first.acquire());
  EXPECT_TRUE(second.is_locked().value());
  EXPECT_FALSE(second.try_acquire({}).value());
  EXPECT_EQ(second.release().error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(first.is_locked().value());
  const auto fence = first.fence();
  ASSERT_TRUE(first.release());
  EXPECT_EQ(first.release().error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(second.try_acquire({}).value());
  EXPECT_GT(second.fence().value(), fence.value());
  EXPECT_FALSE(first.fence());
}

TEST_F(LeaseTableTest, FencesRiseForEver) {
  std::int64_t latest = 0;
  for (int round = 0; round < 5; ++round) {
    Lock lock(table, fmt::format("l{}", round % 2), kTtl);
    ASSERT_TRUE(lock.acquire());
    EXPECT_GT(lock.fence().value(), latest);
    latest = lock.fence().value();
  }
}

// RC2: a stale holder cannot free the next one's lock.
TEST_F(LeaseTableTest, ExpiredLockIsTakenAndItsOldHolderRefused) {
  Lock stale(table, "l", kTtl);
  Lock next(table, "l", kTtl);
  ASSERT_TRUE(stale.acquire());
  clock.advance(kTtl - milliseconds(1));
  EXPECT_FALSE(next.try_acquire({}).value());
  clock.advance(milliseconds(1));
  EXPECT_TRUE(next.try_acquire({}).value());
  EXPECT_EQ(stale.renew().error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(stale.release().error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(next.is_locked().value());
}

TEST_F(LeaseTableTest, RenewingHoldsALock) {
  Lock holder(table, "l", kTtl);
  Lock other(table, "l", kTtl);
  ASSERT_TRUE(holder.acquire());
  clock.advance(kTtl - milliseconds(1));
  ASSERT_TRUE(holder.renew());
  clock.advance(kTtl - milliseconds(1));
  EXPECT_FALSE(other.try_acquire({}).value());
  clock.advance(milliseconds(1));
  EXPECT_TRUE(other.try_acquire({}).value());
}

// RC2: a crash does not hold a lock for ever.
TEST_F(LeaseTableTest, DeadProcessHoldsNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(0);
  }
  ProcessIdentity dead = this_process();
  dead.pid = child;
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  insert_lease_of(dead, "l");
  EXPECT_TRUE(table.holders("l").value().empty());
  Lock lock(table, "l", kTtl);
  EXPECT_TRUE(lock.try_acquire({}).value());
}

TEST_F(LeaseTableTest, NumberGivenToALaterProcessHoldsNothing) {
  ProcessIdentity earlier = this_process();
  earlier.start_time -= 1;
  insert_lease_of(earlier, "l");
  Lock lock(table, "l", kTtl);
  EXPECT_TRUE(lock.try_acquire({}).value());
}

TEST_F(LeaseTableTest, ProcessOfAnotherMachineHoldsUntilItsTimeIsOver) {
  ProcessIdentity foreign = this_process();
  foreign.boot_id = "another";
  insert_lease_of(foreign, "l");
  Lock lock(table, "l", kTtl);
  EXPECT_FALSE(lock.try_acquire({}).value());
  ASSERT_EQ(table.holders("l").value().size(), 1U);
  EXPECT_EQ(table.holders("l").value()[0].process, foreign);
  clock.advance(kTtl);
  EXPECT_TRUE(lock.try_acquire({}).value());
}

TEST_F(LeaseTableTest, DestroyedLockIsFree) {
  {
    ASSERT_TRUE(Lock(table, "l", kTtl).acquire());
  }
  EXPECT_TRUE(table.holders("l").value().empty());
}

TEST_F(LeaseTableTest, RefusesWhatMakesNoSense) {
  LeaseRequest request;
  request.name = "l";
  request.permits = 0;
  EXPECT_EQ(table.acquire(request).error().code, ErrorCode::kInvalidArgument);
  request.permits = 1;
  request.ttl = milliseconds(0);
  EXPECT_EQ(table.acquire(request).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(LeaseTableTest, ChildOfAForkOwnsNothingOfItsParent) {
  Lock lock(table, "l", kTtl);
  ASSERT_TRUE(lock.acquire());
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_refused = !lock.release();
    ::_exit(is_refused && table.holders("l").value().size() == 1 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(lock.release());
}

// RC3: the same thread nests, another waits; a level too many is refused.
TEST_F(LeaseTableTest, RLockNestsInItsThread) {
  RLock first(table, "r", kTtl);
  RLock second(table, "r", kTtl);
  ASSERT_TRUE(first.acquire());
  ASSERT_TRUE(second.acquire());
  ASSERT_TRUE(first.acquire());
  EXPECT_EQ(table.holders("r").value()[0].lease.depth, 3U);
  TaskPool pool(1);
  bool is_taken = true;
  bool is_release_refused = false;
  pool.run_all(1, [&](std::size_t, std::size_t) {
    is_taken = first.try_acquire({}).value();
    is_release_refused = !first.release();
  });
  EXPECT_FALSE(is_taken);
  EXPECT_TRUE(is_release_refused);
  EXPECT_TRUE(first.release());
  EXPECT_TRUE(second.release());
  EXPECT_FALSE(second.release());
  EXPECT_TRUE(first.release());
  EXPECT_FALSE(first.release());
  pool.run_all(1, [&](std::size_t, std::size_t) { is_taken = first.try_acquire({}).value(); });
  EXPECT_TRUE(is_taken);
}

// RC4: no more holders than permits, no more releases than acquires, and permits of the dead come back.
TEST_F(LeaseTableTest, SemaphoreBoundsItsHolders) {
  BoundedSemaphore semaphore(table, "s", 2, kTtl);
  BoundedSemaphore other(table, "s", 2, kTtl);
  EXPECT_TRUE(semaphore.try_acquire({}).value());
  EXPECT_TRUE(other.try_acquire({}).value());
  EXPECT_FALSE(semaphore.try_acquire({}).value());
  EXPECT_TRUE(semaphore.release());
  EXPECT_EQ(semaphore.release().error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(other.try_acquire({}).value());
  EXPECT_EQ(other.held(), 2U);
  clock.advance(kTtl - milliseconds(1));
  EXPECT_TRUE(other.renew());
  clock.advance(milliseconds(1));
  EXPECT_FALSE(semaphore.try_acquire({}).value());
  clock.advance(kTtl);
  EXPECT_TRUE(semaphore.try_acquire({}).value());
}

TEST_F(LeaseTableTest, SemaphoreOfAnotherSizeIsRefusedWhilePermitsAreHeld) {
  BoundedSemaphore two(table, "s", 2, kTtl);
  BoundedSemaphore three(table, "s", 3, kTtl);
  ASSERT_TRUE(two.acquire());
  EXPECT_EQ(three.try_acquire({}).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(two.release());
  EXPECT_TRUE(three.try_acquire({}).value());
}

TEST_F(LeaseTableTest, PermitOfADeadProcessComesBack) {
  ProcessIdentity dead = this_process();
  dead.start_time -= 1;
  insert_lease_of(dead, "s", 2);
  insert_lease_of(dead, "s", 2);
  BoundedSemaphore semaphore(table, "s", 2, kTtl);
  EXPECT_TRUE(semaphore.try_acquire({}).value());
  EXPECT_TRUE(semaphore.try_acquire({}).value());
  EXPECT_FALSE(semaphore.try_acquire({}).value());
}

// A wait ends with the timeout: by the injected clock, which another thread moves.
TEST_F(LeaseTableTest, WaitingEndsWithTheTimeout) {
  Lock holder(table, "l", kTtl);
  ASSERT_TRUE(holder.acquire());
  TaskPool pool(2);
  std::atomic<bool> has_ended = false;
  bool is_taken = true;
  pool.run_all(2, [&](std::size_t item, std::size_t) {
    if (item == 0) {
      Lock waiter(table, "l", kTtl);
      is_taken = waiter.try_acquire(seconds(5)).value();
      has_ended = true;
      return;
    }
    while (!has_ended) {
      clock.advance(milliseconds(100));
      system_clock().sleep_for(milliseconds(1));
      static_cast<void>(holder.renew());
    }
  });
  EXPECT_FALSE(is_taken);
}

class LeaseThreadsTest : public testing::Test {
 protected:
  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"));
  LeaseTable table{*store};
};

// RC2: mutual exclusion of threads, of one table and of two.
TEST_F(LeaseThreadsTest, HoldersOfALockNeverOverlap) {
  const auto other_store = open_durable_store(tree.path("store"));
  LeaseTable other_table(*other_store);
  std::atomic<int> inside = 0;
  std::atomic<int> wrong = 0;
  int unguarded = 0;
  TaskPool pool(8);
  pool.run_all(400, [&](std::size_t item, std::size_t) {
    Lock lock(item % 4 == 0 ? other_table : table, "l", kTtl);
    wrong += lock.acquire() ? 0 : 1;
    wrong += ++inside == 1 ? 0 : 1;
    ++unguarded;
    --inside;
    wrong += lock.release() ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(unguarded, 400);
}

// RC2: who waits for a thread of the same process is woken, and does not ask the store meanwhile.
TEST_F(LeaseThreadsTest, WaitingInOneProcessDoesNotPoll) {
  Lock holder(table, "l", kTtl);
  ASSERT_TRUE(holder.acquire());
  TaskPool pool(5);
  std::atomic<int> taken = 0;
  std::uint64_t attempts_while_held = 0;
  pool.run_all(5, [&](std::size_t item, std::size_t) {
    if (item == 4) {
      while (table.attempts() < 2) {  // until the first in line has asked
        system_clock().sleep_for(milliseconds(1));
      }
      system_clock().sleep_for(milliseconds(200));
      attempts_while_held = table.attempts();
      EXPECT_TRUE(holder.release());
      return;
    }
    Lock waiter(table, "l", kTtl);
    taken += waiter.try_acquire(seconds(60)).value() ? 1 : 0;
  });
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(attempts_while_held, 2U) << "one of the holder, one of the first in line";
  EXPECT_LE(table.attempts(), 2U + 4U * 3U);
}

TEST_F(LeaseThreadsTest, SemaphoreNeverHasMoreHoldersThanPermits) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> wrong = 0;
  BoundedSemaphore semaphore(table, "s", 3, kTtl);
  TaskPool pool(8);
  pool.run_all(200, [&](std::size_t, std::size_t) {
    wrong += semaphore.acquire() ? 0 : 1;
    const int now = ++inside;
    wrong += now <= 3 ? 0 : 1;
    most = std::max<int>(most, now);
    system_clock().sleep_for(milliseconds(1));
    --inside;
    wrong += semaphore.release() ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(most, 1);
}

TEST_F(LeaseThreadsTest, RLockExcludesOtherThreads) {
  RLock lock(table, "r", kTtl);
  std::atomic<int> inside = 0;
  std::atomic<int> wrong = 0;
  TaskPool pool(6);
  pool.run_all(120, [&](std::size_t, std::size_t) {
    wrong += lock.acquire() && lock.acquire() ? 0 : 1;
    wrong += ++inside == 1 ? 0 : 1;
    --inside;
    wrong += lock.release() && lock.release() ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
}

// RC6
TEST_F(LeaseThreadsTest, BarrierRunsOneCallAtATime) {
  Lock lock(table, "b", kTtl);
  std::atomic<int> inside = 0;
  const auto call = barrier(lock, [&](int number) -> Result<int> {
    const int now = ++inside;
    --inside;
    return now == 1 ? number : -1;
  });
  std::atomic<int> wrong = 0;
  TaskPool pool(4);
  pool.run_all(100, [&](std::size_t item, std::size_t) {
    const auto result = call(static_cast<int>(item));
    wrong += result && *result == static_cast<int>(item) ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_FALSE(lock.is_locked().value());
}

}  // namespace
}  // namespace repomap
