// SPDX-License-Identifier: Apache-2.0
//
// Eight processes with four threads each read, write, count, expire and evict in one store. REPOMAP_SOAK_SECONDS makes
// it longer than the few seconds of a normal run.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include "core/base/task_pool.hpp"
#include "core/cache/store_maintenance.hpp"
#include "tests/core/cache/store_fixture.hpp"
#include "tests/support/worker_processes.hpp"

namespace repomap {
namespace {

constexpr std::size_t kProcesses = 8;
constexpr std::size_t kThreads = 4;
constexpr unsigned kCounters = 7;
constexpr unsigned kKeys = 300;

std::chrono::seconds soak_time() {
  const char* const seconds = std::getenv("REPOMAP_SOAK_SECONDS");
  return std::chrono::seconds(seconds == nullptr ? 4 : std::atoi(seconds));
}

/// What may be stored for a key: a text that tells its key and its own length.
std::string value_of(unsigned name, unsigned length) {
  return std::to_string(name) + ":" + std::string(length, static_cast<char>('a' + name % 26));
}

bool is_value_of(unsigned name, const CacheValue& value) {
  const auto* const text = std::get_if<std::string>(&value);
  const std::string prefix = std::to_string(name) + ":";
  return text != nullptr && text->starts_with(prefix) &&
         *text == value_of(name, static_cast<unsigned>(text->size() - prefix.size()));
}

/// One thread's work on the store.
class Soaker {
 public:
  Soaker(DiskStore& store, unsigned seed) : store_(store), random_(seed) {}

  void step() {
    const unsigned name = next() % kKeys;
    const CacheKey key = CacheKey::from_integer(name);
    switch (next() % 12) {
      case 0: count(); break;
      case 1: note(store_.erase(key)); break;
      case 2: evict(); break;
      case 3: note(store_.add(key, value_of(name, next() % 200))); break;
      case 4: note(store_.pop(key)); break;
      case 5:
      case 6:
      case 7: put(key, name); break;
      default: get(key, name); break;
    }
  }

  std::size_t failures() const { return failures_; }
  std::size_t counted() const { return counted_; }
  const std::string& first_failure() const { return first_failure_; }

 private:
  unsigned next() { return static_cast<unsigned>(random_()); }

  template <typename T>
  void note(const Result<T>& result) {
    if (!result) {
      fail_with(result.error().message);
    }
  }

  void fail_with(const std::string& message) {
    first_failure_ = failures_ == 0 ? message : first_failure_;
    ++failures_;
  }

  void count() {
    const auto sum = store_.increment(CacheKey::from_text("counter").add_integer(next() % kCounters));
    note(sum);
    counted_ += sum ? 1 : 0;
  }

  void put(const CacheKey& key, unsigned name) {
    EntryOptions options;
    options.tags = {CacheTag{"tag" + std::to_string(next() % 16)}};
    if (next() % 8 == 0) {
      options.expires = store_.clock().now() + std::chrono::milliseconds(next() % 50);
    }
    const unsigned length = next() % 10 == 0 ? 3000 : next() % 400;
    note(store_.set(key, value_of(name, length), options));
  }

  void get(const CacheKey& key, unsigned name) {
    const auto entry = store_.get(key);
    note(entry);
    if (entry && *entry && !is_value_of(name, (*entry)->value)) {
      fail_with("a value of another key, or half of one");
    }
  }

  void evict() {
    const CacheTag tag{"tag" + std::to_string(next() % 16)};
    const Removal removal = store_.evict({&tag, 1});
    if (!removal.status) {
      fail_with(removal.status.error().message);
    }
  }

  DiskStore& store_;
  std::mt19937 random_;
  std::size_t failures_ = 0;
  std::size_t counted_ = 0;
  std::string first_failure_;
};

class StoreSoakTest : public StoreTest {
 protected:
  int work(const WorkerProcesses::Journal& journal, unsigned seed) {
    DiskStoreConfig config;
    config.directory = directory();
    auto store = DiskStore::open(config);
    if (!store) {
      return 1;
    }
    const auto end = system_clock().monotonic() + soak_time();
    std::array<std::size_t, kThreads> counted{};
    std::array<std::string, kThreads> failures;
    TaskPool pool(kThreads);
    pool.run_all(kThreads, [&](std::size_t thread, std::size_t /*worker*/) {
      Soaker soaker(**store, seed + static_cast<unsigned>(thread));
      while (system_clock().monotonic() < end) {
        soaker.step();
      }
      counted[thread] = soaker.counted();
      failures[thread] = soaker.first_failure();
    });
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
      journal.write_line(std::to_string(counted[thread]) + " " + failures[thread]);
    }
    return 0;
  }
};

TEST_F(StoreSoakTest, NothingIsLostWrongOrLocked) {
  open().reset();
  const unsigned seed = std::random_device{}();
  WorkerProcesses workers;
  for (std::size_t i = 0; i < kProcesses; ++i) {
    workers.start([this, seed, i](const WorkerProcesses::Journal& journal) {
      return work(journal, seed + static_cast<unsigned>(i * kThreads));
    });
  }
  std::int64_t counted = 0;
  for (std::size_t i = 0; i < kProcesses; ++i) {
    for (const std::string& line : workers.read_to_end(i)) {
      counted += std::stoll(line);
      EXPECT_EQ(line.substr(line.find(' ') + 1), "") << "seed " << seed;
    }
    EXPECT_EQ(workers.wait(i), 0);
  }
  auto store = open();
  std::int64_t stored = 0;
  for (unsigned counter = 0; counter < kCounters; ++counter) {
    const auto entry = store->get(CacheKey::from_text("counter").add_integer(counter));
    ASSERT_TRUE(entry);
    stored += *entry ? std::get<std::int64_t>((*entry)->value) : 0;
  }
  EXPECT_EQ(stored, counted) << "no update is lost; seed " << seed;
  EXPECT_GT(counted, 0);
  const auto problems = StoreMaintenance(*store).check(Repair::kNo);
  ASSERT_TRUE(problems) << problems.error().message;
  for (const StoreProblem& problem : *problems) {
    EXPECT_EQ(problem.kind, ProblemKind::kEmptyDirectory) << problem.detail;
  }
}

}  // namespace
}  // namespace repomap
