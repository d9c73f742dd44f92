// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/event_subscriptions.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/protocol/progress_notifier.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using Kind = RepositoryEvent::Kind;

class RecordingPeer final : public RpcPeer {
 public:
  void notify(const std::string& method, Json params) override {
    received.push_back(method + " " + std::to_string(params["subscription"].get<int>()));
  }
  std::vector<std::string> received;
};

RepositoryEvent changed(const std::string& root) {
  return {.kind = Kind::kChanged, .root = root, .generation = 2, .paths = {"a"}};
}

RepositoryEvent progress(const std::string& root, std::size_t done) {
  return {.kind = Kind::kProgress, .root = root, .generation = 1, .paths = {}, .done = done, .total = 100};
}

class EventSubscriptionsTest : public testing::Test {
 protected:
  EventSubscriptions subscriptions_;
  std::shared_ptr<RecordingPeer> peer_ = std::make_shared<RecordingPeer>();
  const std::chrono::steady_clock::time_point begin_{std::chrono::hours(1)};
};

TEST_F(EventSubscriptionsTest, TellOfOneRepositoryOrOfAll) {
  ASSERT_EQ(*subscriptions_.add(peer_, "/a"), 1U);
  ASSERT_EQ(*subscriptions_.add(peer_, ""), 2U);
  subscriptions_.tell(changed("/a"), begin_);
  subscriptions_.tell(changed("/b"), begin_);
  subscriptions_.tell({.kind = Kind::kUnloaded, .root = "/a", .generation = 3, .paths = {}}, begin_);
  EXPECT_EQ(peer_->received,
            (std::vector<std::string>{"changed 1", "changed 2", "changed 2", "unloaded 1", "unloaded 2"}));
}

TEST_F(EventSubscriptionsTest, EndForWhoHasThemAlone) {
  const auto other = std::make_shared<RecordingPeer>();
  ASSERT_TRUE(subscriptions_.add(peer_, ""));
  const Status refused = subscriptions_.remove(*other, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(subscriptions_.remove(*peer_, 1));
  EXPECT_FALSE(subscriptions_.remove(*peer_, 1));
  subscriptions_.tell(changed("/a"), begin_);
  EXPECT_TRUE(peer_->received.empty());
}

TEST_F(EventSubscriptionsTest, EndWithTheirConnection) {
  ASSERT_TRUE(subscriptions_.add(peer_, ""));
  peer_.reset();
  subscriptions_.tell(changed("/a"), begin_);
  peer_ = std::make_shared<RecordingPeer>();
  for (std::size_t i = 0; i < EventSubscriptions::kPerPeer; ++i) {
    EXPECT_TRUE(subscriptions_.add(peer_, ""));
  }
}

TEST_F(EventSubscriptionsTest, AreLimitedForEachConnection) {
  for (std::size_t i = 0; i < EventSubscriptions::kPerPeer; ++i) {
    ASSERT_TRUE(subscriptions_.add(peer_, ""));
  }
  const auto refused = subscriptions_.add(peer_, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(subscriptions_.add(std::make_shared<RecordingPeer>(), ""));
}

TEST_F(EventSubscriptionsTest, TellOfProgressTenTimesASecondAndOfItsEnd) {
  ASSERT_TRUE(subscriptions_.add(peer_, ""));
  for (std::size_t done = 0; done < 100; ++done) {  // 10 ms each
    subscriptions_.tell(progress("/a", done), begin_ + milliseconds(10 * done));
  }
  EXPECT_EQ(peer_->received.size(), 10U);
  subscriptions_.tell(progress("/b", 1), begin_ + milliseconds(991));
  EXPECT_EQ(peer_->received.size(), 11U) << "each repository has its own";
  subscriptions_.tell(progress("/a", 100), begin_ + milliseconds(992));
  EXPECT_EQ(peer_->received.size(), 12U);
}

TEST(NotificationThrottle, AdmitsTheFirstAndThenOneInEachInterval) {
  NotificationThrottle throttle;
  const std::chrono::steady_clock::time_point begin{};
  EXPECT_TRUE(throttle.admits(begin));
  EXPECT_FALSE(throttle.admits(begin));
  EXPECT_FALSE(throttle.admits(begin + milliseconds(99)));
  EXPECT_TRUE(throttle.admits(begin + milliseconds(100)));
  EXPECT_TRUE(throttle.admits(begin + std::chrono::hours(1)));
}

/// Keeps what it is sent as it is.
class KeepingPeer final : public RpcPeer {
 public:
  void notify(const std::string& method, Json params) override { received.emplace_back(method, std::move(params)); }
  std::vector<std::pair<std::string, Json>> received;
};

TEST(ProgressNotifier, TellsWhichRequestHasComeHowFar) {
  const auto peer = std::make_shared<KeepingPeer>();
  const auto progress = make_progress_notifier(peer, "seven");
  for (std::size_t done = 1; done <= 1000; ++done) {
    progress(done, 2000);
  }
  ASSERT_FALSE(peer->received.empty());
  EXPECT_EQ(peer->received[0].first, "$/progress");
  EXPECT_EQ(peer->received[0].second, Json::parse(R"({"id":"seven","done":1,"total":2000})"));
  EXPECT_LT(peer->received.size(), 1000U);
}

}  // namespace
}  // namespace repomap
