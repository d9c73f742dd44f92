// SPDX-License-Identifier: Apache-2.0
#include "core/cache/write_order.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/task_pool.hpp"
#include "tests/support/moment.hpp"

namespace repomap {
namespace {

using Hashes = std::vector<std::uint64_t>;

const Hashes kOne = {1};
const Hashes kTwo = {2};
const Hashes kBoth = {1, 2};

/// Whether `second` waits until `release` has been called.
bool waits_for(const std::function<void()>& second, const std::function<void()>& release) {
  Moment is_through;
  bool was_early = false;
  TaskPool pool(2);
  pool.run_all(2, [&](std::size_t item, std::size_t) {
    if (item == 0) {
      second();
      is_through.reach();
    } else {
      was_early = is_through.wait_for(std::chrono::milliseconds(30));
      release();
    }
  });
  return !was_early;
}

TEST(WriteOrder, WritesOfACommonKeyFollowOneAnother) {
  WriteOrder order;
  order.begin_write(kBoth);
  EXPECT_TRUE(waits_for([&] { order.begin_write(kTwo); }, [&] { order.end_write(kBoth); }));
  order.begin_write(kOne);  // others do not wait
  order.end_write(kOne);
  order.end_write(kTwo);
}

TEST(WriteOrder, RemovalsAndLateWritesExcludeEachOther) {
  WriteOrder order;
  order.begin_removal();
  EXPECT_TRUE(waits_for([&] { order.begin_late_write(kOne); }, [&] { order.end_removal(); }));
  EXPECT_TRUE(waits_for([&] { order.begin_removal(); }, [&] { order.end_late_write(kOne); }));
  order.end_removal();
}

TEST(WriteOrder, ALateWriteWaitsForItsKeys) {
  WriteOrder order;
  order.begin_write(kOne);
  EXPECT_TRUE(waits_for([&] { order.begin_late_write(kBoth); }, [&] { order.end_write(kOne); }));
  EXPECT_TRUE(waits_for([&] { order.begin_write(kTwo); }, [&] { order.end_late_write(kBoth); }));
  order.end_write(kTwo);
}

TEST(WriteOrder, AdmitsPromotionsOfWhatNobodyHasWritten) {
  WriteOrder order;
  const WriteOrder::Snapshot before = order.snapshot(kBoth);
  order.begin_write(kOne);
  order.end_write(kOne);
  const Hashes admitted = order.begin_promotion(kBoth, before);
  EXPECT_EQ(admitted, kTwo);
  order.end_promotion(admitted);
  EXPECT_EQ(order.begin_promotion(kBoth, order.snapshot(kBoth)), kBoth);
  order.end_promotion(kBoth);
}

TEST(WriteOrder, RefusesPromotionsOfKeysThatAreBusy) {
  WriteOrder order;
  order.begin_write(kOne);
  const WriteOrder::Snapshot during = order.snapshot(kOne);
  EXPECT_EQ(order.begin_promotion(kOne, during), Hashes());
  order.end_promotion({});
  order.end_write(kOne);
  EXPECT_EQ(order.begin_promotion(kOne, during), Hashes());
}

TEST(WriteOrder, RefusesPromotionsDuringAndAfterARemoval) {
  WriteOrder order;
  order.begin_removal();
  const WriteOrder::Snapshot during = order.snapshot(kOne);
  EXPECT_EQ(order.begin_promotion(kOne, during), Hashes());
  order.end_removal();
  EXPECT_EQ(order.begin_promotion(kOne, during), Hashes());
  EXPECT_EQ(order.begin_promotion(kOne, order.snapshot(kOne)), kOne);
  EXPECT_TRUE(waits_for([&] { order.begin_removal(); }, [&] { order.end_promotion(kOne); }));
  order.end_removal();
}

}  // namespace
}  // namespace repomap
