// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/cache/averager.hpp"
#include "core/cache/bounded_semaphore.hpp"
#include "core/cache/deque.hpp"
#include "core/cache/disk_backend.hpp"
#include "core/cache/index.hpp"
#include "core/cache/lease_table.hpp"
#include "core/cache/lock.hpp"
#include "core/cache/memoizer.hpp"
#include "core/cache/store_queue.hpp"
#include "core/cache/store_transaction.hpp"
#include "core/cache/throttle.hpp"
#include "core/cache/work_list.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/support/worker_processes.hpp"

// Everything here runs in several processes on one store; each opens it for itself. No threads while forking.

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RecipeProcessesTest : public testing::Test {
 protected:
  std::unique_ptr<DiskStore> open() const { return open_durable_store(tree.path("store")); }

  std::unique_ptr<DiskBackend> open_values() const {
    DiskStoreConfig config;
    config.directory = tree.path("values");
    return DiskBackend::open(config).value();
  }

  static std::unique_ptr<Memoizer> memoizer_of(DiskBackend& values, LeaseTable& table) {
    MemoSurroundings surroundings;
    surroundings.values = &values;
    surroundings.leases = &table;
    return Memoizer::create(std::move(surroundings), {}).value();
  }

  /// Makes the store, so that the workers find it.
  void prepare(const std::function<void(DiskStore&)>& fill = {}) const {
    const auto store = open();
    if (fill) {
      fill(*store);
    }
  }

  void expect_all_well(std::size_t workers) {
    for (std::size_t worker = 0; worker < workers; ++worker) {
      EXPECT_EQ(processes.wait(worker), 0) << worker;
    }
  }

  /// False if another process was inside at the same time.
  bool pass_critical_section() const {
    const std::string path = tree.path("inside");
    std::error_code error;
    const bool was_alone = std::filesystem::create_directory(path, error);
    system_clock().sleep_for(milliseconds(1));
    std::filesystem::remove(path, error);
    return was_alone;
  }

  TemporaryTree tree;
  WorkerProcesses processes;
};

// Q2: consumers in several processes; every item exactly once.
TEST_F(RecipeProcessesTest, QueueGivesEachItemToOneProcess) {
  constexpr int kItems = 1'000;
  prepare([](DiskStore& store) {
    StoreQueue queue(store, "q");
    for (std::int64_t number = 0; number < kItems; ++number) {
      ASSERT_TRUE(queue.push(number));
    }
  });
  for (int worker = 0; worker < 4; ++worker) {
    processes.start([&](const WorkerProcesses::Journal& journal) {
      const auto store = open();
      StoreQueue queue(*store, "q");
      while (true) {
        const auto item = queue.pull();
        if (!item) {
          return 1;
        }
        if (!*item) {
          return 0;
        }
        journal.write_line(std::to_string(std::get<std::int64_t>((*item)->value)));
      }
    });
  }
  std::multiset<std::string> got;
  for (std::size_t worker = 0; worker < 4; ++worker) {
    for (const std::string& line : processes.read_to_end(worker)) {
      got.insert(line);
    }
  }
  expect_all_well(4);
  EXPECT_EQ(got.size(), static_cast<std::size_t>(kItems));
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size());
}

// IX3: 8 processes pop the items of an index.
TEST_F(RecipeProcessesTest, IndexGivesEachItemToOneProcess) {
  constexpr int kItems = 800;
  prepare([](DiskStore& store) {
    Index index = Index::open(store).value();
    for (std::int64_t number = 0; number < kItems; ++number) {
      ASSERT_TRUE(index.set(CacheKey::from_integer(number), std::to_string(number)));
    }
  });
  for (int worker = 0; worker < 8; ++worker) {
    processes.start([&, worker](const WorkerProcesses::Journal& journal) {
      const auto store = open();
      Index index = Index::open(*store).value();
      while (true) {
        const auto item = index.pop_item(worker % 2 == 0 ? IndexOrder::kForward : IndexOrder::kBackward);
        if (!item || !*item) {
          return item ? 0 : 1;
        }
        journal.write_line((*item)->second);
      }
    });
  }
  std::multiset<std::string> got;
  for (std::size_t worker = 0; worker < 8; ++worker) {
    for (const std::string& line : processes.read_to_end(worker)) {
      got.insert(line);
    }
  }
  expect_all_well(8);
  EXPECT_EQ(got.size(), static_cast<std::size_t>(kItems));
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size());
}

// RC1: 8 processes add 100 numbers each.
TEST_F(RecipeProcessesTest, AveragerLosesNoNumber) {
  prepare();
  for (int worker = 0; worker < 8; ++worker) {
    processes.start([&, worker](const WorkerProcesses::Journal&) {
      const auto store = open();
      Averager averager(*store, CacheKey::from_text("a"));
      for (int number = 0; number < 100; ++number) {
        if (!averager.add(worker * 100 + number)) {
          return 1;
        }
      }
      return 0;
    });
  }
  expect_all_well(8);
  const auto store = open();
  EXPECT_EQ(Averager(*store, CacheKey::from_text("a")).get().value(), 399.5);
}

// RC2: mutual exclusion between processes.
TEST_F(RecipeProcessesTest, HoldersOfALockNeverOverlap) {
  prepare();
  for (int worker = 0; worker < 4; ++worker) {
    processes.start([&](const WorkerProcesses::Journal&) {
      const auto store = open();
      LeaseTable table(*store);
      Lock lock(table, "l", seconds(60));
      for (int round = 0; round < 25; ++round) {
        const bool is_well = lock.acquire() && pass_critical_section() && lock.release();
        if (!is_well) {
          return 1;
        }
      }
      return 0;
    });
  }
  expect_all_well(4);
}

// RC2: the lock of a killed process is free at once, long before its time is over.
TEST_F(RecipeProcessesTest, LockOfAKilledProcessIsFree) {
  prepare();
  const std::size_t worker = processes.start([&](const WorkerProcesses::Journal& journal) {
    const auto store = open();
    LeaseTable table(*store);
    Lock lock(table, "l", std::chrono::hours(1));
    if (!lock.acquire()) {
      return 1;
    }
    journal.write_line("held");
    ::pause();
    return 0;
  });
  ASSERT_EQ(processes.read_line(worker), "held");
  const auto store = open();
  LeaseTable table(*store);
  Lock lock(table, "l", seconds(60));
  EXPECT_FALSE(lock.try_acquire(milliseconds(20)).value());
  processes.kill(worker);
  EXPECT_TRUE(lock.try_acquire(seconds(30)).value());
}

// RC4: at most so many holders in 8 processes.
TEST_F(RecipeProcessesTest, SemaphoreBoundsTheHoldersOfAllProcesses) {
  prepare();
  for (int worker = 0; worker < 8; ++worker) {
    processes.start([&](const WorkerProcesses::Journal&) {
      const auto store = open();
      LeaseTable table(*store);
      BoundedSemaphore semaphore(table, "s", 3, seconds(60));
      for (int round = 0; round < 10; ++round) {
        if (!semaphore.acquire()) {
          return 1;
        }
        const auto inside = store->increment(CacheKey::from_text("inside"), 1);
        system_clock().sleep_for(milliseconds(2));
        if (!inside || *inside > 3 || !store->increment(CacheKey::from_text("inside"), -1) || !semaphore.release()) {
          return 2;
        }
      }
      return 0;
    });
  }
  expect_all_well(8);
}

// RC5: two processes together keep to the rate.
TEST_F(RecipeProcessesTest, ThrottleBoundsTheCallsOfAllProcesses) {
  constexpr int kCalls = 15;
  prepare();
  const auto start = system_clock().monotonic();
  for (int worker = 0; worker < 2; ++worker) {
    processes.start([&](const WorkerProcesses::Journal&) {
      const auto store = open();
      for (int call = 0; call < kCalls; ++call) {
        auto throttle = Throttle::open(*store, CacheKey::from_text("t"), {10, milliseconds(200)}).value();
        if (!throttle.acquire()) {
          return 1;
        }
      }
      return 0;
    });
  }
  expect_all_well(2);
  // 30 calls: 10 at once, 20 at 20 ms each.
  EXPECT_GE(system_clock().monotonic() - start, milliseconds(390));
}

// RC7: of all threads and processes, one computes.
TEST_F(RecipeProcessesTest, MemoizedValueIsComputedOnceInAllProcesses) {
  prepare();
  for (int worker = 0; worker < 4; ++worker) {
    processes.start([&](const WorkerProcesses::Journal& journal) {
      const auto store = open();
      LeaseTable table(*store);
      const auto values = open_values();
      const auto memoizer = memoizer_of(*values, table);
      std::atomic<int> wrong = 0;
      TaskPool pool(3);
      pool.run_all(60, [&](std::size_t item, std::size_t) {
        const auto number = static_cast<std::int64_t>(item / 3);
        const auto value = memoizer->get(memo_key("f", number), [&]() -> Result<std::string> {
          journal.write_line(std::to_string(number));
          system_clock().sleep_for(milliseconds(2));
          return std::to_string(number * number);
        });
        wrong += value && *value == std::to_string(number * number) ? 0 : 1;
      });
      return wrong == 0 && memoizer->stats().storage_errors == 0 ? 0 : 1;
    });
  }
  std::multiset<std::string> computed;
  for (std::size_t worker = 0; worker < 4; ++worker) {
    for (const std::string& line : processes.read_to_end(worker)) {
      computed.insert(line);
    }
  }
  expect_all_well(4);
  EXPECT_EQ(computed.size(), 20U);
  EXPECT_EQ(std::set<std::string>(computed.begin(), computed.end()).size(), 20U);
}

// RC7: a process that dies while it computes does not keep the others waiting.
TEST_F(RecipeProcessesTest, KilledComputationIsTakenOver) {
  prepare();
  const std::size_t worker = processes.start([&](const WorkerProcesses::Journal& journal) {
    const auto store = open();
    LeaseTable table(*store);
    const auto values = open_values();
    const auto memoizer = memoizer_of(*values, table);
    const auto value = memoizer->get(memo_key("f"), [&]() -> Result<std::string> {
      journal.write_line("computing");
      ::pause();
      return "never";
    });
    return value ? 1 : 2;
  });
  ASSERT_EQ(processes.read_line(worker), "computing");
  processes.kill(worker);
  const auto store = open();
  LeaseTable table(*store);
  const auto values = open_values();
  const auto memoizer = memoizer_of(*values, table);
  EXPECT_EQ(memoizer->get(memo_key("f"), []() -> Result<std::string> { return "value"; }).value(), "value");
}

// DQ4: a worker moves items from one deque to another until it is killed, again and again. In one transaction each, so
// at every moment each item is in exactly one of the two.
TEST_F(RecipeProcessesTest, KilledWorkersLoseNoItemOfADeque) {
  constexpr int kItems = 3'000;
  constexpr int kKills = 20;
  std::mt19937 generator(std::random_device{}());
  prepare([](DiskStore& store) {
    std::vector<std::string> items;
    for (int number = 0; number < kItems; ++number) {
      items.push_back(fmt::format("{:05}{}", number, std::string(number % 10 == 0 ? 2'000U : 0U, '.')));
    }
    const std::vector<std::string_view> views(items.begin(), items.end());
    ASSERT_TRUE(Deque::open(store, "from").value().extend(views));
    ASSERT_TRUE(Deque::open(store, "to"));
  });
  for (int round = 0; round < kKills; ++round) {
    const std::size_t worker = processes.start([&](const WorkerProcesses::Journal& journal) {
      const auto store = open();
      Deque from = Deque::open(*store, "from").value();
      Deque to = Deque::open(*store, "to").value();
      journal.write_line("started");
      while (true) {
        const Status moved = store->transact([&](StoreTransaction&) -> Status {
          REPOMAP_ASSIGN(const auto item, from.pop_left());
          return item ? to.append(*item) : fail(ErrorCode::kNotFound, "empty");
        });
        if (!moved) {
          return moved.error().code == ErrorCode::kNotFound ? 0 : 1;
        }
      }
    });
    ASSERT_EQ(processes.read_line(worker), "started");
    system_clock().sleep_for(std::chrono::microseconds(generator() % 5'000));
    processes.kill(worker);
    ASSERT_TRUE(processes.wait(worker) == -1 || processes.wait(worker) == 0);
    const auto store = open();
    std::vector<std::string> all = Deque::open(*store, "to").value().items().value();
    const std::vector<std::string> rest = Deque::open(*store, "from").value().items().value();
    all.insert(all.end(), rest.begin(), rest.end());
    ASSERT_EQ(all.size(), static_cast<std::size_t>(kItems)) << round;
    for (int number = 0; number < kItems; ++number) {
      const std::string& item = all[static_cast<std::size_t>(number)];
      ASSERT_EQ(item.substr(0, 5), fmt::format("{:05}", number));
      ASSERT_EQ(item.size(), number % 10 == 0 ? 2'005U : 5U);
    }
  }
  const auto store = open();
  EXPECT_GT(Deque::open(*store, "to").value().size().value(), 0U);
}

// DQ4: a popped item is returned or still there. What lies between its commit and the journal is at most the one item
// that the killed worker was popping.
TEST_F(RecipeProcessesTest, KilledPopLosesNothingButWhatItReturned) {
  constexpr int kItems = 2'000;
  constexpr int kKills = 20;
  std::mt19937 generator(std::random_device{}());
  prepare([](DiskStore& store) {
    Deque deque = Deque::open(store, "d").value();
    std::vector<std::string> items;
    for (int number = 0; number < kItems; ++number) {
      items.push_back(fmt::format("{:05}{}", number, std::string(1'500, '.')));
    }
    const std::vector<std::string_view> views(items.begin(), items.end());
    ASSERT_TRUE(deque.extend(views));
  });
  int next = 0;
  for (int round = 0; round < kKills; ++round) {
    const std::size_t worker = processes.start([&](const WorkerProcesses::Journal& journal) {
      const auto store = open();
      Deque deque = Deque::open(*store, "d").value();
      journal.write_line("started");
      while (true) {
        const auto item = deque.pop_left();
        if (!item || !*item) {
          return item ? 0 : 1;
        }
        journal.write_line((*item)->substr(0, 5));
      }
    });
    ASSERT_EQ(processes.read_line(worker), "started");
    system_clock().sleep_for(std::chrono::microseconds(generator() % 5'000));
    processes.kill(worker);
    for (const std::string& line : processes.read_to_end(worker)) {
      ASSERT_EQ(line, fmt::format("{:05}", next));
      ++next;
    }
    processes.wait(worker);
    const auto store = open();
    const auto items = Deque::open(*store, "d").value().items().value();
    const auto first = items.empty() ? kItems : std::stoi(items.front().substr(0, 5));
    ASSERT_TRUE(first == next || first == next + 1) << first << " " << next;
    ASSERT_EQ(static_cast<int>(items.size()), kItems - first);
    next = first;
  }
  EXPECT_GT(next, 0);
}

// At least once: workers are killed at work; everything is acknowledged in the end, and nothing is lost.
TEST_F(RecipeProcessesTest, WorkOfKilledWorkersIsHandedOutAgain) {
  constexpr int kItems = 400;
  std::mt19937 generator(std::random_device{}());
  prepare([](DiskStore& store) {
    std::vector<std::string> items;
    for (int number = 0; number < kItems; ++number) {
      items.push_back(std::to_string(number));
    }
    const std::vector<std::string_view> views(items.begin(), items.end());
    ASSERT_TRUE(WorkList(store, "w").add(views));
  });
  const auto work = [&](const WorkerProcesses::Journal& journal) {
    const auto store = open();
    WorkList list(*store, "w");
    journal.write_line("started");
    while (true) {
      const auto items = list.claim(5, std::chrono::hours(1));
      if (!items) {
        return 1;
      }
      const auto counts = list.counts();
      if (items->empty() && (!counts || counts->claimed + counts->waiting == 0)) {
        return counts ? 0 : 1;
      }
      system_clock().sleep_for(milliseconds(1));
      for (const WorkItem& item : *items) {
        journal.write_line(item.value);
      }
      if (!list.acknowledge(*items)) {
        return 1;
      }
    }
  };
  std::set<std::string> done;
  for (int round = 0; round < 10; ++round) {
    const std::size_t worker = processes.start(work);
    ASSERT_EQ(processes.read_line(worker), "started");
    system_clock().sleep_for(std::chrono::microseconds(generator() % 10'000));
    processes.kill(worker);
    for (const std::string& line : processes.read_to_end(worker)) {
      done.insert(line);
    }
  }
  const std::size_t first = processes.start(work);
  const std::size_t second = processes.start(work);
  for (const std::size_t worker : {first, second}) {
    for (const std::string& line : processes.read_to_end(worker)) {
      done.insert(line);
    }
    EXPECT_EQ(processes.wait(worker), 0);
  }
  done.erase("started");
  EXPECT_EQ(done.size(), static_cast<std::size_t>(kItems));
}

// 8 processes at random on one deque and one index; nothing fails, and the deque has no holes afterwards.
TEST_F(RecipeProcessesTest, RandomOperationsOfManyProcessesDoNotFail) {
  prepare();
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  for (std::uint64_t worker = 0; worker < 8; ++worker) {
    processes.start([&, worker](const WorkerProcesses::Journal&) {
      const auto store = open();
      Deque deque = Deque::open(*store, "d").value();
      Index index = Index::open(*store).value();
      std::mt19937_64 generator(seed + worker);
      for (int round = 0; round < 150; ++round) {
        const CacheKey key = CacheKey::from_integer(static_cast<std::int64_t>(generator() % 20));
        bool is_well = true;
        switch (generator() % 9) {
          case 0: is_well = deque.append("a").has_value(); break;
          case 1: is_well = deque.append_left(std::string(1'500, 'b')).has_value(); break;
          case 2: is_well = deque.pop().has_value(); break;
          case 3: is_well = deque.rotate(2).has_value(); break;
          case 4: is_well = deque.remove("a").has_value(); break;
          case 5: is_well = index.set(key, std::string(1'500, 'c')).has_value(); break;
          case 6: is_well = index.pop_item().has_value(); break;
          case 7: is_well = index.set_default(key, "d").has_value(); break;
          default: is_well = deque.items().has_value() && index.items().has_value();
        }
        if (!is_well) {
          return 1;
        }
      }
      return 0;
    });
  }
  expect_all_well(8);
  const auto store = open();
  Deque deque = Deque::open(*store, "d").value();
  const auto items = deque.items().value();
  EXPECT_EQ(items.size(), deque.size().value());
  for (const std::string& item : items) {
    EXPECT_TRUE(item == "a" || item == std::string(1'500, 'b'));
  }
}

}  // namespace
}  // namespace repomap
