// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/service/protocol/scripted_daemon.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;

TEST(DaemonClient, SendsOneLineAndGivesTheResult) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  daemon.answer(1, {{"text", "x"}});
  const auto answer = client->call("tree", {{"path", "caf\xe9\n"}}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->dump(), R"({"text":"x"})");
  EXPECT_EQ(daemon.heard(),
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tree\",\"params\":{\"path\":{\"base64\":\"Y2Fm6Qo=\"}}}\n");
  daemon.answer(2, 7);
  EXPECT_EQ(client->call("tree", Json::object(), {}), Json(7));
}

TEST(DaemonClient, IsToldWhenNobodyIsThere) {
  TemporaryTree tree;
  const auto client = DaemonClient::connect(tree.path("daemon.sock"));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(DaemonClient::connect(std::string(200, 'x')));
}

TEST(DaemonClient, GivesNotificationsThatComeBeforeTheAnswer) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  daemon.notify("$/progress", {{"done", 1}});
  daemon.notify("$/progress", {{"done", 2}});
  daemon.answer(1, "done");
  std::vector<std::string> seen;
  DaemonClient::Wait wait;
  wait.on_notification = [&](const std::string& method, const Json& params) {
    seen.push_back(method + ' ' + params.dump());
  };
  EXPECT_EQ(client->call("index", Json::object(), wait), Json("done"));
  EXPECT_EQ(seen, (std::vector<std::string>{R"($/progress {"done":1})", R"($/progress {"done":2})"}));
}

TEST(DaemonClient, WaitsForNotifications) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  DaemonClient::Wait wait;
  wait.timeout = milliseconds(1);
  const auto none = client->next_notification(wait);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  daemon.notify("changed", {{"generation", 2}});
  const auto one = client->next_notification({});
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->method, "changed");
  daemon.hang_up();
  EXPECT_EQ(client->next_notification({}).error().code, ErrorCode::kUnavailable);
}

TEST(DaemonClient, TellsErrorsOfTheQuestionFromThoseThatAnotherWayAvoids) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  const std::vector<std::pair<int, ErrorCode>> codes = {
      {-32602, ErrorCode::kInvalidArgument}, {-32800, ErrorCode::kCancelled},   {1001, ErrorCode::kNotFound},
      {1002, ErrorCode::kPermissionDenied},  {1004, ErrorCode::kUnsupported},   {1005, ErrorCode::kLimitExceeded},
      {-32700, ErrorCode::kUnavailable},     {-32601, ErrorCode::kUnavailable}, {-32603, ErrorCode::kUnavailable},
      {1006, ErrorCode::kUnavailable},       {1007, ErrorCode::kUnavailable},   {1010, ErrorCode::kUnavailable}};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    daemon.refuse(static_cast<int>(i) + 1, codes[i].first, "why");
    const auto answer = client->call("map", Json::object(), {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, codes[i].second) << codes[i].first;
    EXPECT_TRUE(answer.error().message.ends_with("why"));
  }
}

TEST(DaemonClient, GivesUpAConnectionThatBreaks) {
  for (const std::string& said :
       {std::string(), std::string("{\"jsonrpc\": "), std::string("nonsense\n"), std::string("[1]\n"),
        std::string("{\"id\": 9, \"result\": 1}\n"), std::string("{\"id\": 1}\n"), std::string(1000, '[') + '\n'}) {
    ScriptedDaemon daemon;
    const auto client = daemon.connect();
    ASSERT_NE(client, nullptr);
    daemon.say(said);
    daemon.hang_up();
    for (int call = 0; call < 2; ++call) {
      const auto answer = client->call("map", Json::object(), {});
      ASSERT_FALSE(answer) << said;
      EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable) << said;
    }
  }
}

TEST(DaemonClient, GivesUpADaemonThatDoesNotAnswerInTime) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  DaemonClient::Wait wait;
  wait.timeout = milliseconds(1);
  EXPECT_EQ(client->call("hello", Json::object(), wait).error().code, ErrorCode::kUnavailable);
}

TEST(DaemonClient, EndsTheConnectionOfACancelledRequest) {
  ScriptedDaemon daemon;
  const auto client = daemon.connect();
  ASSERT_NE(client, nullptr);
  const std::atomic<bool> cancelled = true;
  DaemonClient::Wait wait;
  wait.cancelled = &cancelled;
  EXPECT_EQ(client->call("map", Json::object(), wait).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(client->call("map", Json::object(), {}).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace repomap
