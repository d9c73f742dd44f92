// SPDX-License-Identifier: Apache-2.0
#include "watcher/change_queue.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace repomap {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Paths = std::vector<std::string>;

ChangeQueueSettings settings() { return {.debounce = milliseconds(20), .max_delay = milliseconds(200), .limit = 100}; }

TEST(ChangeQueue, HasNothingDueWhenEmpty) {
  ChangeQueue queue(settings());
  queue.add({}, milliseconds(1));
  EXPECT_FALSE(queue.due_in(milliseconds(1000)));
  EXPECT_TRUE(queue.take().empty());
}

TEST(ChangeQueue, IsDueOnceItWasQuietForAWhile) {
  ChangeQueue queue(settings());
  queue.add({{"a"}, ""}, milliseconds(1000));
  EXPECT_EQ(queue.due_in(milliseconds(1005)), milliseconds(15));
  queue.add({{"b"}, ""}, milliseconds(1010));
  EXPECT_EQ(queue.due_in(milliseconds(1010)), milliseconds(20));
  EXPECT_EQ(queue.due_in(milliseconds(1030)), nanoseconds::zero());
  EXPECT_EQ(queue.due_in(milliseconds(5000)), nanoseconds::zero());
}

TEST(ChangeQueue, IsDueAfterTheLongestDelayThoughChangesKeepComing) {
  ChangeQueue queue(settings());
  for (int at = 0; at <= 190; at += 10) {
    queue.add({{"a"}, ""}, milliseconds(at));
    EXPECT_GT(queue.due_in(milliseconds(at)), nanoseconds::zero());
  }
  EXPECT_EQ(queue.due_in(milliseconds(190)), milliseconds(10));
  EXPECT_EQ(queue.due_in(milliseconds(200)), nanoseconds::zero());
}

TEST(ChangeQueue, TheDelayStartsAnewAfterATake) {
  ChangeQueue queue(settings());
  queue.add({{"a"}, ""}, milliseconds(0));
  queue.take();
  queue.add({{"b"}, ""}, milliseconds(190));
  EXPECT_EQ(queue.due_in(milliseconds(190)), milliseconds(20));
}

TEST(ChangeQueue, MergesToOutermostPathsInOrder) {
  ChangeQueue queue(settings());
  queue.add({{"b/c", "d"}, ""}, {});
  queue.add({{"b", "b-c", "a"}, ""}, {});
  EXPECT_EQ(queue.take().paths, (Paths{"a", "b", "b-c", "d"}));
  EXPECT_EQ(queue.size(), 0U);
}

TEST(ChangeQueue, TheRootCoversAll) {
  ChangeQueue queue(settings());
  queue.add({{"a", "b/c"}, ""}, {});
  queue.add({{""}, ""}, {});
  EXPECT_EQ(queue.take().paths, Paths{""});
}

TEST(ChangeQueue, KeepsTheFirstReasonOfALoss) {
  ChangeQueue queue(settings());
  queue.add({{}, "first"}, {});
  EXPECT_TRUE(queue.due_in({}));
  queue.add({{"a"}, "second"}, {});
  const ChangeBatch batch = queue.take();
  EXPECT_EQ(batch.desync_reason, "first");
  EXPECT_FALSE(queue.take().is_desynced());
}

TEST(ChangeQueue, ReplacesTheDeepestPathsByTheirDirectoriesWhenThereAreTooMany) {
  ChangeQueue queue(settings());
  for (int i = 0; i < 99; ++i) {
    queue.add({{fmt::format("deep/down/{}", i)}, ""}, {});
  }
  queue.add({{"other"}, ""}, {});
  EXPECT_EQ(queue.size(), 100U);
  queue.add({{"deep/file"}, ""}, {});
  EXPECT_EQ(queue.take().paths, (Paths{"deep/down", "deep/file", "other"}));
}

TEST(ChangeQueue, StaysBoundedWhateverComes) {
  ChangeQueue queue(settings());
  for (int i = 0; i < 10'000; ++i) {
    queue.add({{fmt::format("{}/{}/{}", i % 7, i % 501, i)}, ""}, {});
    ASSERT_LE(queue.size(), 100U);
  }
  EXPECT_EQ(queue.take().paths, (Paths{"0", "1", "2", "3", "4", "5", "6"}));
  for (int i = 0; i < 10'000; ++i) {
    queue.add({{fmt::format("{}", i)}, ""}, {});
  }
  EXPECT_EQ(queue.take().paths, Paths{""});
}

}  // namespace
}  // namespace repomap
