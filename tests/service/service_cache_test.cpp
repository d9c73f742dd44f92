// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/service.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

std::uintmax_t bytes_below(const std::string& directory) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

/// A repository on disk and a cache beside it. Every request is made by a new Service, as by a new process.
class ServiceCache : public testing::Test {
 protected:
  ServiceCache() {
    tree_.write("used.py", "def helper():\n    return 1\n");
    tree_.write("main.py", "import used\n\ndef main():\n    return used.helper()\n");
    tree_.write("other.py", "def lonely():\n    return 3\n");
  }

  std::unique_ptr<Service> service(RefreshMode refresh = RefreshMode::kAuto) const {
    Service::Options options;
    options.cache.profile.root = cache_;
    options.refresh = refresh;
    ResourcePaths resources;
    resources.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"};
    auto opened = Service::open(options, resources);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  MapQuery query(std::size_t tokens = 1024) const {
    MapQuery query;
    query.selection.root = tree_.root();
    query.request.tokenizer = Tokenizer::kChars4;
    query.request.token_budget = tokens;
    return query;
  }

  MapAnswer map(const MapQuery& query, RefreshMode refresh = RefreshMode::kAuto) const {
    auto answer = service(refresh)->map(query, {});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? std::move(*answer) : MapAnswer();
  }

  IndexAnswer index() const {
    auto answer = service()->index({.root = tree_.root(), .subtrees = {}}, {});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? std::move(*answer) : IndexAnswer();
  }

  /// Until the files are so old that their stats are proof.
  static void let_the_clock_tick() { system_clock().sleep_for(std::chrono::milliseconds(30)); }

  TemporaryTree tree_;
  std::string cache_ = join_path(tree_.outside(), "cache");
};

TEST_F(ServiceCache, ASecondProcessMakesNothingAnew) {
  const MapAnswer first = map(query());
  EXPECT_EQ(first.origin, MapOrigin::kMade);
  EXPECT_EQ(first.report.index.parsed, 3U);
  const MapAnswer second = map(query());
  EXPECT_EQ(second.origin, MapOrigin::kKept);
  EXPECT_EQ(second.report.index.parsed, 0U);
  EXPECT_EQ(second.report.index.reused, 3U);
  EXPECT_EQ(second.report.index.tags, first.report.index.tags);
  EXPECT_EQ(second.map.text, first.map.text);
  EXPECT_EQ(second.map.tokens, first.map.tokens);
  EXPECT_EQ(map(query(512)).origin, MapOrigin::kMade) << "another budget is another map";
}

TEST_F(ServiceCache, AnEditShowsAtOnce) {
  map(query());
  tree_.write("used.py", "def better_helper():\n    return 1\n");
  tree_.write("main.py", "import used\n\ndef main():\n    return used.better_helper()\n");
  const MapAnswer answer = map(query());
  EXPECT_EQ(answer.origin, MapOrigin::kMade);
  EXPECT_EQ(answer.report.index.parsed, 2U);
  EXPECT_NE(answer.map.text.find("better_helper"), std::string::npos) << answer.map.text;
}

TEST_F(ServiceCache, AnEditOfAFileThatIsNotShownLeavesTheMap) {
  MapQuery narrow = query();
  narrow.request.chat_files = {"main.py", "other.py"};
  const MapAnswer first = map(narrow);
  ASSERT_EQ(first.map.text.find("other.py"), std::string::npos);
  tree_.write("other.py", "def lonely():\n    return 4  # another body, the same names\n");
  const MapAnswer second = map(narrow);
  EXPECT_EQ(second.origin, MapOrigin::kKept);
  EXPECT_EQ(second.report.index.parsed, 1U);
  tree_.write("other.py", "def lonely():\n    return helper()\n");
  EXPECT_EQ(map(narrow).origin, MapOrigin::kMade) << "who refers to what is shown has changed";
}

TEST_F(ServiceCache, ToAnotherBranchAndBackParsesNothing) {
  tree_.git({"init", "-q", "-b", "main"});
  tree_.git({"add", "."});
  tree_.git({"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one"});
  const MapAnswer on_main = map(query());
  tree_.git({"checkout", "-q", "-b", "side"});
  tree_.write("used.py", "def other_helper():\n    return 2\n");
  tree_.git({"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "two"});
  EXPECT_EQ(map(query()).report.index.parsed, 1U);
  tree_.git({"checkout", "-q", "main"});
  const MapAnswer back = map(query());
  EXPECT_EQ(back.report.index.parsed, 0U);
  EXPECT_EQ(back.origin, MapOrigin::kKept);
  EXPECT_EQ(back.map.text, on_main.map.text);
  tree_.git({"checkout", "-q", "side"});
  EXPECT_EQ(map(query()).report.index.parsed, 0U);
}

TEST_F(ServiceCache, TenWorkTreesAddLittleMoreThanTheirManifests) {
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (int line = 0; line < 60; ++line) {
      text += "def f" + std::to_string(i) + "_" + std::to_string(line) + "():\n    return f" + std::to_string(line) +
              "()\n";
    }
    tree_.write("pkg/m" + std::to_string(i) + ".py", text);
  }
  tree_.git({"init", "-q", "-b", "main"});
  tree_.git({"add", "."});
  tree_.git({"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one"});
  const MapAnswer first = map(query());
  const auto alone = bytes_below(cache_);
  for (int i = 0; i < 10; ++i) {
    const std::string work_tree = join_path(tree_.outside(), "w" + std::to_string(i));
    tree_.git({"worktree", "add", "-q", "--detach", work_tree});
    MapQuery there = query();
    there.selection.root = work_tree;
    const MapAnswer answer = map(there);
    EXPECT_EQ(answer.report.index.parsed, 0U);
    EXPECT_EQ(answer.map.text, first.map.text);
  }
  const auto together = bytes_below(cache_);
  EXPECT_LT(together, alone + alone / 2) << "alone " << alone << " bytes, eleven " << together;
}

TEST_F(ServiceCache, FilesModeKeepsAMapWhateverIsMentioned) {
  MapQuery asked = query();
  const MapAnswer first = map(asked, RefreshMode::kFiles);
  asked.request.query = "something about main";
  asked.request.mentioned_identifiers = {"lonely"};
  EXPECT_EQ(map(asked, RefreshMode::kFiles).origin, MapOrigin::kKept);
  EXPECT_EQ(map(asked, RefreshMode::kAuto).origin, MapOrigin::kMade);
  tree_.write("used.py", "def changed():\n    return 1\n");
  const MapAnswer after = map(asked, RefreshMode::kFiles);
  EXPECT_EQ(after.origin, MapOrigin::kMade) << "what it shows has changed";
  EXPECT_NE(after.map.text.find("changed"), std::string::npos);
}

TEST_F(ServiceCache, AlwaysModeMakesEveryMap) {
  map(query());
  EXPECT_EQ(map(query(), RefreshMode::kAlways).origin, MapOrigin::kMade);
}

TEST_F(ServiceCache, ManualModeGivesTheLatestMapUntilAnotherIsAskedFor) {
  const MapAnswer first = map(query(), RefreshMode::kManual);
  EXPECT_EQ(first.origin, MapOrigin::kMade);
  tree_.write("used.py", "def changed():\n    return 1\n");
  const MapAnswer second = map(query(), RefreshMode::kManual);
  EXPECT_EQ(second.origin, MapOrigin::kKept);
  EXPECT_EQ(second.map.text, first.map.text);
  ASSERT_FALSE(second.report.notices.empty()) << "it says that it was not compared";
  MapQuery forced = query();
  forced.refresh = RefreshMode::kAlways;
  const MapAnswer third = map(forced, RefreshMode::kManual);
  EXPECT_NE(third.map.text.find("changed"), std::string::npos);
  EXPECT_EQ(map(query(), RefreshMode::kManual).map.text, third.map.text) << "the forced one is the latest now";
}

TEST_F(ServiceCache, TagsAreTheSameFromTheCache) {
  const auto listed = [this] {
    std::vector<std::string> lines;
    TagsRequest request;
    request.selection.root = tree_.root();
    const auto report = service()->tags(
        request,
        [&lines](const std::string& path, const FileTags& tags) {
          for (const Tag& tag : tags.tags) {
            lines.push_back(path + " " + std::string(tags.name(tag)) + " " + std::to_string(tag.line) + " " +
                            std::string(tags.signature(tag)) + " " + std::string(tags.scope(tag)));
          }
        },
        {});
    EXPECT_TRUE(report);
    lines.push_back(std::to_string(report->index.parsed));
    return lines;
  };
  auto first = listed();
  auto second = listed();
  EXPECT_EQ(first.back(), "3");
  EXPECT_EQ(second.back(), "0");
  first.pop_back();
  second.pop_back();
  EXPECT_EQ(first, second);
}

TEST_F(ServiceCache, ALookUpIsTheSameFromTheCacheUntilAFileChanges) {
  const auto find = [this](Role role) {
    SymbolQuery query;
    query.pattern = "helper";
    query.role = role;
    const auto answer = service()->symbols({.root = tree_.root(), .subtrees = {}}, query, {});
    EXPECT_TRUE(answer) << answer.error().message;
    std::vector<std::string> lines;
    for (const SymbolHit& hit : answer->hits) {
      lines.push_back(hit.path + ":" + std::to_string(hit.line) + ":" + std::to_string(hit.column) + " " +
                      hit.signature);
    }
    return lines;
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(find(Role::kDefinition), Lines{"used.py:0:4 def helper():"});
  EXPECT_EQ(find(Role::kDefinition), Lines{"used.py:0:4 def helper():"});
  EXPECT_EQ(find(Role::kReference), Lines{"main.py:3:16 return used.helper()"});
  EXPECT_EQ(find(Role::kReference), Lines{"main.py:3:16 return used.helper()"});
  tree_.write("other.py", "def lonely():\n    return helper(2)\n");
  EXPECT_EQ(find(Role::kReference), (Lines{"main.py:3:16 return used.helper()", "other.py:1:11 return helper(2)"}));
}

TEST_F(ServiceCache, AChangedQueryOrGrammarParsesItsLanguageAnew) {
  tree_.write("a.c", "int in_c;\n");
  const std::string languages = join_path(tree_.outside(), "languages");
  std::filesystem::create_directories(languages);
  std::filesystem::copy(REPOMAP_SOURCE_DIR "/parsers/queries", join_path(languages, "queries"),
                        std::filesystem::copy_options::recursive);
  std::filesystem::create_directories(join_path(languages, "grammars"));
  for (const char* name : {"c.so", "python.so"}) {
    std::filesystem::copy(std::filesystem::canonical(join_path(REPOMAP_GRAMMARS_DIR, name)),
                          join_path(join_path(languages, "grammars"), name));
  }
  const auto parsed = [&] {
    Service::Options options;
    options.cache.profile.root = cache_;
    ResourcePaths resources;
    resources.languages = {join_path(languages, "grammars"), join_path(languages, "queries")};
    const auto service = Service::open(options, resources);
    const auto answer = (*service)->index({.root = tree_.root(), .subtrees = {}}, {});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer->report.index.parsed;
  };
  const auto append = [&languages](const std::string& path, const std::string& text) {
    std::ofstream(join_path(languages, path), std::ios::app | std::ios::binary) << text;
  };
  EXPECT_EQ(parsed(), 4U);
  EXPECT_EQ(parsed(), 0U);
  append("queries/python.scm", "; another version\n");
  EXPECT_EQ(parsed(), 3U) << "the Python files, and not the one in C";
  EXPECT_EQ(parsed(), 0U);
  // Behind the end of what the loader reads: the grammar works as before, and is another file.
  append("grammars/c.so", "another build");
  EXPECT_EQ(parsed(), 1U);
  EXPECT_EQ(parsed(), 0U);
}

TEST_F(ServiceCache, ATreeIsTheSameFromTheCache) {
  const auto first = service()->tree({tree_.root(), "main.py", {3}});
  const auto second = service()->tree({tree_.root(), "main.py", {3}});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  tree_.write("main.py", "def moved():\n    x = 1\n    y = 2\n    return x\n");
  const auto third = service()->tree({tree_.root(), "main.py", {3}});
  ASSERT_TRUE(third);
  EXPECT_NE(*third, *first);
}

TEST_F(ServiceCache, ExplainsWhatTheNextRequestWillFind) {
  const auto explain = [this](const std::string& path) {
    const auto stages = service()->explain({.root = tree_.root(), .subtrees = {}}, path);
    EXPECT_TRUE(stages);
    std::string words;
    for (const StageExplanation& stage : *stages) {
      words += stage.stage + (stage.is_hit ? " HIT" : " MISS");
      for (const std::string& part : stage.changed) {
        words += " " + part;
      }
      words += "\n";
    }
    return words;
  };
  EXPECT_EQ(explain("used.py"), "scan MISS\ntags MISS\ngraph MISS\n");
  let_the_clock_tick();
  map(query());
  EXPECT_TRUE(explain("used.py").starts_with("scan HIT\ntags HIT\n")) << explain("used.py");
  tree_.write("used.py", "def renamed():\n    return 1\n");
  EXPECT_TRUE(explain("used.py").starts_with("scan MISS inputs\ntags MISS inputs\n")) << explain("used.py");
  EXPECT_TRUE(explain("main.py").starts_with("scan HIT\ntags HIT\n"));
}

}  // namespace
}  // namespace repomap
