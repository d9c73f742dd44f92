// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>

#include "core/base/task_pool.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/store_maintenance.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class StoreProcessesTest : public StoreTest {
 protected:
  /// Runs the body in a child process; its result is the exit status.
  template <typename Body>
  static pid_t start(Body&& body) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(body());
    }
    return child;
  }

  static int wait_for(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(StoreProcessesTest, O7BothProcessesGoOnAfterAFork) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('1')));
  EXPECT_EQ(text_of(*store, key("a")), large('1'));
  const pid_t child = start([&] {
    const bool works = text_of(*store, key("a")) == large('1') && store->set(key("child"), large('2')) &&
                       store->increment(key("n")) && text_of(*store, key("child")) == large('2');
    store.reset();
    return works ? 0 : 1;
  });
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(store->increment(key("n")));
  }
  EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(text_of(*store, key("child")), large('2'));
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("n")))->value), 101);
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
}

TEST_F(StoreProcessesTest, O7AForkWhileOtherThreadsWriteIsSafe) {
  auto store = open();
  std::atomic<bool> done = false;
  std::atomic<int> failures = 0;
  TaskPool pool(4);
  pool.run_all(4, [&](std::size_t thread, std::size_t) {
    if (thread != 0) {
      while (!done) {
        failures += store->increment(key("n")) ? 0 : 1;
        failures += store->get(key("n")) ? 0 : 1;
      }
      return;
    }
    for (int i = 0; i < 10; ++i) {
      failures += wait_for(start([&] { return store->increment(key("forked")) ? 0 : 1; })) == 0 ? 0 : 1;
    }
    done = true;
  });
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("forked")))->value), 10);
}

TEST_F(StoreProcessesTest, W14AForkInsideATransactionFailsInTheChildAlone) {
  auto store = open();
  auto transaction = store->begin();
  ASSERT_TRUE(transaction->set(key("a"), large('1')));
  const pid_t child = start([&] {
    const Status set = transaction->set(key("b"), "2");
    const auto got = store->get(key("a"));
    const auto begun = store->begin();
    return set || got || begun || set.error().code != ErrorCode::kUnsupported ? 1 : 0;
  });
  EXPECT_EQ(wait_for(child), 0);
  ASSERT_TRUE(transaction->set(key("c"), "3"));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(text_of(*store, key("a")), large('1'));
  EXPECT_EQ(text_of(*store, key("b")), "(none)");
  EXPECT_EQ(text_of(*store, key("c")), "3");
}

TEST_F(StoreProcessesTest, R4ManyProcessesCanMakeAStoreAtOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 50; ++i) {
    children.push_back(start([&] {
      auto store = try_open(small_settings());
      const auto number = store ? (*store)->increment(key("n")) : std::unexpected(store.error());
      if (!number) {
        std::fprintf(stderr, "%s\n", number.error().message.c_str());
      }
      return number ? 0 : 1;
    }));
  }
  for (const pid_t child : children) {
    EXPECT_EQ(wait_for(child), 0);
  }
  auto store = open();
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("n")))->value), 50);
}

TEST_F(StoreProcessesTest, C11OfTwoProcessesThatPopOneGetsTheValue) {
  {
    auto store = open();
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(store->set(key(i), i % 10 == 0 ? large('v') : "v"));
    }
  }
  std::vector<pid_t> children;
  for (int process = 0; process < 2; ++process) {
    children.push_back(start([&] {
      auto store = open();
      int popped = 0;
      for (int i = 0; i < 200; ++i) {
        const auto entry = store->pop(key(i));
        if (!entry) {
          return 255;
        }
        popped += *entry ? 1 : 0;
      }
      return store->increment(key("popped"), popped) ? 0 : 255;
    }));
  }
  for (const pid_t child : children) {
    EXPECT_EQ(wait_for(child), 0);
  }
  auto store = open();
  EXPECT_EQ(std::get<std::int64_t>((*store->get(key("popped")))->value), 200);
  EXPECT_TRUE(files().empty());
}

TEST_F(StoreProcessesTest, SettingsChangedByAnotherProcessHoldWithTheNextWrite) {
  auto store = open();
  EXPECT_EQ(wait_for(start([&] {
              CacheSettings settings = store->settings();
              settings.ttl = 10s;
              return store->change_settings(settings) ? 0 : 1;
            })),
            0);
  ASSERT_TRUE(store->set(key("a"), "1"));
  EXPECT_EQ(store->settings().ttl, 10s);
  EXPECT_EQ((*store->get(key("a")))->expires, in(10s));
}

// What a killed writer had been told is stored must be there, and nothing of what it was at may be half there.
TEST_F(StoreProcessesTest, AKilledWriterLosesNothingThatWasCommitted) {
  std::mt19937 random(20'240'703);
  std::map<std::int64_t, std::string> acknowledged;
  for (int round = 0; round < 30; ++round) {
    int journal[2];
    ASSERT_EQ(::pipe(journal), 0);
    const auto seed = static_cast<unsigned>(random());
    const pid_t child = start([&] {
      ::close(journal[0]);
      auto store = open();
      std::mt19937 own(seed);
      while (true) {
        const std::int64_t record[2] = {static_cast<std::int64_t>(own() % 30), static_cast<std::int64_t>(own() % 4000)};
        if (!store->set(key(record[0]), large(static_cast<char>('a' + record[1] % 26), std::size_t(record[1]))) ||
            ::write(journal[1], record, sizeof record) != sizeof record) {
          return 1;
        }
      }
    });
    ::close(journal[1]);
    std::int64_t record[2];
    std::size_t wanted = 5 + random() % 60;
    std::optional<std::pair<std::int64_t, std::string>> last;
    while (::read(journal[0], record, sizeof record) == sizeof record) {
      acknowledged[record[0]] = large(static_cast<char>('a' + record[1] % 26), std::size_t(record[1]));
      if (wanted-- == 0) {
        ::kill(child, SIGKILL);
      }
    }
    ::close(journal[0]);
    EXPECT_EQ(wait_for(child), -1);
    auto store = open();
    std::size_t different = 0;
    for (auto& [number, value] : acknowledged) {
      // At most one set was committed whose acknowledgement did not come through.
      const std::string stored = text_of(*store, key(number));
      if (stored != value) {
        ++different;
        EXPECT_EQ(stored, large(stored.empty() ? ' ' : stored[0], stored.size()));
        value = stored;
      }
    }
    EXPECT_LE(different, 1U) << "round " << round;
    EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kYes)) << round;
    EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty()) << round;
    EXPECT_EQ(store->stats().damaged, 0U);
  }
}

}  // namespace
}  // namespace repomap
