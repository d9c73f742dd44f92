// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/task_pool.hpp"
#include "service/service.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

/// Events of a service, to wait for. Thread-safe.
class EventLog {
 public:
  Service::EventSink sink() {
    return [this](const RepositoryEvent& event) {
      {
        MutexLock lock(mutex_);
        events_.push_back(event);
      }
      changed_.notify_all();
    };
  }

  /// Waits until there is an event of that kind at or above a generation.
  bool wait_for(RepositoryEvent::Kind kind, std::uint64_t generation) {
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    MutexLock lock(mutex_);
    while (std::chrono::steady_clock::now() < give_up) {
      for (const RepositoryEvent& event : events_) {
        if (event.kind == kind && event.generation >= generation) {
          return true;
        }
      }
      changed_.wait_for(mutex_, 100ms);
    }
    return false;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<RepositoryEvent> events_ GUARDED_BY(mutex_);
};

class LiveService : public testing::Test {
 protected:
  LiveService() {
    tree_.write("used.py", "def helper():\n    return 1\n");
    tree_.write("main.py", "import used\n\ndef main():\n    return used.helper()\n");
    tree_.write("lib/other.py", "def lonely():\n    return helper()\n");
  }

  std::unique_ptr<Service> open(WatchPolicy watch, const LiveSettings& live = {}) const {
    Service::Options options;
    options.cache.profile.root = watch == WatchPolicy::kOn ? cache_ : "";
    options.watch = watch;
    options.live = live;
    ResourcePaths resources;
    resources.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"};
    auto opened = Service::open(options, resources);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  FileSelection selection() const { return {.root = tree_.root(), .subtrees = {}}; }

  MapQuery query(const std::string& mention = "") const {
    MapQuery query;
    query.selection = selection();
    query.request.tokenizer = Tokenizer::kChars4;
    query.request.token_budget = 4096;
    if (!mention.empty()) {
      query.request.mentioned_identifiers = {mention};
    }
    return query;
  }

  /// What there is to say of the tree: the map, the definitions, the skipped files and the notices.
  static std::string answers_of(Service& service, const MapQuery& query) {
    const auto map = service.map(query, {});
    if (!map) {
      return "failed: " + map.error().message;
    }
    std::string text =
        map->map.text + symbols_of(service, query.selection, {.pattern = "*", .kind = {}, .language = {}});
    for (const SkippedFile& file : map->report.skipped) {
      text += "skipped " + file.path + " " + file.detail + "\n";
    }
    for (const std::string& notice : map->report.notices) {
      text += notice + "\n";
    }
    return text + std::to_string(map->report.listed) + " files, " + std::to_string(map->report.index.tags) + " tags\n";
  }

  static std::string symbols_of(Service& service, const FileSelection& selection, const SymbolQuery& query) {
    const auto symbols = service.symbols(selection, query, {});
    if (!symbols) {
      return "failed: " + symbols.error().message;
    }
    std::string text = std::to_string(symbols->found) + " of " + query.pattern + "\n";
    for (const SymbolHit& hit : symbols->hits) {
      text += hit.path + ":" + std::to_string(hit.line) + " " + hit.name + " " +
              std::string(nearness_name(hit.nearness)) + " " + std::to_string(hit.rank) + " " + hit.signature + "\n";
    }
    return text;
  }

  TemporaryTree tree_;
  std::string cache_ = join_path(tree_.outside(), "cache");
};

TEST_F(LiveService, AnswersAsOneThatLooksAtEverything) {
  const auto live = open(WatchPolicy::kOn);
  const auto plain = open(WatchPolicy::kOff);
  EXPECT_EQ(answers_of(*live, query()), answers_of(*plain, query()));
  EXPECT_EQ(answers_of(*live, query("helper")), answers_of(*plain, query("helper")));
}

TEST_F(LiveService, HasWhatWasSavedBeforeTheRequest) {
  const auto live = open(WatchPolicy::kOn);
  auto before = live->map(query(), {});
  ASSERT_TRUE(before);
  for (int i = 0; i < 50; ++i) {
    const std::string name = "edited_" + std::to_string(i);
    tree_.write("lib/other.py", "def " + name + "():\n    return helper()\n");
    const auto after = live->map(query(), {});
    ASSERT_TRUE(after);
    EXPECT_NE(after->map.text.find(name), std::string::npos) << after->map.text;
    EXPECT_GT(after->generation, before->generation);
    before = after;
  }
}

TEST_F(LiveService, KeepsItsGenerationWhileNothingChanges) {
  const auto live = open(WatchPolicy::kOn);
  const auto first = live->map(query(), {});
  tree_.write("main.py", "import used\n\ndef main():\n    return used.helper()\n");
  const auto second = live->map(query(), {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->generation, second->generation) << "the same bytes were written";
  EXPECT_EQ(second->report.index.parsed, 0U);
  EXPECT_EQ(second->origin, MapOrigin::kKept);
  EXPECT_EQ(second->report.freshness.watcher, "ok");
}

TEST_F(LiveService, TellsSubscribersOfChangesThatNobodyAsksFor) {
  EventLog log;  // outlives who tells it
  const auto live = open(WatchPolicy::kOn);
  const std::uint64_t subscription = live->subscribe(log.sink());
  const auto moment = live->sync(selection(), {});
  ASSERT_TRUE(moment);
  tree_.write("main.py", "def renamed():\n    return 2\n");
  EXPECT_TRUE(log.wait_for(RepositoryEvent::Kind::kChanged, moment->generation + 1));
  live->unsubscribe(subscription);
}

TEST_F(LiveService, WaitsForTheGenerationThatIsAskedFor) {
  const auto live = open(WatchPolicy::kOn);
  const auto moment = live->sync(selection(), {});
  ASSERT_TRUE(moment);
  RequestContext context;
  context.min_generation = moment->generation + 1;
  context.deadline = std::chrono::steady_clock::now() + 50ms;
  const auto late = live->sync(selection(), context);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kLimitExceeded);
  tree_.write("main.py", "def renamed():\n    return 2\n");
  context.deadline = std::chrono::steady_clock::now() + 60s;
  const auto reached = live->sync(selection(), context);
  ASSERT_TRUE(reached);
  EXPECT_GT(reached->generation, moment->generation);
}

TEST_F(LiveService, RefusesAGenerationThatNobodyWasToldOf) {
  const auto live = open(WatchPolicy::kOn);
  const auto moment = live->sync(selection(), {});
  ASSERT_TRUE(moment);
  RequestContext context;
  context.min_generation = moment->generation + 1000;
  const auto refused = live->sync(selection(), context);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST_F(LiveService, EndsWhatNobodyWantsAnyMore) {
  const auto live = open(WatchPolicy::kOn);
  const std::atomic<bool> cancelled = true;
  RequestContext context;
  context.cancelled = &cancelled;
  const auto answer = live->map(query(), context);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
  const auto invalidated = live->invalidate(selection(), {}, context);
  ASSERT_FALSE(invalidated);
  EXPECT_EQ(invalidated.error().code, ErrorCode::kCancelled);
}

TEST_F(LiveService, BeginsNoFileOfASelectionAfterTheDeadline) {
  const auto live = open(WatchPolicy::kOn);
  FileSelection part = selection();
  part.subtrees = {"lib"};
  RequestContext late;
  late.deadline = std::chrono::steady_clock::now();
  const auto answer = live->index(part, late);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kLimitExceeded);
  const auto in_time = live->index(part, {});
  ASSERT_TRUE(in_time);
  EXPECT_EQ(in_time->report.index.parsed, 1U);
}

TEST_F(LiveService, SaysThatARepositoryHasGoneAndTakesItUpAgain) {
  const auto live = open(WatchPolicy::kOn);
  ASSERT_TRUE(live->map(query(), {}));
  fs::remove_all(tree_.root());
  const auto gone = live->map(query(), {});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound) << gone.error().message;
  tree_.write("back.py", "def again():\n    return 1\n");
  const auto back = live->map(query(), {});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_NE(back->map.text.find("again"), std::string::npos);
}

TEST_F(LiveService, UnloadsWhatHasGoneThoughNobodyAsks) {
  EventLog log;  // outlives who tells it
  const auto live = open(WatchPolicy::kOn);
  live->subscribe(log.sink());
  ASSERT_TRUE(live->map(query(), {}));
  fs::remove_all(tree_.root());
  EXPECT_TRUE(log.wait_for(RepositoryEvent::Kind::kUnloaded, 0));
  const auto status = live->status();
  ASSERT_EQ(status.repositories.size(), 1U);
  EXPECT_FALSE(status.repositories.front().is_loaded);
  EXPECT_FALSE(status.repositories.front().trouble.empty());
}

TEST_F(LiveService, UnloadsWhatDoesNotFitAndForgetsNothing) {
  const TemporaryTree second;
  second.write("b.py", "def in_second():\n    return 1\n");
  LiveSettings live;
  live.memory_limit_bytes = 1;
  EventLog log;  // outlives who tells it
  const auto service = open(WatchPolicy::kOn, live);
  service->subscribe(log.sink());
  ASSERT_TRUE(service->map(query(), {}));
  MapQuery other = query();
  other.selection.root = second.root();
  ASSERT_TRUE(service->map(other, {}));
  EXPECT_TRUE(log.wait_for(RepositoryEvent::Kind::kUnloaded, 0));
  const ServiceStatus status = service->status();
  ASSERT_EQ(status.repositories.size(), 2U);
  for (const RepositoryStatus& repository : status.repositories) {
    EXPECT_GT(repository.files, 0U) << "an unloaded repository is as indexed as before";
    EXPECT_GE(repository.generation, 1U);
  }
  const auto again = service->map(query(), {});
  ASSERT_TRUE(again);
  EXPECT_GT(again->generation, 1U) << "generations rise while the process lives";
}

TEST_F(LiveService, InvalidatedFilesAreReadAgain) {
  const auto live = open(WatchPolicy::kOn);
  ASSERT_TRUE(live->map(query(), {}));
  const auto before = live->index(selection(), {});
  ASSERT_TRUE(live->invalidate(selection(), {"main.py"}, {}));
  const auto after = live->index(selection(), {});
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->report.index.parsed, 0U);
  EXPECT_EQ(after->report.index.parsed, 1U);
}

// Each answer has at least what was saved when it was asked for, and no file half in one state and half in another.
TEST_F(LiveService, ManyReadersNeverSeeThePast) {
  constexpr int kEdits = 100;
  constexpr std::size_t kReaders = 6;
  const auto live = open(WatchPolicy::kOn);
  ASSERT_TRUE(live->map(query(), {}));
  std::atomic<int> saved = 0;
  std::atomic<int> stale = 0;
  std::atomic<int> missing = 0;
  std::atomic<std::size_t> answers = 0;
  TaskPool threads(kReaders + 1);
  threads.run_all(kReaders + 1, [&](std::size_t item, std::size_t /*worker*/) {
    for (int edit = 0; item == 0 && edit <= kEdits; ++edit) {
      // As editors save: a new file takes the place of the old one.
      tree_.write("lib/new.txt", "def edit_number_" + std::to_string(edit) + "():\n    return helper()\n");
      fs::rename(tree_.path("lib/new.txt"), tree_.path("lib/other.py"));
      saved = edit;
      // Somebody who saves faster than anybody can look has no answer to expect.
      for (const std::size_t enough = answers + 10 * kReaders; edit < kEdits && answers < enough;) {
      }
    }
    while (item != 0 && saved < kEdits) {
      const int before = saved;
      const auto answer = live->map(query(item % 2 == 0 ? "" : "mention" + std::to_string(before)), {});
      ++answers;
      const auto at = answer ? answer->map.text.find("edit_number_") : std::string::npos;
      missing += at == std::string::npos && before > 0 ? 1 : 0;
      const int seen = at == std::string::npos ? before : std::atoi(answer->map.text.c_str() + at + 12);
      stale += seen < before ? 1 : 0;
    }
  });
  EXPECT_EQ(stale, 0);
  EXPECT_EQ(missing, 0);
}

TEST_F(LiveService, AnswersFromWhatIsThereWhileItIndexes) {
  constexpr std::size_t kFiles = 1500;
  for (std::size_t i = 0; i < kFiles; ++i) {
    const std::string number = std::to_string(i);
    tree_.write("many/f" + number + ".py", "def made_" + number + "():\n    return made_" + number + "()\n");
  }
  LiveSettings settings;
  settings.partial_after = 0ms;
  RequestContext context;
  context.completeness = Completeness::kPartial;
  std::unique_ptr<Service> live;
  Result<MapAnswer> first;
  // On a machine with other work this thread may wake when the index is done; not each time.
  for (int attempt = 0; attempt < 10 && (!first || first->report.freshness.pending == 0); ++attempt) {
    cache_ = join_path(tree_.outside(), "cache" + std::to_string(attempt));
    live = open(WatchPolicy::kOn, settings);
    first = live->map(query(), context);
    ASSERT_TRUE(first) << first.error().message;
  }
  EXPECT_GT(first->report.freshness.pending, 0U);
  EXPECT_LT(first->report.freshness.indexed, kFiles);
  EXPECT_EQ(first->report.listed, kFiles + 3);
  context.min_generation = 1;
  const auto reached = live->map(query(), context);
  ASSERT_TRUE(reached) << reached.error().message;
  EXPECT_GE(reached->generation, 1U) << "who asks for a generation gets no part";
  const auto whole = live->map(query(), {});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->report.freshness.pending, 0U);
  EXPECT_EQ(whole->report.freshness.indexed, kFiles + 3);
  EXPECT_EQ(whole->map.text, open(WatchPolicy::kOff)->map(query(), {})->map.text);
}

// Random saves, renames, deletions and rules against a service that looks at everything each time.
TEST_F(LiveService, EqualsAFreshLookAfterAnyChanges) {
  const char* const seed_text = std::getenv("REPOMAP_SEED");
  const auto seed = seed_text != nullptr ? std::strtoul(seed_text, nullptr, 10) : std::random_device()();
  const char* const rounds_text = std::getenv("REPOMAP_LIVE_ROUNDS");
  const auto rounds = rounds_text != nullptr ? std::strtoul(rounds_text, nullptr, 10) : 150UL;
  SCOPED_TRACE("REPOMAP_SEED=" + std::to_string(seed));
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  const auto pick = [&random](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  const std::vector<std::string> directories = {"", "lib/", "lib/deep/", "build/", "new/"};
  const std::vector<std::string> names = {"a.py", "b.py", "main.py", "used.py", "notes.txt"};
  const auto some_path = [&] { return directories[pick(directories.size())] + names[pick(names.size())]; };
  const auto change = [&](std::size_t round) {
    std::error_code ignored;
    switch (pick(10)) {
      case 0: fs::remove(tree_.path(some_path()), ignored); break;
      case 1: fs::rename(tree_.path(some_path()), tree_.path(some_path()), ignored); break;
      case 2: fs::rename(tree_.path("lib"), tree_.path("moved"), ignored); break;
      case 3: fs::rename(tree_.path("moved"), tree_.path("lib"), ignored); break;
      case 4: tree_.write(".gitignore", pick(2) == 0 ? "build/\n" : "*.txt\na.py\n"); break;
      case 5: fs::remove_all(tree_.path("new"), ignored); break;
      case 6: fs::create_symlink("used.py", tree_.path("link.py"), ignored); break;
      default:
        tree_.write(some_path(),
                    fmt::format("from used import f{}\nclass C{}:\n    x{} = {}\n\ndef f{}():\n    return f{}()\n",
                                pick(20), pick(5), pick(20), round, pick(20), pick(20)));
    }
  };
  const auto some_symbols = [&] {
    SymbolQuery query;
    query.pattern = (pick(2) == 0 ? "f" : "x") + std::to_string(pick(20));
    query.match = static_cast<NameMatch>(pick(3));
    query.role = static_cast<Role>(pick(2));
    query.from = pick(2) == 0 ? "" : some_path();
    query.limit = pick(4);
    query.without.assign(pick(2), some_path());
    return query;
  };
  const auto live = open(WatchPolicy::kOn);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t changes = 1 + pick(4); changes > 0; --changes) {
      change(round);
    }
    const auto plain = open(WatchPolicy::kOff);
    ASSERT_EQ(answers_of(*live, query()), answers_of(*plain, query())) << "round " << round;
    const SymbolQuery symbols = some_symbols();
    ASSERT_EQ(symbols_of(*live, query().selection, symbols), symbols_of(*plain, query().selection, symbols))
        << "round " << round;
  }
}

}  // namespace
}  // namespace repomap
