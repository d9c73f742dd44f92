// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_http.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/job_queue.hpp"
#include "service/protocol/mcp_http_checks.hpp"
#include "tests/service/protocol/mcp_rig.hpp"

namespace repomap {
namespace {

using boost::asio::ip::tcp;

/// A connection that says what the test says.
class Peer {
 public:
  explicit Peer(std::uint16_t port) { socket_.connect({boost::asio::ip::address_v4::loopback(), port}); }

  void send(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  /// Up to and with the text.
  std::string read_until(const std::string& text) {
    const std::size_t size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(read_), text);
    std::string result = read_.substr(0, size);
    read_.erase(0, size);
    return result;
  }

  /// All that comes until the server closes.
  std::string read_all() {
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(read_), error);
    return std::exchange(read_, {});
  }

  void close() { socket_.close(); }

 private:
  boost::asio::io_context io_;
  tcp::socket socket_{io_};
  std::string read_;
};

class McpHttpTest : public McpRig {
 protected:
  void start(McpHttpSettings settings = {}) {
    http_ = std::move(McpHttp::listen(*server_, settings).value());
    static_cast<void>(runner_.add([this] { http_->run(); }));
  }

  ~McpHttpTest() override {
    if (http_) {
      http_->stop();
    }
    runner_.stop(WaitingJobs::kRun);
  }

  static std::string request(const Json& body, const std::string& headers, const std::string& verb = "POST") {
    const std::string text = body.is_null() ? "" : body.dump();
    return verb + " /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
           "Accept: application/json, text/event-stream\r\n" + headers +
           "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
  }

  std::string modern(const std::string& method, Json params, const std::string& headers = "") {
    params["_meta"].update(meta());
    return request({{"jsonrpc", "2.0"}, {"id", "r1"}, {"method", method}, {"params", params}},
                   "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n" + headers);
  }

  std::string map_call(Json extra = Json::object()) {
    extra["name"] = "repo_map";
    return modern("tools/call", std::move(extra), "Mcp-Name: repo_map\r\n");
  }

  std::string answer(const std::string& request) {
    Peer peer(http_->port());
    peer.send(request);
    return peer.read_all();
  }

  /// The header of a new session of a legacy client.
  std::string open_session() {
    const std::string said = answer(request(
        {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", {{"protocolVersion", "2025-06-18"}}}},
        ""));
    const auto begin = said.find("Mcp-Session-Id: ");
    return begin == std::string::npos ? said : said.substr(begin, said.find("\r\n", begin) + 2 - begin);
  }

  /// Opens the stream of a session's updates; gives its head.
  std::string listen(Peer& peer, const std::string& session) {
    peer.send(request(Json(), session, "GET"));
    return peer.read_until("\r\n\r\n");
  }

  bool has_session(const std::string& session) {
    return answer(request({{"jsonrpc", "2.0"}, {"id", 2}, {"method", "ping"}}, session)).starts_with("HTTP/1.1 200");
  }

  std::string subscribe(const std::string& session) {
    return answer(request(
        {{"jsonrpc", "2.0"}, {"id", 2}, {"method", "resources/subscribe"}, {"params", {{"uri", uri()}}}}, session));
  }

  std::string uri() { return "repomap://" + server_->roots().find("")->id + "/map"; }

  std::unique_ptr<McpHttp> http_;
  JobQueue runner_{"test-http", 1, 1};
};

TEST_F(McpHttpTest, AnswersByJsonWhereThereIsNothingElseToSay) {
  start();
  const std::string said = answer(map_call());
  EXPECT_TRUE(said.starts_with("HTTP/1.1 200")) << said;
  EXPECT_NE(said.find("application/json"), std::string::npos);
  EXPECT_NE(said.find("\"id\":\"r1\""), std::string::npos);
}

TEST_F(McpHttpTest, StreamsProgressBeforeTheAnswer) {
  start();
  queries_.progress = 10;
  const std::string said = answer(map_call({{"_meta", {{"progressToken", 1}}}}));
  EXPECT_NE(said.find("text/event-stream"), std::string::npos) << said;
  const auto progress = said.find("notifications/progress");
  const auto result = said.find("\"result\"");
  ASSERT_NE(result, std::string::npos) << said;
  EXPECT_LT(progress, result);
  EXPECT_TRUE(said.ends_with("0\r\n\r\n")) << "the stream ends with its answer";
}

TEST_F(McpHttpTest, CancelsTheWorkOfAClientThatLeaves) {
  TestGate gate;
  queries_.gate = &gate;
  start();
  Peer peer(http_->port());
  peer.send(map_call());
  gate.wait_for_arrived(1);
  peer.close();
  gate.wait_for_left(1);
  queries_.gate = nullptr;
  EXPECT_TRUE(answer(map_call()).starts_with("HTTP/1.1 200"));
}

TEST_F(McpHttpTest, ListensUntilTheClientLeaves) {
  start();
  Peer peer(http_->port());
  peer.send(modern("subscriptions/listen", {{"notifications", {{"resourceSubscriptions", {uri()}}}}}));
  EXPECT_NE(peer.read_until("\n\n").find("text/event-stream"), std::string::npos);
  queries_.wait_for_listeners(1);
  queries_.change(8);
  const std::string update = peer.read_until("/map\"}}");
  EXPECT_NE(update.find("\"io.modelcontextprotocol/subscriptionId\":\"r1\""), std::string::npos) << update;
  peer.close();
  queries_.wait_for_listeners(0);
}

TEST_F(McpHttpTest, CommentsInAQuietStream) {
  McpHttpSettings settings;
  settings.keep_alive = std::chrono::milliseconds(5);
  start(settings);
  Peer peer(http_->port());
  peer.send(modern("subscriptions/listen", {{"notifications", Json::object()}}));
  peer.read_until("acknowledged");
  peer.read_until("\n:\n\n");
}

TEST_F(McpHttpTest, KeepsTheConversationOfALegacyClientBySession) {
  start();
  const std::string session = open_session();
  ASSERT_TRUE(session.starts_with("Mcp-Session-Id: ")) << session;
  Peer updates(http_->port());
  EXPECT_NE(listen(updates, session).find("text/event-stream"), std::string::npos);
  EXPECT_NE(subscribe(session).find("\"result\":{}"), std::string::npos);
  queries_.change(8);
  updates.read_until("notifications/resources/updated");
  EXPECT_TRUE(answer(request(Json(), session, "DELETE")).starts_with("HTTP/1.1 204"));
  updates.read_all();
  queries_.wait_for_listeners(0);
}

TEST_F(McpHttpTest, CancelsForLegacyClientsByNotification) {
  TestGate gate;
  queries_.gate = &gate;
  start();
  const std::string session = open_session();
  Peer peer(http_->port());
  peer.send(
      request({{"jsonrpc", "2.0"}, {"id", 7}, {"method", "tools/call"}, {"params", {{"name", "repo_map"}}}}, session));
  gate.wait_for_arrived(1);
  answer(request({{"jsonrpc", "2.0"}, {"method", "notifications/cancelled"}, {"params", {{"requestId", 7}}}}, session));
  gate.wait_for_left(1);
  EXPECT_NE(peer.read_all().find("\"error\""), std::string::npos);
}

TEST_F(McpHttpTest, EndsTheSessionThatIsUnusedForLongest) {
  McpHttpSettings settings;
  settings.sessions = 1;
  start(settings);
  const std::string session = open_session();
  EXPECT_TRUE(has_session(session));
  open_session();
  const Json ping = {{"jsonrpc", "2.0"}, {"id", 2}, {"method", "ping"}};
  EXPECT_TRUE(answer(request(ping, session)).starts_with("HTTP/1.1 404"));
}

TEST_F(McpHttpTest, EndsSessionsThatNobodyListensToFirst) {
  McpHttpSettings settings;
  settings.sessions = 2;
  start(settings);
  const std::string first = open_session();
  Peer updates(http_->port());
  listen(updates, first);
  const std::string second = open_session();
  const std::string third = open_session();
  EXPECT_TRUE(has_session(first));
  EXPECT_FALSE(has_session(second));
  EXPECT_TRUE(has_session(third));
}

TEST_F(McpHttpTest, EndsTheStreamOfASessionThatEnds) {
  McpHttpSettings settings;
  settings.sessions = 1;
  start(settings);
  const std::string session = open_session();
  Peer updates(http_->port());
  listen(updates, session);
  open_session();
  EXPECT_TRUE(updates.read_all().ends_with("0\r\n\r\n"));
  EXPECT_FALSE(has_session(session));
}

TEST_F(McpHttpTest, KeepsUpdatesForALegacyClientThatDoesNotListen) {
  start();
  const std::string session = open_session();
  EXPECT_NE(subscribe(session).find("\"result\":{}"), std::string::npos);
  queries_.change(8);
  queries_.change(9);
  Peer updates(http_->port());
  updates.send(request(Json(), session, "GET"));
  updates.read_until("notifications/resources/updated");
  EXPECT_TRUE(answer(request(Json(), session, "DELETE")).starts_with("HTTP/1.1 204"));
  EXPECT_EQ(updates.read_all().find("notifications/resources/updated"), std::string::npos) << "one says it all";
}

TEST_F(McpHttpTest, GivesUpOnClientsThatAreSlow) {
  McpHttpSettings settings;
  settings.patience = std::chrono::milliseconds(20);
  start(settings);
  Peer peer(http_->port());
  peer.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  EXPECT_EQ(peer.read_all(), "");
}

TEST_F(McpHttpTest, TakesNoMoreConnectionsThanItMay) {
  McpHttpSettings settings;
  settings.connections = 1;
  start(settings);
  Peer first(http_->port());
  first.send(modern("subscriptions/listen", {{"notifications", Json::object()}}));
  first.read_until("acknowledged");
  Peer second(http_->port());
  EXPECT_EQ(second.read_all(), "");
}

TEST_F(McpHttpTest, SurvivesWhatIsNoHttp) {
  start();
  for (const std::string& noise :
       std::vector<std::string>{"\r\n\r\n", std::string(1000, '\0'), "GET\r\n\r\n", "POST /mcp HTTP/9.9\r\n\r\n",
                                "POST /mcp HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                                "POST /mcp HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_FALSE(answer(noise).starts_with("HTTP/1.1 200"));
  }
  EXPECT_TRUE(answer(request(Json::array(), "")).starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(answer(map_call()).starts_with("HTTP/1.1 200"));
}

TEST(McpHttpChecks, KnowTheLoopbackInterface) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:1", "[::1]", "[::1]:80"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
    EXPECT_TRUE(is_loopback_origin(std::string("http://") + host)) << host;
  }
  for (const char* host :
       {"", "example.com", "127.0.0.1.example.com", "localhost.example.com:80", "[::2]", "::1", "[", ":80"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
  for (const char* origin : {"null", "file://", "127.0.0.1", "http://example.com", "ftp://localhost"}) {
    EXPECT_FALSE(is_loopback_origin(origin)) << origin;
  }
}

TEST(McpHttpChecks, TakeOnlyTheWholeToken) {
  EXPECT_TRUE(is_authorized("Bearer secret", "secret"));
  EXPECT_TRUE(is_authorized("bearer secret", "secret"));
  for (const char* given :
       {"", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer Secret", "Basic secret"}) {
    EXPECT_FALSE(is_authorized(given, "secret")) << given;
  }
  EXPECT_EQ(make_http_token()->size(), 64U);
  EXPECT_NE(make_http_token().value(), make_http_token().value());
}

}  // namespace
}  // namespace repomap
