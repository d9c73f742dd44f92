// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_stdio.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "core/base/job_queue.hpp"
#include "tests/service/protocol/line_client.hpp"
#include "tests/service/protocol/mcp_rig.hpp"

namespace repomap {
namespace {

/// A server on a thread of its own, at the other end of the client's connection.
class McpStdioTest : public McpRig {
 protected:
  McpStdioTest() : socket_(LineClient::connected_pair(client_)), channel_(std::in_place, socket_, socket_) {
    static_cast<void>(runner_.add([this] { status_ = serve_mcp_stdio(*server_, *channel_); }));
  }

  ~McpStdioTest() override {
    channel_->stop();
    runner_.stop(WaitingJobs::kRun);
    client_.reset();
    channel_.reset();
    ::close(socket_);
  }

  void send(int id, const std::string& method, Json params = Json::object()) {
    params["_meta"].update(meta());
    client_->send(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump() + "\n");
  }

  void cancel(int id) {
    client_->send(Json{{"jsonrpc", "2.0"},
                       {"method", "notifications/cancelled"},
                       {"params", {{"requestId", id}, {"reason", "test"}}}}
                      .dump() +
                  "\n");
  }

  void listen(int id) {
    const std::string uri = "repomap://" + server_->roots().find("")->id + "/map";
    send(id, "subscriptions/listen", {{"notifications", {{"resourceSubscriptions", {uri}}}}});
  }

  std::optional<LineClient> client_;
  const int socket_;
  std::optional<StdioChannel> channel_;
  Status status_;
  JobQueue runner_{"test-mcp", 1, 1};
};

TEST_F(McpStdioTest, AnswersEachRequestAsItIsDone) {
  TestGate gate;
  queries_.gate = &gate;
  send(1, "tools/call", {{"name", "repo_map"}});
  gate.wait_for_arrived(1);
  send(2, "tools/call", {{"name", "index_status"}});
  EXPECT_EQ(client_->read()["id"], 2) << "one that waits keeps nobody waiting";
  gate.open();
  EXPECT_EQ(client_->read()["id"], 1);
}

TEST_F(McpStdioTest, SaysNothingMoreOfACancelledRequest) {
  TestGate gate;
  queries_.gate = &gate;
  send(1, "tools/call", {{"name", "repo_map"}});
  gate.wait_for_arrived(1);
  cancel(1);
  gate.wait_for_left(1);
  cancel(99);
  send(2, "server/discover");
  EXPECT_EQ(client_->read()["id"], 2);
}

TEST_F(McpStdioTest, StreamsChangesUntilTheStreamIsCancelled) {
  listen(1);
  EXPECT_EQ(client_->read()["method"], "notifications/subscriptions/acknowledged");
  queries_.change(8);
  const Json update = client_->read();
  EXPECT_EQ(update["method"], "notifications/resources/updated");
  EXPECT_EQ(update["params"]["_meta"][mcp_key::kSubscriptionId], 1);
  cancel(1);
  queries_.wait_for_listeners(0);
  send(2, "server/discover");
  EXPECT_EQ(client_->read()["id"], 2);
}

TEST_F(McpStdioTest, LeavesThreadsForWorkHoweverManyStreamsThereAre) {
  int refused = 0;
  for (int id = 1; id <= 20; ++id) {
    listen(id);
    const Json message = client_->read();
    refused += message.contains("error") ? 1 : 0;
  }
  EXPECT_EQ(refused, 12);
  send(50, "tools/call", {{"name", "index_status"}});
  EXPECT_EQ(client_->read()["id"], 50);
  cancel(1);
  queries_.wait_for_listeners(7);
}

TEST_F(McpStdioTest, EndsWithItsInputWhateverIsUnderWay) {
  TestGate gate;
  queries_.gate = &gate;
  listen(1);
  EXPECT_EQ(client_->read()["method"], "notifications/subscriptions/acknowledged");
  send(2, "tools/call", {{"name", "repo_map"}});
  gate.wait_for_arrived(1);
  client_.reset();
  runner_.stop(WaitingJobs::kRun);
  EXPECT_TRUE(status_.has_value());
  queries_.wait_for_listeners(0);
}

TEST(StdioChannel, GivesUpOnAClientThatTakesNothingOnceItsInputHasEnded) {
  for (const int type : {0, 1}) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    ASSERT_EQ(type == 0 ? ::pipe(input.data()) : ::socketpair(AF_UNIX, SOCK_STREAM, 0, input.data()), 0);
    ASSERT_EQ(::pipe(output.data()), 0);
    StdioChannel channel(input[0], output[1]);
    if (type == 0) {
      ::close(input[1]);
    } else {
      ::shutdown(input[1], SHUT_WR);
    }
    EXPECT_TRUE(channel.write("what the client may still read").has_value());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(channel.write(std::string(std::size_t{1} << 20, 'x')).has_value());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, StdioChannel::kStall / 2);
    for (const int descriptor : {input[0], output[0], output[1]}) {
      ::close(descriptor);
    }
    if (type == 1) {
      ::close(input[1]);
    }
  }
}

}  // namespace
}  // namespace repomap
