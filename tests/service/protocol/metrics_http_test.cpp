// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/metrics_http.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/job_queue.hpp"

namespace repomap {
namespace {

/// A server with a thread of its own, and a client that blocks.
class MetricsHttpTest : public testing::Test {
 protected:
  MetricsHttpTest() {
    auto opened = MetricsHttp::listen(io_, 0, [](const MetricsHttp::Deliver& deliver) { deliver("some 1\n"); });
    EXPECT_TRUE(opened);
    server_ = std::move(*opened);
    port_ = server_->port();
    EXPECT_TRUE(runner_.add([this] { io_.run(); }));
  }
  ~MetricsHttpTest() override {
    boost::asio::post(io_, [this] {
      server_.reset();
      guard_.reset();
    });
    runner_.stop(WaitingJobs::kRun);
  }

  std::string ask(const std::string& request) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(send(client, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    std::string answer;
    std::array<char, 4096> room{};
    for (ssize_t bytes = 1; bytes > 0;) {
      bytes = recv(client, room.data(), room.size(), 0);
      answer.append(room.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    }
    close(client);
    return answer;
  }

  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard_{std::in_place,
                                                                                                 io_.get_executor()};
  std::unique_ptr<MetricsHttp> server_;
  std::uint16_t port_ = 0;
  JobQueue runner_{"test-io", 1, 1};
};

TEST_F(MetricsHttpTest, AnswersWithTheText) {
  const std::string answer = ask("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:1234\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nsome 1\n")) << answer;
}

TEST_F(MetricsHttpTest, AnswersHeadWithoutTheText) {
  const std::string answer = ask("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(MetricsHttpTest, RefusesEverythingElse) {
  const std::array<std::pair<std::string, std::string>, 4> wrong{
      {{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"},
       {"POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"},
       {"GET /metrics HTTP/1.1\r\nHost: attacker.example\r\n\r\n", "403"},
       {"GET /metrics HTTP/1.1\r\n\r\n", "403"}}};
  for (const auto& [request, status] : wrong) {
    EXPECT_TRUE(ask(request).starts_with("HTTP/1.1 " + status)) << request;
  }
}

TEST_F(MetricsHttpTest, ClosesOnWhatIsNoRequest) {
  EXPECT_EQ(ask("\x16\x03\x01 hello\r\n\r\n"), "");
  EXPECT_EQ(ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\nA: " + std::string(10'000, 'x') + "\r\n\r\n"), "");
  EXPECT_EQ(ask("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"), "");
  EXPECT_TRUE(ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").ends_with("some 1\n"));
}

TEST_F(MetricsHttpTest, NamesThePortThatIsTaken) {
  const auto second = MetricsHttp::listen(io_, port_, [](const MetricsHttp::Deliver&) {});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("127.0.0.1:" + std::to_string(port_)), std::string::npos);
}

}  // namespace
}  // namespace repomap
