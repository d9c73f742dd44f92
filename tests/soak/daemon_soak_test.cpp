// SPDX-License-Identifier: Apache-2.0
//
// Many clients ask a daemon at once while files change, and each answer is held against what was saved when it was
// asked for. The short form runs with the tests; docs/TESTING.md tells of the long one:
//   REPOMAP_SOAK_SECONDS     how long (3)
//   REPOMAP_SOAK_CLIENTS     how many at once (16)
//   REPOMAP_SOAK_REPOSITORY  a tree to copy and work on (one is made)
//   REPOMAP_SOAK_WRITE_MS    the pause between two changes (20)
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/job_queue.hpp"
#include "service/protocol/daemon.hpp"
#include "tests/service/protocol/line_client.hpp"
#include "tests/soak/live_files.hpp"
#include "tests/soak/soak_report.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/support/worker_processes.hpp"

namespace repomap {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::size_t number_of(const char* variable, std::size_t otherwise) {
  const char* const text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

ResourcePaths resources() {
  return {.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"}, .data = {}, .user_languages = {}};
}

/// A tree of files that call each other's functions.
void write_sources(const TemporaryTree& tree) {
  constexpr std::size_t kSources = 200;
  for (std::size_t file = 0; file < kSources; ++file) {
    std::string text;
    for (std::size_t function = 0; function < 10; ++function) {
      fmt::format_to(std::back_inserter(text), "int part_{}_{}(int a) {{ return part_{}_{}(a) + {}; }}\n", file,
                     function, (file * 7 + function) % kSources, (function + 1) % 10, file);
    }
    tree.write(fmt::format("src/d{}/s{}.c", file % 10, file), text);
  }
}

/// One client: asks, and holds the answers against the files.
class Client {
 public:
  Client(const std::string& socket, const std::string& root, const LiveFiles& files, SoakReport& report, unsigned seed)
      : client_(*LineClient::connect(socket)), root_(root), files_(files), report_(report), random_(seed) {}

  void ask_once() {
    switch (random_() % 5) {
      case 0: return ask_for_live_map();
      case 1: return ask_for_symbol();
      case 2: return ask_for_outline();
      case 3: return ask_for_map("same_map", R"(,"tokens":1024)");
      default: break;
    }
    const std::string mention = fmt::format("part_{}_{}", random_() % 200, random_() % 10);
    ask_for_map("mention_map", fmt::format(R"(,"tokens":1024,"mention_idents":["{}","new_{}"])", mention, random_()));
  }

  void ask_for_status() {
    const Json status = ask("status", "status", "{}");
    if (!status.is_null()) {
      report_.add_memory(status["daemon"]["rss_bytes"]);
    }
  }

 private:
  using Versions = std::array<std::uint64_t, LiveFiles::kFiles>;

  /// Null for an answer that is none; the report then says so.
  Json ask(const std::string& kind, std::string_view method, const std::string& params) {
    const SteadyClock::time_point begin = SteadyClock::now();
    client_.request(++id_, method, params);
    Json answer = client_.read_answer(id_);
    report_.add(kind, SteadyClock::now() - begin);
    if (!answer.is_object() || !answer.contains("result")) {
      report_.object(fmt::format("{}: {}", kind, answer.dump()));
      return {};
    }
    return std::move(answer["result"]);
  }

  static std::string params(std::string_view root, std::string_view more) {
    return fmt::format(R"({{"root":"{}","complete":"whole","tokenizer":"chars4"{}}})", root, more);
  }

  Versions saved() const {
    Versions versions{};
    for (std::size_t file = 0; file < LiveFiles::kFiles; ++file) {
      versions[file] = files_.saved(file);
    }
    return versions;
  }

  void check(const std::string& kind, const std::string& text, std::size_t file, std::uint64_t least) {
    if (const std::string objection = files_.objection(text, file, least); !objection.empty()) {
      report_.object(fmt::format("{}: {}: {}", kind, objection, text));
    }
  }

  /// The generation of a repository never falls, and nothing is left out of a whole answer.
  void check_freshness(const Json& answer, std::uint64_t& former) {
    const std::uint64_t generation = answer["freshness"]["generation"];
    if (generation < former || answer["freshness"]["pending"] != 0) {
      report_.object(fmt::format("generation {} after {}, {}", generation, former, answer["freshness"].dump()));
    }
    former = generation;
  }

  /// The directory is a repository of its own too, of which everything is in the map.
  void ask_for_live_map() {
    const Versions least = saved();
    const Json answer = ask("live_map", "map", params(root_ + "/live", R"(,"tokens":4096)"));
    if (answer.is_null()) {
      return;
    }
    check_freshness(answer, live_generation_);
    for (std::size_t file = 0; file < LiveFiles::kFiles; ++file) {
      check("live_map", answer["text"], file, least[file]);
    }
  }

  void ask_for_map(const std::string& kind, std::string_view more) {
    const Json answer = ask(kind, "map", params(root_, more));
    if (answer.is_null()) {
      return;
    }
    check_freshness(answer, generation_);
    if (answer["text"] == "" || answer["tokens"] > 1024) {
      report_.object(fmt::format("{}: a map of {} tokens", kind, answer["tokens"].dump()));
    }
  }

  void ask_for_symbol() {
    const std::size_t file = random_() % LiveFiles::kFiles;
    const std::uint64_t least = files_.saved(file);
    const Json answer = ask("symbols", "symbols",
                            fmt::format(R"({{"root":"{}","complete":"whole","pattern":"live_{}_v*"}})", root_, file));
    if (!answer.is_null()) {
      check_freshness(answer, generation_);
      check("symbols", answer["symbols"].dump(), file, least);
    }
  }

  void ask_for_outline() {
    const std::size_t file = random_() % LiveFiles::kFiles;
    const std::uint64_t least = files_.saved(file);
    const Json answer =
        ask("outline", "outline", fmt::format(R"({{"root":"{}","path":"{}"}})", root_, LiveFiles::path(file)));
    if (!answer.is_null()) {
      check("outline", answer["symbols"].dump(), file, least);
    }
  }

  LineClient client_;
  const std::string root_;
  const LiveFiles& files_;
  SoakReport& report_;
  std::mt19937 random_;
  int id_ = 0;
  std::uint64_t generation_ = 0;
  std::uint64_t live_generation_ = 0;
};

class DaemonSoakTest : public testing::Test {
 protected:
  DaemonSoakTest() : address_(*daemon_address_in(tree_.outside() + "/run")), files_(tree_.root()) {
    setenv("REPO_MAP_CACHE_DIR", (tree_.outside() + "/cache").c_str(), 1);
    if (const char* const repository = std::getenv("REPOMAP_SOAK_REPOSITORY"); repository != nullptr) {
      std::filesystem::copy(repository, tree_.root(),
                            std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    } else {
      write_sources(tree_);
    }
    tree_.make_directory("live");
    for (std::size_t file = 0; file < LiveFiles::kFiles; ++file) {
      files_.write_next(file);
    }
    const std::size_t daemon = processes_.start([this](const WorkerProcesses::Journal& journal) {
      ServiceRegistry registry(resources(), {});
      const auto ended = run_daemon({.address = address_, .on_ready = [&] { journal.write_line("ready"); }}, registry);
      return ended ? *ended : 1;
    });
    EXPECT_EQ(processes_.read_line(daemon), "ready");
  }

  void use(unsigned seed, SteadyClock::time_point end) {
    Client client(address_.socket, tree_.root(), files_, report_, seed);
    do {
      client.ask_once();
    } while (SteadyClock::now() < end && report_.objections().empty());
  }

  void watch_memory(SteadyClock::time_point end) {
    Client client(address_.socket, tree_.root(), files_, report_, 0);
    do {
      client.ask_for_status();
      system_clock().sleep_for(std::chrono::milliseconds(500));
    } while (SteadyClock::now() < end);
  }

  void change_files(SteadyClock::time_point end, std::chrono::milliseconds pause) {
    for (std::size_t turn = 0; SteadyClock::now() < end; ++turn) {
      files_.write_next(turn % LiveFiles::kFiles);
      system_clock().sleep_for(pause);
    }
  }

  const TemporaryTree tree_;
  const DaemonAddress address_;
  LiveFiles files_;
  SoakReport report_;
  WorkerProcesses processes_;
};

TEST_F(DaemonSoakTest, AnswersManyClientsByWhatIsSavedWhileFilesChange) {
  const std::size_t clients = number_of("REPOMAP_SOAK_CLIENTS", 16);
  const std::chrono::seconds duration(number_of("REPOMAP_SOAK_SECONDS", 3));
  const std::chrono::milliseconds pause(number_of("REPOMAP_SOAK_WRITE_MS", 20));
  {
    Client first(address_.socket, tree_.root(), files_, report_, 0);
    first.ask_once();  // the repository is indexed, which is not what is measured
  }
  const SteadyClock::time_point end = SteadyClock::now() + duration;
  JobQueue threads("soak", clients + 2, clients + 2);
  for (std::size_t client = 1; client <= clients; ++client) {
    ASSERT_TRUE(threads.add([this, client, end] { use(static_cast<unsigned>(client), end); }));
  }
  ASSERT_TRUE(threads.add([this, end] { watch_memory(end); }));
  ASSERT_TRUE(threads.add([this, end, pause] { change_files(end, pause); }));
  threads.stop(WaitingJobs::kRun);
  std::fputs(report_.text().c_str(), stdout);
  EXPECT_EQ(report_.objections(), "");
  for (const char* kind : {"live_map", "symbols", "outline", "same_map", "mention_map", "status"}) {
    EXPECT_GT(report_.count(kind), 0U) << kind;
  }
}

}  // namespace
}  // namespace repomap
