// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_endpoint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/job_queue.hpp"
#include "service/protocol/stdio_channel.hpp"
#include "tests/service/protocol/test_gate.hpp"

namespace repomap {
namespace {

/// The two ends of a connection.
struct Ends {
  Ends() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors.data()), 0); }
  ~Ends() {
    hang_up();
    ::close(descriptors[1]);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;

  void hang_up() {
    if (descriptors[0] >= 0) {
      ::close(std::exchange(descriptors[0], -1));
    }
  }
  int client() const { return descriptors[0]; }
  int server() const { return descriptors[1]; }

  std::array<int, 2> descriptors{};
};

/// Answers "echo" at once, "work" by work, and "wait" by work that ends when it is cancelled.
class Echo final : public RpcHandler {
 public:
  RpcReply on_request(const std::string& method, const Json& /*id*/, Json params) override {
    if (method == "echo") {
      return RpcResult(std::move(params));
    }
    if (method == "work") {
      return RpcWork([params](const std::atomic<bool>&) { return RpcResult(params); });
    }
    if (method == "wait") {
      return RpcWork([this](const std::atomic<bool>& cancelled) {
        gate.wait(&cancelled);
        return RpcResult(Json("waited"));
      });
    }
    if (method == "throw") {
      return RpcWork([](const std::atomic<bool>&) -> RpcResult { throw std::runtime_error("by design"); });
    }
    return RpcResult(std::unexpected(RpcError(rpc_code::kUnknownMethod, "no such method")));
  }

  void on_notification(const std::string& method, Json params) override {
    if (method == "cancel") {
      endpoint->cancel(params["id"]);
    } else if (method == "ask") {
      endpoint->request("question", Json::object({{"n", 1}}), [this](const RpcResult& answer) {
        endpoint->notify("heard", answer ? *answer : Json(answer.error().message));
      });
    }
  }

  void on_lost_message() override { endpoint->notify("lost", Json()); }

  RpcEndpoint* endpoint = nullptr;
  TestGate gate;
};

class Conversation : public testing::Test {
 protected:
  ~Conversation() override {
    ends_.hang_up();
    thread_.stop(WaitingJobs::kRun);
  }

  void begin(RpcEndpoint::Options options = {}) {
    channel_ = std::make_unique<StdioChannel>(ends_.server(), ends_.server());
    endpoint_ = std::make_unique<RpcEndpoint>(*channel_, handler_, options);
    handler_.endpoint = endpoint_.get();
    format_ = options.format;
    ASSERT_TRUE(thread_.add([this] {
      status_ = endpoint_->run();
      ::shutdown(ends_.server(), SHUT_RDWR);
    }));
  }

  void send_bytes(std::string_view bytes) const {
    ASSERT_EQ(::send(ends_.client(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }

  void send(std::string_view text) const {
    send_bytes(format_ == RpcEndpoint::Format::kLines ? fmt::format("{}\n", text)
                                                      : fmt::format("Content-Length: {}\r\n\r\n{}", text.size(), text));
  }

  /// What comes until the text holds `end`, or everything.
  std::string receive_until(std::string_view end) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (end.empty() || text.find(end) == std::string::npos) {
      const ssize_t count = ::recv(ends_.client(), buffer.data(), buffer.size(), 0);
      if (count <= 0) {
        break;
      }
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  /// The next line that is no notification.
  std::string receive_answer() {
    std::string line;
    while (true) {
      char byte = 0;
      if (::recv(ends_.client(), &byte, 1, 0) <= 0) {
        return line;
      }
      line += byte;
      if (byte == '\n' && line.find("\"id\"") != std::string::npos) {
        return line;
      }
      line = byte == '\n' ? "" : line;
    }
  }

  Status end() {
    ::shutdown(ends_.client(), SHUT_WR);
    thread_.stop(WaitingJobs::kRun);
    return status_;
  }

  Ends ends_;
  Echo handler_;
  std::unique_ptr<StdioChannel> channel_;
  std::unique_ptr<RpcEndpoint> endpoint_;
  RpcEndpoint::Format format_ = RpcEndpoint::Format::kLines;
  Status status_;
  JobQueue thread_{"test", 1, 1};
};

TEST_F(Conversation, AnswersAtOnceAndByWork) {
  begin();
  send(R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":[1,"é"]}})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":[1,\"é\"]}}\n");
  send(R"({"jsonrpc":"2.0","id":"x","method":"work","params":[2]})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":[2]}\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, FindsMessagesBehindHeadersInAnyPieces) {
  RpcEndpoint::Options options;
  options.format = RpcEndpoint::Format::kContentLength;
  begin(options);
  const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"echo"})";
  const std::string message = fmt::format("Content-Type: x\r\ncontent-length:  {} \r\n\r\n{}", request.size(), request);
  for (const char c : message + message) {
    send_bytes({&c, 1});
  }
  const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":null})";
  const std::string framed = fmt::format("Content-Length: {}\r\n\r\n{}", answer.size(), answer);
  EXPECT_EQ(receive_until(answer + framed), framed + framed);
  EXPECT_TRUE(end());
}

TEST_F(Conversation, EndsWhereNoMessageCanBeFound) {
  RpcEndpoint::Options options;
  options.format = RpcEndpoint::Format::kContentLength;
  begin(options);
  send_bytes(std::string(5000, 'x'));
  receive_until("");
  thread_.stop(WaitingJobs::kRun);
  ASSERT_FALSE(status_);
  EXPECT_EQ(status_.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Conversation, GoesOnAfterWhatIsNoMessage) {
  begin();
  for (const std::string_view text :
       {"nonsense", "[]", "{}", R"({"jsonrpc":"2.0","id":1.5,"method":"echo"})",
        R"({"jsonrpc":"1.0","id":1,"method":"echo"})", R"({"jsonrpc":"2.0","id":1,"method":7})",
        R"({"jsonrpc":"2.0","id":1,"method":"echo","params":3})", R"({"jsonrpc":"2.0","id":1,"method":"none"})",
        R"({"jsonrpc":"2.0","id":1,"method":"throw"})"}) {
    send(text);
    EXPECT_NE(receive_answer().find("\"error\":{\"code\":-32"), std::string::npos) << text;
  }
  send(R"({"jsonrpc":"2.0","id":99,"result":{}})");
  send(R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"what?"}})");
  send(R"({"jsonrpc":"2.0","id":2,"method":"echo"})");
  EXPECT_EQ(receive_answer(), "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, PassesOverAMessageThatIsTooLong) {
  RpcEndpoint::Options options;
  options.message_bytes = 100;
  begin(options);
  send(std::string(1000, ' ') + "{}");
  EXPECT_NE(receive_until("\"lost\"}\n").find("above 100 bytes"), std::string::npos);
  send(R"({"jsonrpc":"2.0","id":2,"method":"echo"})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, SaysThatItHasLostAMessageOfWhichItKnowsNothing) {
  begin();
  send(R"({"jsonrpc":"2.0","id":1,"method":7})");
  send(R"({"jsonrpc":"2.0","method":"edit","params":{)");
  const std::string told = receive_until("\"lost\"}\n");
  EXPECT_NE(told.find("\"id\":1,\"error\""), std::string::npos) << "this one is known: a request";
  EXPECT_EQ(told.find("\"lost\""), told.rfind("\"lost\"")) << told;
  EXPECT_TRUE(end());
}

TEST_F(Conversation, CancelledRequestsAreAnsweredByAnError) {
  begin();
  send(R"({"jsonrpc":"2.0","id":1,"method":"wait"})");
  send(R"({"jsonrpc":"2.0","id":1,"method":"echo"})");
  EXPECT_NE(receive_until("\n").find("-32600"), std::string::npos) << "the id is taken";
  send(R"({"jsonrpc":"2.0","method":"cancel","params":{"id":1}})");
  EXPECT_NE(receive_until("\n").find("\"id\":1,\"error\":{\"code\":-32800"), std::string::npos);
  EXPECT_TRUE(end());
}

TEST_F(Conversation, CancelledRequestsAreDroppedWhereTheProtocolSaysSo) {
  RpcEndpoint::Options options;
  options.cancelled = RpcEndpoint::CancelledRequest::kDropped;
  options.threads = 1;
  begin(options);
  send(R"({"jsonrpc":"2.0","id":1,"method":"wait"})");
  send(R"({"jsonrpc":"2.0","method":"cancel","params":{"id":1}})");
  send(R"({"jsonrpc":"2.0","id":2,"method":"work"})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, AsksTheOtherSide) {
  begin();
  send(R"({"jsonrpc":"2.0","method":"ask"})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"question\",\"params\":{\"n\":1}}\n");
  send(R"({"jsonrpc":"2.0","id":1,"result":"yes"})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"method\":\"heard\",\"params\":\"yes\"}\n");
  send(R"({"jsonrpc":"2.0","method":"ask"})");
  receive_until("\n");
  send(R"({"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no"}})");
  EXPECT_EQ(receive_until("\n"), "{\"jsonrpc\":\"2.0\",\"method\":\"heard\",\"params\":\"no\"}\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, EndsWithItsInputWhileRequestsAreUnderWay) {
  begin();
  send(R"({"jsonrpc":"2.0","id":1,"method":"wait"})");
  send(R"({"jsonrpc":"2.0","method":"ask"})");
  receive_until("\n");
  EXPECT_TRUE(end());
}

TEST_F(Conversation, EndsWithAProcessThatIsWatched) {
  begin();
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  channel_->watch_process(child);
  send(R"({"jsonrpc":"2.0","id":2,"method":"echo"})");
  EXPECT_FALSE(receive_until("\n").empty()) << "as long as it lives nothing ends";
  send(R"({"jsonrpc":"2.0","id":3,"method":"wait"})");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  receive_until("");
  thread_.stop(WaitingJobs::kRun);
  EXPECT_TRUE(status_);
}

}  // namespace
}  // namespace repomap
