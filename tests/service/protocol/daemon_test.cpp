// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/protocol/daemon_lock.hpp"
#include "service/protocol/daemon_socket.hpp"
#include "service/protocol/rpc_error.hpp"
#include "tests/service/protocol/line_client.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/support/worker_processes.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

ResourcePaths resources() {
  return {.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"}, .data = {}, .user_languages = {}};
}

/// Daemons in processes of their own, which have one directory.
class DaemonTest : public testing::Test {
 protected:
  DaemonTest() : address_(*daemon_address_in(tree_.outside() + "/run")) {
    setenv("REPO_MAP_CACHE_DIR", (tree_.outside() + "/cache").c_str(), 1);
    tree_.write("a.c", "int alpha(void) { return 0; }\n");
  }

  /// The journal has "ready", or why not.
  std::size_t start(std::chrono::milliseconds idle_exit = 0ms) {
    return processes_.start([this, idle_exit](const WorkerProcesses::Journal& journal) {
      ServiceRegistry registry(resources(), {});
      const DaemonOptions options{
          .address = address_, .idle_exit = idle_exit, .on_ready = [&] { journal.write_line("ready"); }};
      const auto ended = run_daemon(options, registry);
      if (!ended) {
        journal.write_line(ended.error().message);
        return 1;
      }
      return *ended;
    });
  }

  std::size_t start_and_wait(std::chrono::milliseconds idle_exit = 0ms) {
    const std::size_t daemon = start(idle_exit);
    EXPECT_EQ(processes_.read_line(daemon), "ready");
    return daemon;
  }

  void connect(std::optional<LineClient>& client) const {
    const auto socket = LineClient::connect(address_.socket);
    ASSERT_TRUE(socket);
    client.emplace(*socket);
  }

  pid_t pid() const {
    pid_t number = 0;
    std::ifstream(address_.lock) >> number;
    return number;
  }

  /// The number of the subscription, made by request 1.
  Json subscribe(LineClient& client) const {
    client.request(1, "subscribe", root_params());
    return client.read_answer(1)["result"]["subscription"];
  }

  std::string root_params(std::string_view more = "") const {
    return "{\"root\":\"" + tree_.root() + "\"" + std::string(more) + "}";
  }

  const TemporaryTree tree_;
  const DaemonAddress address_;
  WorkerProcesses processes_;
};

mode_t mode_of(const std::string& path) {
  struct stat found{};
  return lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

TEST_F(DaemonTest, SaysWhoItIs) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "hello", R"({"client":"test","version":"1"})");
  const Json answer = client->read()["result"];
  EXPECT_EQ(answer["name"], "repomap");
  EXPECT_EQ(answer["pid"], pid());
  EXPECT_EQ(answer["protocol"], 1);
  EXPECT_EQ(answer["build"], build_id());
}

TEST_F(DaemonTest, KeepsItsSocketForItsUser) {
  start_and_wait();
  EXPECT_EQ(mode_of(address_.directory), 0700U);
  EXPECT_EQ(mode_of(address_.socket), 0600U);
  EXPECT_EQ(mode_of(address_.lock), 0600U);
}

TEST_F(DaemonTest, AnswersWithMapsAndSymbols) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "map", root_params(R"(,"tokenizer":"chars4","complete":"whole")"));
  const Json map = client->read_answer(1);
  ASSERT_TRUE(map.contains("result")) << map;
  EXPECT_NE(map["result"]["text"].get<std::string>().find("alpha"), std::string::npos) << map;
  client->request(2, "symbols", root_params(R"(,"pattern":"alp","complete":"whole")"));
  const Json symbols = client->read_answer(2);
  ASSERT_TRUE(symbols.contains("result")) << symbols;
  EXPECT_EQ(symbols["result"]["symbols"][0]["name"], "alpha");
  client->request(3, "outline", root_params(R"(,"path":"a.c")"));
  EXPECT_EQ(client->read_answer(3)["result"]["symbols"][0]["name"], "alpha");
  client->request(4, "tree", root_params(R"(,"path":"a.c","lines":[1])"));
  EXPECT_NE(client->read_answer(4)["result"]["text"].get<std::string>().find("alpha"), std::string::npos);
  client->request(5, "tags", root_params(R"(,"limit":1,"complete":"whole")"));
  EXPECT_EQ(client->read_answer(5)["result"]["tags"].size(), 1U);
  client->request(6, "status");
  const Json status = client->read_answer(6)["result"];
  EXPECT_EQ(status["daemon"]["pid"], pid());
  EXPECT_EQ(status["daemon"]["connections"], 1);
  EXPECT_EQ(status["repositories"][0]["root"], tree_.root());
}

TEST_F(DaemonTest, RefusesParametersThatItDoesNotKnow) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "map", root_params(R"(,"tokenz":7)"));
  const Json error = client->read()["error"];
  EXPECT_EQ(error["code"], rpc_code::kInvalidParams);
  EXPECT_NE(error["message"].get<std::string>().find("tokens"), std::string::npos) << error;
  client->request(2, "map", R"({"root":"/nonexistent/directory"})");
  EXPECT_EQ(client->read()["error"]["data"]["code"], "not_found");
  client->request(3, "map", root_params(R"(,"settings":"other")"));
  EXPECT_EQ(client->read()["error"]["code"], rpc_code::kSettingsDiffer);
  client->request(4, "map", root_params(R"(,"deadline_ms":0)"));
  EXPECT_EQ(client->read()["error"]["code"], rpc_code::kLimitExceeded);
}

TEST_F(DaemonTest, TellsSubscribersOfChanges) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  const Json subscription = subscribe(*client);
  client->request(2, "sync", root_params());
  ASSERT_TRUE(client->read_answer(2).contains("result"));
  tree_.write("b.c", "int beta(void) { return 0; }\n");
  client->request(3, "sync", root_params());
  std::optional<Json> changed;
  for (Json message = client->read(); !message.is_null(); message = client->read()) {
    if (message.value("method", "") == "changed" &&
        message["params"]["paths"].dump().find("b.c") != std::string::npos) {
      changed = message["params"];
      break;
    }
  }
  ASSERT_TRUE(changed);
  EXPECT_EQ((*changed)["subscription"], subscription);
  EXPECT_EQ((*changed)["root"], tree_.root());
  const std::string parameters = Json::object({{"subscription", subscription}}).dump();
  client->request(4, "unsubscribe", parameters);
  EXPECT_TRUE(client->read_answer(4).contains("result"));
  client->request(5, "unsubscribe", parameters);
  EXPECT_EQ(client->read_answer(5)["error"]["data"]["code"], "not_found");
}

TEST_F(DaemonTest, GivesItsMetrics) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "hello");
  client->read_answer(1);
  client->request(2, "metrics");
  const auto text = client->read_answer(2)["result"]["text"].get<std::string>();
  EXPECT_NE(text.find("repomap_requests_total{method=\"hello\",outcome=\"ok\"} 1\n"), std::string::npos) << text;
}

TEST_F(DaemonTest, LeavesTheFieldToTheOneThatRuns) {
  const std::size_t first = start_and_wait();
  const std::size_t second = start();
  EXPECT_EQ(processes_.read_line(second), "a daemon runs already: process " + std::to_string(pid()));
  EXPECT_EQ(processes_.wait(second), 1);
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "hello");
  EXPECT_TRUE(client->read().contains("result"));
  kill(pid(), SIGTERM);
  EXPECT_EQ(processes_.wait(first), 0);
}

TEST_F(DaemonTest, TakesThePlaceOfOneThatWasKilled) {
  const std::size_t killed = start_and_wait();
  processes_.kill(killed);
  processes_.wait(killed);
  EXPECT_EQ(mode_of(address_.socket), 0600U) << "the socket is left behind";
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "hello");
  EXPECT_EQ(client->read()["result"]["pid"], pid());
}

TEST_F(DaemonTest, LeavesAFileThatIsNoSocketAlone) {
  ASSERT_TRUE(ensure_daemon_directory(address_));
  std::ofstream(address_.socket) << "precious";
  const std::size_t daemon = start();
  EXPECT_EQ(processes_.read_line(daemon), address_.socket + ": not a socket; remove it");
  EXPECT_EQ(processes_.wait(daemon), 1);
  EXPECT_EQ(std::filesystem::file_size(address_.socket), 8U);
}

TEST_F(DaemonTest, LeavesASocketWhereSomebodyListensAlone) {
  ASSERT_TRUE(ensure_daemon_directory(address_));
  const auto other = DaemonSocket::bind(address_.socket);
  ASSERT_TRUE(other);
  const std::size_t daemon = start();
  EXPECT_EQ(processes_.read_line(daemon), address_.socket + ": another process listens there");
  EXPECT_EQ(processes_.wait(daemon), 1);
}

TEST_F(DaemonTest, RemovesItsSocketAtItsEndButNotThatOfAnother) {
  const std::size_t first = start_and_wait();
  kill(pid(), SIGTERM);
  EXPECT_EQ(processes_.wait(first), 0);
  EXPECT_FALSE(std::filesystem::exists(address_.socket));
  const std::size_t second = start_and_wait();
  std::filesystem::remove(address_.socket);
  std::ofstream(address_.socket) << "another";
  kill(pid(), SIGTERM);
  EXPECT_EQ(processes_.wait(second), 0);
  EXPECT_TRUE(std::filesystem::exists(address_.socket));
}

TEST_F(DaemonTest, EndsByRequestAndAnswersIt) {
  for (const char* params : {"{}", R"({"drain":true})"}) {
    const std::size_t daemon = start_and_wait();
    std::optional<LineClient> client;
    connect(client);
    client->request(1, "shutdown", params);
    EXPECT_TRUE(client->read().contains("result")) << params;
    EXPECT_TRUE(client->is_closed_by_server());
    EXPECT_EQ(processes_.wait(daemon), 0);
  }
}

TEST_F(DaemonTest, EndsWhileRequestsComeIn) {
  const std::size_t daemon = start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  for (int id = 1; id <= 50; ++id) {
    client->request(id, "map", root_params(R"(,"tokenizer":"chars4","complete":"whole")"));
  }
  kill(pid(), SIGTERM);
  EXPECT_TRUE(client->is_closed_by_server());
  EXPECT_EQ(processes_.wait(daemon), 0);
}

TEST_F(DaemonTest, EndsByItselfWhenNobodyIsConnected) {
  const std::size_t daemon = start_and_wait(200ms);
  EXPECT_EQ(processes_.wait(daemon), 0);
  EXPECT_FALSE(std::filesystem::exists(address_.socket));
}

TEST_F(DaemonTest, StaysAsLongAsSomebodyIsConnected) {
  const std::size_t daemon = start_and_wait(200ms);
  std::optional<LineClient> client;
  connect(client);
  const auto begin = std::chrono::steady_clock::now();
  int id = 0;
  while (std::chrono::steady_clock::now() - begin < 600ms) {  // several times as long as it stays alone
    client->request(++id, "hello");
    ASSERT_TRUE(client->read().contains("result"));
  }
  client->close();
  EXPECT_EQ(processes_.wait(daemon), 0);
}

TEST_F(DaemonTest, ReadsTheSettingsAnew) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "map", root_params(R"(,"tokenizer":"chars4","complete":"whole")"));
  EXPECT_EQ(client->read_answer(1)["result"]["budget"], 1024);
  tree_.write("repomap.toml", "tokens = 2048\n");
  client->request(2, "reload");
  EXPECT_TRUE(client->read_answer(2).contains("result"));
  client->request(3, "map", root_params(R"(,"tokenizer":"chars4","complete":"whole")"));
  EXPECT_EQ(client->read_answer(3)["result"]["budget"], 2048);
}

TEST_F(DaemonTest, TellsWhatReadingTheSettingsAnewUnloads) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  const Json subscription = subscribe(*client);
  client->request(2, "sync", root_params());
  const Json before = client->read_answer(2)["result"]["generation"];
  client->request(3, "reload");
  Json message = client->read();
  while (!message.is_null() && message.value("method", "") != "unloaded" && message.value("id", 0) != 3) {
    message = client->read();
  }
  EXPECT_EQ(message["params"], Json::object({{"subscription", subscription}, {"root", tree_.root()}})) << message;
  client->request(4, "sync", root_params());
  EXPECT_GT(client->read_answer(4)["result"]["generation"], before);
}

TEST_F(DaemonTest, AnswersOthersWhenManyAskForWhatMayNeverCome) {
  start_and_wait();
  std::optional<LineClient> client;
  connect(client);
  for (int id = 1; id <= 20; ++id) {
    client->request(id, "map", root_params(R"(,"tokenizer":"chars4","min_generation":1000000)"));
  }
  client->request(21, "sync", root_params());
  EXPECT_TRUE(client->read_answer(21).contains("result"));
  client->request(22, "map", root_params(R"(,"tokenizer":"chars4","min_generation":1000000)"));
  EXPECT_EQ(client->read_answer(22)["error"]["data"]["code"], "limit_exceeded");
}

TEST_F(DaemonTest, ServesTheSocketOfTheServiceManagerAndReportsToIt) {
  ASSERT_TRUE(ensure_daemon_directory(address_));
  const std::string notify = address_.directory + "/notify";
  const int reports = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  notify.copy(place.sun_path, sizeof place.sun_path - 1);
  ASSERT_EQ(bind(reports, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  auto handed_over = DaemonSocket::bind(address_.socket);
  ASSERT_TRUE(handed_over);
  const int listening = handed_over->release();
  const std::size_t daemon = processes_.start([&](const WorkerProcesses::Journal&) {
    dup2(listening, 3);
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
    setenv("LISTEN_FDS", "1", 1);
    setenv("NOTIFY_SOCKET", notify.c_str(), 1);
    ServiceRegistry registry(resources(), {});
    const auto ended = run_daemon({.address = address_, .idle_exit = 0ms}, registry);
    return ended && std::getenv("LISTEN_FDS") == nullptr ? *ended : 1;
  });
  std::array<char, 64> report{};
  ASSERT_GT(recv(reports, report.data(), report.size(), 0), 0);
  EXPECT_STREQ(report.data(), "READY=1");
  std::optional<LineClient> client;
  connect(client);
  client->request(1, "hello");
  EXPECT_TRUE(client->read().contains("result"));
  kill(pid(), SIGINT);
  EXPECT_EQ(processes_.wait(daemon), 0);
  EXPECT_TRUE(std::filesystem::exists(address_.socket)) << "it is the service manager's";
  close(listening);
  close(reports);
}

TEST(DaemonLock, IsHeldOnceAndNamesItsHolder) {
  const TemporaryTree tree;
  const std::string path = tree.path("daemon.lock");
  {
    auto first = DaemonLock::acquire(path);
    ASSERT_TRUE(first);
    const auto second = DaemonLock::acquire(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kBusy);
    EXPECT_EQ(second.error().message, "a daemon runs already: process " + std::to_string(getpid()));
  }
  EXPECT_TRUE(DaemonLock::acquire(path));
}

TEST(DaemonLock, FollowsNoLink) {
  const TemporaryTree tree;
  tree.write("precious", "text");
  tree.link("daemon.lock", tree.path("precious"));
  EXPECT_FALSE(DaemonLock::acquire(tree.path("daemon.lock")));
  EXPECT_EQ(std::filesystem::file_size(tree.path("precious")), 4U);
}

}  // namespace
}  // namespace repomap
