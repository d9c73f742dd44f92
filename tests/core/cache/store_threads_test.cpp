// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>

#include "core/base/task_pool.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/key_cursor.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_maintenance.hpp"
#include "core/cache/store_snapshot.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class StoreThreadsTest : public StoreTest {
 protected:
  /// Runs the body on so many threads at once and gives the number of failures it reports.
  template <typename Body>
  static std::size_t failures_of(std::size_t threads, Body&& body) {
    std::atomic<std::size_t> failures = 0;
    TaskPool pool(threads);
    pool.run_all(threads, [&](std::size_t thread, std::size_t) { failures += body(thread); });
    return failures;
  }
};

TEST_F(StoreThreadsTest, O8MixedOperationsOfManyThreadsAllSucceed) {
  auto store = open();
  const std::size_t failures = failures_of(20, [&](std::size_t thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    std::size_t failed = 0;
    for (int i = 0; i < 200; ++i) {
      const CacheKey name = key(static_cast<std::int64_t>(random() % 50));
      switch (random() % 6) {
        case 0: failed += store->set(name, large('v', random() % 2000), tagged({"t"})) ? 0 : 1; break;
        case 1: failed += store->erase(name) ? 0 : 1; break;
        case 2: failed += store->pop(name) ? 0 : 1; break;
        case 3: failed += store->touch(name, std::nullopt) ? 0 : 1; break;
        default: failed += store->get(name) ? 0 : 1; break;
      }
    }
    return failed;
  });
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(store->stats().damaged, 0U);
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
}

TEST_F(StoreThreadsTest, C7OfManyThreadsThatAddAKeyOneSucceeds) {
  auto store = open();
  std::atomic<int> added = 0;
  const std::size_t failures = failures_of(16, [&](std::size_t) {
    std::size_t failed = 0;
    for (int i = 0; i < 100; ++i) {
      const auto result = store->add(key(i), i % 10 == 0 ? large('v') : "v");
      failed += result ? 0 : 1;
      added += result.value_or(false) ? 1 : 0;
    }
    return failed;
  });
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(added, 100);
  EXPECT_EQ(files().size(), 10U);
}

TEST_F(StoreThreadsTest, C8CountsOfManyThreadsAddUp) {
  auto store = open();
  EXPECT_EQ(failures_of(16,
                        [&](std::size_t) {
                          std::size_t failed = 0;
                          for (int i = 0; i < 50; ++i) {
                            failed += store->increment(key("n")) ? 0 : 1;
                          }
                          return failed;
                        }),
            0U);
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("n")))->value), 800);
}

TEST_F(StoreThreadsTest, T1NoReaderSeesHalfOfATransaction) {
  auto store = open();
  std::atomic<bool> done = false;
  const std::vector<CacheKey> pair = {key("a"), key("b")};
  const std::size_t failures = failures_of(4, [&](std::size_t thread) {
    std::size_t failed = 0;
    for (int i = 0; thread == 0 && i < 300; ++i) {
      failed += store->transact([&](StoreTransaction& transaction) -> Status {
        REPOMAP_TRY(transaction.increment(pair[0]));
        REPOMAP_TRY(transaction.increment(pair[1]));
        return {};
      })
                    ? 0
                    : 1;
    }
    done = done || thread == 0;
    while (thread != 0 && !done) {
      const auto seen = store->get_many(pair);
      const auto number = [&](std::size_t i) { return (*seen)[i] ? std::get<std::int64_t>((*seen)[i]->value) : 0; };
      failed += seen && number(0) == number(1) ? 0 : 1;
    }
    return failed;
  });
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(std::get<std::int64_t>((*store->get(pair[0]))->value), 300);
}

TEST_F(StoreThreadsTest, R1AWriterWaitsForAnotherConnectionNoLongerThanItsTimeout) {
  CacheSettings settings = small_settings();
  settings.timeout = 50ms;
  auto store = open(settings);
  ASSERT_TRUE(store->set(key("a"), "1"));
  auto other = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kReadWrite, 1s);
  ASSERT_TRUE((*other)->execute("BEGIN IMMEDIATE"));
  const auto start = system_clock().monotonic();
  EXPECT_EQ(store->set(key("a"), large('2')).error().code, ErrorCode::kBusy);
  EXPECT_GE(system_clock().monotonic() - start, 50ms);
  EXPECT_TRUE(files().empty());
  EXPECT_EQ(text_of(*store, key("a")), "1") << "a reader does not wait";
  ASSERT_TRUE((*other)->execute("ROLLBACK"));
  EXPECT_TRUE(store->set(key("a"), "2"));
}

TEST_F(StoreThreadsTest, R1AWriterWaitsForAnotherThreadNoLongerThanItsTimeout) {
  CacheSettings settings = small_settings();
  settings.timeout = 50ms;
  auto store = open(settings);
  auto transaction = store->begin();
  ASSERT_TRUE(transaction);
  EXPECT_EQ(failures_of(1,
                        [&](std::size_t) -> std::size_t {
                          const Status written = store->set(key("a"), "1");
                          return !written && written.error().code == ErrorCode::kBusy ? 0 : 1;
                        }),
            0U);
}

TEST_F(StoreThreadsTest, R3ARemovalThatTimesOutTellsHowMuchIsGone) {
  CacheSettings settings = small_settings();
  settings.timeout = 50ms;
  auto store = open(settings);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->set(key(i), "v"));
  }
  auto other = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kReadWrite, 1s);
  ASSERT_TRUE((*other)->execute("BEGIN IMMEDIATE"));
  const Removal removal = store->clear();
  EXPECT_EQ(removal.removed, 0U);
  EXPECT_EQ(removal.status.error().code, ErrorCode::kBusy);
}

TEST_F(StoreThreadsTest, M5ACheckThatRepairsHarmsNoWriter) {
  auto store = open();
  std::atomic<int> writing = 4;
  const std::size_t failures = failures_of(5, [&](std::size_t thread) {
    std::size_t failed = 0;
    if (thread == 4) {
      StoreMaintenance maintenance(*store);
      while (writing > 0) {
        const auto found = maintenance.check(Repair::kYes);
        // A directory may be empty for a moment.
        failed += found ? static_cast<std::size_t>(std::ranges::count_if(
                              *found, [](const auto& p) { return p.kind != ProblemKind::kEmptyDirectory; }))
                        : 1;
      }
      return failed;
    }
    for (int i = 0; i < 100; ++i) {
      const CacheKey name = key(static_cast<std::int64_t>(thread) * 1000 + i % 20);
      failed += store->set(name, large(static_cast<char>('a' + i % 26))) ? 0 : 1;
      failed += text_of(*store, name) == large(static_cast<char>('a' + i % 26)) ? 0 : 1;
    }
    --writing;
    return failed;
  });
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(*store->count(), 80U);
  EXPECT_EQ(files().size(), 80U);
}

TEST_F(StoreThreadsTest, E9ClearEndsAlthoughOthersWrite) {
  auto store = open();
  std::atomic<bool> cleared = false;
  EXPECT_EQ(failures_of(3,
                        [&](std::size_t thread) -> std::size_t {
                          if (thread == 0) {
                            const Removal removal = store->clear();
                            cleared = true;
                            return removal.status ? 0 : 1;
                          }
                          std::size_t failed = 0;
                          for (int i = 0; i < 2000 && !cleared; ++i) {
                            failed += store->set(key(static_cast<std::int64_t>(thread) * 10'000 + i), "v") ? 0 : 1;
                          }
                          return failed;
                        }),
            0U);
}

TEST_F(StoreThreadsTest, TheWriteAheadLogStaysBoundedAlthoughOthersRead) {
  auto store = open();
  std::atomic<bool> done = false;
  std::uintmax_t longest = 0;
  const std::size_t failures = failures_of(4, [&](std::size_t thread) {
    std::size_t failed = 0;
    for (int i = 0; thread == 0 && i < 4000; ++i) {
      failed += store->set(key(i % 500), large('v', 1000)) ? 0 : 1;
      longest = std::max(longest, std::filesystem::file_size(directory() + "/cache.db-wal"));
    }
    done = done || thread == 0;
    while (thread != 0 && !done) {
      // Each holds what it sees for the length of a page, and there is always one that reads.
      auto cursor = KeyCursor::open(*store, KeyOrder::kInsertion);
      failed += cursor && cursor->next() ? 0 : 1;
    }
    return failed;
  });
  EXPECT_EQ(failures, 0U);
  EXPECT_LT(longest, 48U << 20U);
}

TEST_F(StoreThreadsTest, TwoHandlesInOneProcessShareAStore) {
  auto first = open();
  auto second = open();
  EXPECT_EQ(failures_of(4,
                        [&](std::size_t thread) {
                          DiskStore& store = thread % 2 == 0 ? *first : *second;
                          std::size_t failed = 0;
                          for (int i = 0; i < 200; ++i) {
                            failed += store.increment(key("n")) ? 0 : 1;
                          }
                          return failed;
                        }),
            0U);
  EXPECT_EQ(std::get<std::int64_t>((*first->get(key("n")))->value), 800);
}

}  // namespace
}  // namespace repomap
