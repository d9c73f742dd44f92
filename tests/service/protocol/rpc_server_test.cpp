// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_server.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/service/protocol/line_client.hpp"
#include "tests/service/protocol/running_server.hpp"
#include "tests/service/protocol/test_gate.hpp"

namespace repomap {
namespace {

RpcLane query_lane(const Json&) { return RpcLane::kQuery; }

RpcMethod method(std::function<RpcResult(const RpcCall&)> handler) {
  const auto deadline = [](const Json& params) {
    return params.contains("deadline_ms") ? std::optional(std::chrono::milliseconds(params["deadline_ms"]))
                                          : std::nullopt;
  };
  return {std::move(handler), query_lane, deadline};
}

RpcResult give_back(const RpcCall& call) { return call.params; }

/// A method that gives its parameters back, one that waits at a gate, one that tells of itself, one that fails in each
/// way.
RpcMethodTable methods(TestGate& gate) {
  RpcMethodTable table;
  table["echo"] = method(give_back);
  table["wait"] = method([&gate](const RpcCall& call) -> RpcResult {
    return gate.wait(call.cancelled) ? RpcResult(Json::object())
                                     : RpcResult(std::unexpect, Error{ErrorCode::kCancelled, "cancelled"});
  });
  table["flood"] = method([](const RpcCall& call) -> RpcResult {
    for (std::size_t i = 0; i < call.params.at("count"); ++i) {
      call.peer->notify("flood", Json(std::string(call.params.at("bytes"), 'x')));
    }
    return Json::object();
  });
  table["fail"] = method([](const RpcCall&) -> RpcResult { return fail(ErrorCode::kNotFound, "a/b.c: not there"); });
  table["throw"] = method([](const RpcCall&) -> RpcResult { throw std::runtime_error("on demand"); });
  table["throw_odd"] = method([](const RpcCall&) -> RpcResult { throw 1; });
  return table;
}

class RpcServerTest : public testing::Test {
 protected:
  void start(const RpcServerSettings& settings = {}) {
    server_.emplace(methods(gate_), settings);
    server_->connect(client_);
  }

  /// Whether the connection still answers.
  bool echoes(LineClient& client, int id) {
    return client.request(id, "echo", R"({"a":1})") && client.read_answer(id)["result"] == Json{{"a", 1}};
  }

  TestGate gate_;
  std::optional<RunningServer> server_;
  std::optional<LineClient> client_;
};

TEST_F(RpcServerTest, AnswersWithTheIdOfTheRequest) {
  start();
  client_->request(7, "echo", R"({"text":"é"})");
  EXPECT_EQ(client_->read(), Json::parse(R"({"jsonrpc":"2.0","id":7,"result":{"text":"é"}})"));
  client_->send("{\"jsonrpc\":\"2.0\",\"id\":\"seven\",\"method\":\"echo\"}\n");
  EXPECT_EQ(client_->read(), Json::parse(R"({"jsonrpc":"2.0","id":"seven","result":{}})"));
}

TEST_F(RpcServerTest, AnswersAFailureWithItsNumberAndClass) {
  start();
  client_->request(1, "fail");
  EXPECT_EQ(client_->read()["error"],
            Json::parse(R"({"code":1001,"message":"a/b.c: not there","data":{"code":"not_found"}})"));
}

TEST_F(RpcServerTest, SurvivesMethodsThatThrow) {
  start();
  for (const char* name : {"throw", "throw_odd"}) {
    client_->request(1, name);
    EXPECT_EQ(client_->read()["error"]["code"], rpc_code::kInternal) << name;
  }
  EXPECT_TRUE(echoes(*client_, 2));
}

TEST_F(RpcServerTest, AnswersWhateverIsNoRequestAndKeepsTheConnection) {
  start();
  const std::vector<std::pair<std::string, int>> messages{
      {"{", rpc_code::kParseError},
      {"\xff\xfe", rpc_code::kParseError},
      {std::string(1, '\0'), rpc_code::kParseError},
      {std::string(2'000'000, '['), rpc_code::kParseError},
      {"[" + std::string(2'000'000, ',') + "]", rpc_code::kInvalidRequest},
      {std::string(1000, '['), rpc_code::kParseError},
      {"[]", rpc_code::kInvalidRequest},
      {"7", rpc_code::kInvalidRequest},
      {R"({"id":1,"method":"echo"})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"1.0","id":1,"method":"echo"})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1,"method":7})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":null,"method":"echo"})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"echo"})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1,"result":{}})", rpc_code::kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1,"method":"echo","params":[]})", rpc_code::kInvalidParams},
      {R"({"jsonrpc":"2.0","id":1,"method":"nothing"})", rpc_code::kUnknownMethod},
  };
  for (const auto& [message, code] : messages) {
    client_->send(message + "\n");
    EXPECT_EQ(client_->read()["error"]["code"], code) << message.substr(0, 80);
    EXPECT_TRUE(echoes(*client_, 5));
  }
}

TEST_F(RpcServerTest, RefusesARequestWithMoreKeysThanAreNeeded) {
  start();
  std::string message = R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"k0":0)";
  for (int key = 1; key < 2000; ++key) {
    message += ",\"k" + std::to_string(key) + "\":0";
  }
  client_->send(message + "}}\n");
  EXPECT_EQ(client_->read()["error"]["code"], rpc_code::kInvalidRequest);
}

TEST_F(RpcServerTest, TakesMessagesOfEverySplit) {
  start();
  const std::string message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"a\":1}}\n";
  for (std::size_t cut = 1; cut < message.size(); ++cut) {
    ASSERT_TRUE(client_->send(message.substr(0, cut)));
    ASSERT_TRUE(client_->send(message.substr(cut)));
    ASSERT_EQ(client_->read()["id"], 1);
  }
  client_->send(message.substr(0, message.size() - 1) + "\r\n\n" + message);
  EXPECT_EQ(client_->read()["id"], 1);
}

TEST_F(RpcServerTest, TakesLargeMessagesInTheirOrderWithTheSmall) {
  start();
  const std::string text(std::size_t{2} << 20, 'x');
  client_->send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"a\":\"" + text + "\"}}\n" +
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"wait\"}\n" +
                "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":2}}\n");
  std::set<int> answered;
  for (int i = 0; i < 2; ++i) {
    const Json answer = client_->read();
    answered.insert(answer["id"].get<int>());
    if (answer["id"] == 1) {
      EXPECT_EQ(answer["result"]["a"], text);
    } else {
      EXPECT_EQ(answer["error"]["code"], rpc_code::kCancelled);
    }
  }
  EXPECT_EQ(answered, (std::set<int>{1, 2}));
}

TEST_F(RpcServerTest, AnswersAMessageThatIsTooLongAndReadsOnBehindIt) {
  RpcServerSettings settings;
  settings.session.message_bytes = 1000;
  start(settings);
  client_->send(std::string(500'000, 'x') + "\n");
  const Json answer = client_->read();
  EXPECT_EQ(answer["error"]["code"], rpc_code::kLimitExceeded);
  EXPECT_TRUE(answer["id"].is_null());
  EXPECT_TRUE(echoes(*client_, 1));
}

TEST_F(RpcServerTest, AnswersAtTheDeadlineWhatStillWaitsForAThread) {
  RpcServerSettings settings;
  settings.query_threads = 1;
  start(settings);
  client_->request(1, "wait");
  client_->request(2, "echo", R"({"deadline_ms":1})");
  const Json late = client_->read();
  EXPECT_EQ(late["id"], 2);
  EXPECT_EQ(late["error"]["data"]["code"], "limit_exceeded") << late;
  client_->request(2, "echo", R"({"deadline_ms":86400000})");  // the id is free again
  gate_.open();
  EXPECT_TRUE(client_->read_answer(1).contains("result"));
  EXPECT_TRUE(client_->read_answer(2).contains("result"));
  EXPECT_TRUE(echoes(*client_, 3));
}

TEST_F(RpcServerTest, TellsTheWorkThatItsDeadlineIsOver) {
  RpcServerSettings settings;
  settings.query_threads = 1;
  start(settings);
  client_->request(1, "wait", R"({"deadline_ms":1})");
  EXPECT_EQ(client_->read()["error"]["data"]["code"], "limit_exceeded");
  EXPECT_TRUE(echoes(*client_, 2)) << "nothing occupies the thread any more";
}

TEST_F(RpcServerTest, AnswersNoNotification) {
  start();
  client_->send(
      "{\"jsonrpc\":\"2.0\",\"method\":\"fail\"}\n{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}\n"
      "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\"}\n");
  EXPECT_TRUE(client_->request(1, "echo"));
  EXPECT_EQ(client_->read()["id"], 1);
}

TEST_F(RpcServerTest, RefusesRequestsAboveTheLimitAtOnceAndServesTheOthers) {
  RpcServerSettings settings;
  settings.session.requests = 3;
  settings.query_threads = 8;
  start(settings);
  for (int id = 1; id <= 3; ++id) {
    client_->request(id, "wait");
  }
  client_->request(4, "echo");
  const Json refused = client_->read();
  EXPECT_EQ(refused["id"], 4);
  EXPECT_EQ(refused["error"]["code"], rpc_code::kBusy);
  std::optional<LineClient> other;
  server_->connect(other);
  EXPECT_TRUE(echoes(*other, 1)) << "the limit is that of a connection";
  gate_.open();
  std::set<int> answered;
  for (int i = 0; i < 3; ++i) {
    const Json answer = client_->read();
    EXPECT_TRUE(answer.contains("result")) << answer;
    answered.insert(answer["id"].get<int>());
  }
  EXPECT_EQ(answered, (std::set<int>{1, 2, 3}));
  EXPECT_TRUE(echoes(*client_, 5));
}

TEST_F(RpcServerTest, RefusesAnIdThatIsInUse) {
  start();
  client_->request(1, "wait");
  client_->request(1, "echo");
  EXPECT_EQ(client_->read()["error"]["code"], rpc_code::kInvalidRequest);
  gate_.open();
  EXPECT_TRUE(client_->read().contains("result"));
  EXPECT_TRUE(echoes(*client_, 1));
}

TEST_F(RpcServerTest, CancelsARequestThatRunsAndOneThatWaits) {
  RpcServerSettings settings;
  settings.query_threads = 1;
  start(settings);
  client_->request(1, "wait");
  gate_.wait_for_arrived(1);
  client_->request(2, "wait");
  client_->send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":2}}\n");
  client_->send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":9}}\n");
  client_->send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}\n");
  for (int id = 1; id <= 2; ++id) {
    const Json answer = client_->read();
    EXPECT_EQ(answer["id"], id);
    EXPECT_EQ(answer["error"]["code"], rpc_code::kCancelled);
  }
  gate_.wait_for_left(1);
  EXPECT_TRUE(echoes(*client_, 3));
}

TEST_F(RpcServerTest, CancelsTheRequestsOfAConnectionThatHasClosed) {
  start();
  client_->request(1, "wait");
  gate_.wait_for_arrived(1);
  client_->close();
  gate_.wait_for_left(1);
}

TEST_F(RpcServerTest, AnswersWhoHasOnlyClosedItsOutput) {
  start();
  client_->request(1, "wait");
  client_->end_output();
  gate_.wait_for_arrived(1);
  gate_.open();
  EXPECT_TRUE(client_->read().contains("result"));
  EXPECT_TRUE(client_->is_closed_by_server());
}

TEST_F(RpcServerTest, CancelsWhenWhoHasClosedItsOutputGoesAway) {
  start();
  client_->request(1, "wait");
  gate_.wait_for_arrived(1);
  client_->end_output();
  server_->run([] {});
  client_->close();
  gate_.wait_for_left(1);
}

TEST_F(RpcServerTest, CutsOffAReaderWhoTakesNothing) {
  RpcServerSettings settings;
  settings.session.output.stall = std::chrono::milliseconds(50);
  start(settings);
  client_->request(1, "flood", R"({"count":100,"bytes":100000})");
  std::optional<LineClient> other;
  server_->connect(other);
  EXPECT_TRUE(echoes(*other, 1)) << "the others are served";
  while (server_->metrics().snapshot().refusals["slow"] == 0) {
    EXPECT_TRUE(echoes(*other, 2));
  }
  client_->is_closed_by_server();
}

TEST_F(RpcServerTest, CutsOffAReaderForWhomTooMuchPilesUp) {
  RpcServerSettings settings;
  settings.session.output.bytes = 2'000'000;
  start(settings);
  client_->request(1, "flood", R"({"count":100,"bytes":100000})");
  std::optional<LineClient> other;
  server_->connect(other);
  while (server_->metrics().snapshot().refusals["slow"] == 0) {
    EXPECT_TRUE(echoes(*other, 2));
  }
}

TEST_F(RpcServerTest, AnswersWithAnErrorWhatIsTooLargeToBeWritten) {
  RpcServerSettings settings;
  settings.session.output.bytes = 10'000;
  start(settings);
  client_->request(1, "echo", "{\"a\":\"" + std::string(20'000, 'x') + "\"}");
  EXPECT_EQ(client_->read()["error"]["code"], rpc_code::kLimitExceeded);
  EXPECT_TRUE(echoes(*client_, 2));
}

TEST_F(RpcServerTest, WritesMoreThanASocketHoldsToWhoReads) {
  start();
  client_->request(1, "flood", R"({"count":100,"bytes":100000})");
  std::size_t notifications = 0;
  while (true) {
    const Json message = client_->read();
    ASSERT_FALSE(message.is_null());
    if (message.contains("id")) {
      break;
    }
    EXPECT_EQ(message["params"], std::string(100'000, 'x'));
    ++notifications;
  }
  EXPECT_EQ(notifications, 100U) << "all of them before the answer";
}

TEST_F(RpcServerTest, RefusesConnectionsAboveTheLimit) {
  RpcServerSettings settings;
  settings.connections = 2;
  start(settings);
  std::optional<LineClient> second;
  server_->connect(second);
  EXPECT_TRUE(echoes(*client_, 1));
  EXPECT_TRUE(echoes(*second, 1));
  std::optional<LineClient> third;
  server_->connect(third);
  EXPECT_EQ(third->read()["error"]["code"], rpc_code::kBusy);
  EXPECT_TRUE(third->is_closed_by_server());
  EXPECT_TRUE(echoes(*client_, 2));
  second->close();
  while (server_->metrics().snapshot().connections > 1) {
    EXPECT_TRUE(echoes(*client_, 3));
  }
  std::optional<LineClient> fourth;
  server_->connect(fourth);
  EXPECT_TRUE(echoes(*fourth, 1));
}

TEST_F(RpcServerTest, RefusesOtherUsers) {
  RpcServerSettings settings;
  settings.user = geteuid() + 1;  // so that we are the other user
  start(settings);
  EXPECT_TRUE(client_->is_closed_by_server());
  EXPECT_EQ(server_->metrics().snapshot().refusals["other_user"], 1U);
}

TEST_F(RpcServerTest, EndsAfterWhatIsUnderWayAndRefusesWhatComesLater) {
  start();
  std::optional<LineClient> resting;
  server_->connect(resting);
  EXPECT_TRUE(echoes(*resting, 1));
  client_->request(1, "wait");
  gate_.wait_for_arrived(1);
  std::atomic<bool> has_ended = false;
  server_->run([&] { server_->server().end(RpcServer::Ending::kAnswer, [&] { has_ended = true; }); });
  EXPECT_TRUE(resting->is_closed_by_server());
  client_->request(2, "echo");
  EXPECT_EQ(client_->read()["error"]["code"], rpc_code::kUnavailable);
  EXPECT_FALSE(has_ended);
  gate_.open();
  EXPECT_TRUE(client_->read().contains("result"));
  EXPECT_TRUE(client_->is_closed_by_server());
  server_->run([] {});
  EXPECT_TRUE(has_ended);
}

TEST_F(RpcServerTest, EndsByCancellingUnderLoad) {
  RpcServerSettings settings;
  settings.query_threads = 2;
  start(settings);
  std::vector<std::optional<LineClient>> others(20);
  for (std::optional<LineClient>& other : others) {
    server_->connect(other);
    for (int id = 1; id <= 20; ++id) {
      other->request(id, "wait");
    }
  }
  gate_.wait_for_arrived(2);
  server_->run([&] { server_->server().end(RpcServer::Ending::kCancel, [] {}); });
  for (std::optional<LineClient>& other : others) {
    for (Json answer = other->read(); !answer.is_null(); answer = other->read()) {
      const int code = answer["error"]["code"];
      EXPECT_TRUE(code == rpc_code::kCancelled || code == rpc_code::kUnavailable) << answer;
    }
  }
}

TEST_F(RpcServerTest, CountsRequestsByMethodAndOutcome) {
  start();
  EXPECT_TRUE(echoes(*client_, 1));
  EXPECT_TRUE(echoes(*client_, 2));
  client_->request(3, "fail");
  client_->read();
  const RequestMetrics::Snapshot counted = server_->metrics().snapshot();
  EXPECT_EQ(counted.requests.at({"echo", "ok"}), 2U);
  EXPECT_EQ(counted.requests.at({"fail", "not_found"}), 1U);
  EXPECT_EQ(counted.durations.at("echo").count, 2U);
  EXPECT_EQ(counted.connections, 1U);
  EXPECT_EQ(counted.under_way, 0U);
  EXPECT_EQ(counted.answered, 3U);
}

TEST_F(RpcServerTest, ServesManyConnectionsAtOnce) {
  start();
  constexpr int kClients = 16;
  constexpr int kRequests = 50;
  JobQueue users("users", kClients, kClients);
  std::atomic<int> answered = 0;
  for (int user = 0; user < kClients; ++user) {
    ASSERT_TRUE(users.add([&] {
      std::optional<LineClient> client;
      server_->connect(client);
      for (int id = 1; id <= kRequests; ++id) {
        answered += echoes(*client, id) ? 1 : 0;
      }
    }));
  }
  users.stop(WaitingJobs::kRun);
  EXPECT_EQ(answered, kClients * kRequests);
}

}  // namespace
}  // namespace repomap
