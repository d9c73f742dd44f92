// SPDX-License-Identifier: Apache-2.0
#include "service/index_turn.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/disk_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

class Turns : public testing::Test {
 protected:
  std::unique_ptr<DiskStore> open() const {
    DiskStoreConfig config;
    config.directory = join_path(tree_.outside(), "store");
    auto store = DiskStore::open(config);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  TemporaryTree tree_;
};

TEST_F(Turns, WithoutAStoreEverybodyGoesAhead) {
  IndexTurn first(nullptr, "/repo", system_clock());
  IndexTurn second(nullptr, "/repo", system_clock());
  EXPECT_EQ(first.take({}), IndexTurn::Outcome::kAtOnce);
  EXPECT_EQ(second.take({}), IndexTurn::Outcome::kAtOnce);
  first.keep();
}

TEST_F(Turns, OfDifferentRepositoriesDoNotMeet) {
  const auto store = open();
  LeaseTable leases(*store);
  IndexTurn first(&leases, "/one", system_clock());
  IndexTurn second(&leases, "/two", system_clock());
  EXPECT_EQ(first.take({}), IndexTurn::Outcome::kAtOnce);
  EXPECT_EQ(second.take({}), IndexTurn::Outcome::kAtOnce);
}

TEST_F(Turns, WhoIsNoLongerWantedWaitsNoMore) {
  const auto store = open();
  const auto other_store = open();
  LeaseTable leases(*store);
  LeaseTable other_leases(*other_store);
  IndexTurn first(&leases, "/repo", system_clock());
  EXPECT_EQ(first.take({}), IndexTurn::Outcome::kAtOnce);
  int asked = 0;
  IndexTurn second(&other_leases, "/repo", system_clock());
  const auto outcome =
      second.take([&asked]() -> Status { return ++asked > 2 ? fail(ErrorCode::kCancelled, "not wanted") : Status(); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kCancelled);
}

TEST_F(Turns, OneWorksWhileTheOthersWait) {
  constexpr std::size_t kWorkers = 4;
  std::vector<std::unique_ptr<DiskStore>> stores;
  std::vector<std::unique_ptr<LeaseTable>> tables;
  for (std::size_t i = 0; i < kWorkers; ++i) {
    stores.push_back(open());
    tables.push_back(std::make_unique<LeaseTable>(*stores.back()));
  }
  std::atomic<int> working = 0;
  std::atomic<int> at_once = 0;
  TaskPool pool(kWorkers);
  pool.run_all(kWorkers, [&](std::size_t item, std::size_t /*worker*/) {
    IndexTurn turn(tables[item].get(), "/repo", system_clock());
    at_once += turn.take({}) == IndexTurn::Outcome::kAtOnce ? 1 : 0;
    EXPECT_EQ(++working, 1);
    system_clock().sleep_for(std::chrono::milliseconds(20));
    turn.keep();
    --working;
  });
  EXPECT_GE(at_once, 1);
}

}  // namespace
}  // namespace repomap
