// SPDX-License-Identifier: Apache-2.0
#include "core/cache/work_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/fake_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using std::chrono::seconds;

class WorkListTest : public testing::Test {
 protected:
  void add(const std::vector<std::string>& values) {
    const std::vector<std::string_view> views(values.begin(), values.end());
    ASSERT_TRUE(list.add(views));
  }

  std::vector<WorkItem> claim(std::size_t limit) { return list.claim(limit, seconds(60)).value(); }

  static std::vector<std::string> values_of(const std::vector<WorkItem>& items) {
    std::vector<std::string> values;
    for (const WorkItem& item : items) {
      values.push_back(item.value);
    }
    return values;
  }

  FakeClock clock;
  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"), clock);
  WorkList list{*store, "work"};
};

using Values = std::vector<std::string>;

TEST_F(WorkListTest, HandsOutEachItemOnceUntilAcknowledged) {
  add({"a", "b", "c"});
  const auto first = claim(2);
  EXPECT_EQ(values_of(first), (Values{"a", "b"}));
  EXPECT_EQ(first[0].attempts, 1U);
  EXPECT_EQ(list.counts().value().waiting, 1U);
  EXPECT_EQ(list.counts().value().claimed, 2U);
  const auto second = claim(5);
  EXPECT_EQ(values_of(second), Values{"c"});
  EXPECT_TRUE(claim(1).empty());
  EXPECT_EQ(list.acknowledge(first).value(), 2U);
  EXPECT_EQ(list.acknowledge(first).value(), 0U);
  EXPECT_EQ(list.acknowledge(second).value(), 1U);
  EXPECT_EQ(list.counts().value().claimed + list.counts().value().waiting, 0U);
}

TEST_F(WorkListTest, ExpiredClaimIsHandedOutAgainAtItsOldPlace) {
  add({"a", "b"});
  const auto slow = claim(1);
  clock.advance(seconds(60));
  const auto again = claim(2);
  EXPECT_EQ(values_of(again), (Values{"a", "b"}));
  EXPECT_EQ(again[0].attempts, 2U);
  EXPECT_EQ(list.acknowledge(slow).value(), 0U) << "the slow one lost it";
  EXPECT_EQ(list.renew(slow, seconds(60)).value(), 0U);
  EXPECT_EQ(list.give_back(slow).value(), 0U);
  EXPECT_EQ(list.acknowledge(again).value(), 2U);
}

TEST_F(WorkListTest, AcknowledgementInTimeCountsThoughTheTimeIsOver) {
  add({"a"});
  const auto slow = claim(1);
  clock.advance(seconds(61));
  EXPECT_EQ(list.acknowledge(slow).value(), 1U) << "nobody else has it";
}

TEST_F(WorkListTest, RenewingKeepsAnItem) {
  add({"a"});
  const auto item = claim(1);
  clock.advance(seconds(59));
  EXPECT_EQ(list.renew(item, seconds(60)).value(), 1U);
  clock.advance(seconds(59));
  EXPECT_TRUE(claim(1).empty());
  EXPECT_EQ(list.acknowledge(item).value(), 1U);
}

TEST_F(WorkListTest, GivenBackItemWaitsAgain) {
  add({"a", "b"});
  const auto item = claim(1);
  EXPECT_EQ(list.give_back(item).value(), 1U);
  const auto again = claim(1);
  EXPECT_EQ(values_of(again), Values{"a"});
  EXPECT_EQ(again[0].attempts, 2U);
}

// A token names one handing out, also when the places of a list that was empty are given anew.
TEST_F(WorkListTest, OldTokenDoesNotAcknowledgeANewItem) {
  add({"old"});
  const auto slow = claim(1);
  clock.advance(seconds(60));
  EXPECT_EQ(list.acknowledge(claim(1)).value(), 1U);
  add({"new"});
  const auto fresh = claim(1);
  EXPECT_EQ(fresh[0].key, slow[0].key);
  EXPECT_EQ(list.acknowledge(slow).value(), 0U);
  EXPECT_EQ(list.acknowledge(fresh).value(), 1U);
}

TEST_F(WorkListTest, SurvivesReopeningAndClears) {
  const std::string large(5'000, 'L');
  add({large, "b"});
  store.reset();
  store = open_durable_store(tree.path("store"), clock);
  list = WorkList(*store, "work");
  EXPECT_EQ(values_of(claim(1)), Values{large});
  EXPECT_EQ(list.clear().value(), 2U);
  EXPECT_TRUE(claim(1).empty());
  add({"c"});
  EXPECT_EQ(claim(1)[0].attempts, 1U);
}

TEST_F(WorkListTest, ListsOfOneStoreKeepApart) {
  WorkList other(*store, "other");
  add({"a"});
  EXPECT_TRUE(other.claim(1, seconds(1)).value().empty());
  EXPECT_EQ(other.clear().value(), 0U);
  EXPECT_EQ(list.counts().value().waiting, 1U);
}

}  // namespace
}  // namespace repomap
