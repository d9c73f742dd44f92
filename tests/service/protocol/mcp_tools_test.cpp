// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_tools.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/service/protocol/mcp_rig.hpp"

namespace repomap {
namespace {

using McpToolsTest = McpRig;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(McpToolsTest, SayInTheFirstLineHowFreshTheyAre) {
  EXPECT_TRUE(text("repo_map").starts_with("fresh: generation 7, 1,200 files, watcher ok; the map shows 1 of 1,300 "));
  queries_.freshness.pending = 4349;
  EXPECT_TRUE(text("index_status").starts_with("partial: 1,200 of 5,549 files indexed so far"));
  EXPECT_EQ(call("index_status")["structuredContent"]["freshness"]["state"], "partial");
  queries_.freshness.pending = 0;
  queries_.freshness.watcher = "degraded(overflow)";
  EXPECT_TRUE(text("index_status").starts_with("doubtful: "));
  queries_.freshness.watcher = "off";
  EXPECT_FALSE(contains(text("index_status"), "watcher"));
}

TEST_F(McpToolsTest, DoNotWaitForTheFirstIndexing) {
  text("repo_map");
  EXPECT_EQ(queries_.last_completeness(), Completeness::kPartial);
  text("find_symbol", {{"name", "x"}});
  EXPECT_EQ(queries_.last_completeness(), Completeness::kPartial);
}

TEST_F(McpToolsTest, SayThatNothingIsThereOnlyOnceEverythingIsIndexed) {
  queries_.hits = {hit("parse"), hit("parse", Role::kReference)};
  queries_.are_hits_late = true;
  EXPECT_TRUE(contains(text("find_symbol", {{"name", "parse"}}), "fresh: generation 7"));
  EXPECT_TRUE(contains(text("find_symbol", {{"name", "parse"}}), "src/a.c:7: function"));
  EXPECT_TRUE(contains(text("references", {{"name", "parse"}}), "1 reference to \"parse\""));
}

TEST_F(McpToolsTest, GiveTheArgumentsOfAMapTheirMeaning) {
  text("repo_map", {{"query", "the task"},
                    {"token_limit", 9000},
                    {"max_context_window", 8000},
                    {"mentioned_idents", {"Foo"}},
                    {"chat_files", {"./src/../src/a.c"}},
                    {"mentioned_files", {tree_.path("src/b.c")}},
                    {"other_files", {"src"}},
                    {"exclude_unranked", true},
                    {"force_refresh", true}});
  const MapQuery query = queries_.last_query();
  EXPECT_EQ(query.request.query, "the task");
  EXPECT_EQ(query.request.token_budget, 8000U);
  EXPECT_EQ(query.request.mentioned_identifiers, std::vector<std::string>{"Foo"});
  EXPECT_EQ(query.request.chat_files, std::vector<std::string>{"src/a.c"});
  EXPECT_EQ(query.request.mentioned_files, std::vector<std::string>{"src/b.c"});
  EXPECT_EQ(query.selection.paths, (std::vector<std::string>{"src", "src/a.c"}));
  EXPECT_EQ(query.refresh, RefreshMode::kAlways);
  text("repo_map", {{"other_files", {"."}}});
  EXPECT_TRUE(queries_.last_query().selection.paths.empty()) << "the root is everything";
}

TEST_F(McpToolsTest, MakeAMapWithoutThePathsThatAreNone) {
  const std::string map =
      text("repo_map", {{"chat_files", {"src/missing.c", "src", "/etc/passwd", "../x", "src/a.c"}}});
  EXPECT_TRUE(contains(map, "note: chat_files: no such file src/missing.c; did you mean src/a.c?; left out"));
  EXPECT_TRUE(contains(map, "src is a directory"));
  EXPECT_TRUE(contains(map, "/etc/passwd: outside of"));
  EXPECT_TRUE(contains(map, "../x: outside of"));
  EXPECT_EQ(queries_.last_query().request.chat_files, std::vector<std::string>{"src/a.c"});
  EXPECT_TRUE(contains(failure("repo_map", {{"other_files", {"lib/missing.c"}}}), "did you mean src/a.c"));
}

TEST_F(McpToolsTest, GiveAMapAsJsonTwice) {
  const Json result = call("repo_map", {{"format", "json"}});
  EXPECT_EQ(Json::parse(result["content"][0]["text"].get<std::string>()), result["structuredContent"]);
  EXPECT_EQ(result["structuredContent"]["files"][0]["path"], "src/a.c");
  EXPECT_FALSE(call("repo_map").contains("structuredContent")) << "the text is all there is";
}

TEST_F(McpToolsTest, FindDefinitions) {
  queries_.hits = {hit("parse"), hit("parse_all"), hit("parse", Role::kReference)};
  const Json result = call("find_symbol", {{"name", "parse"}, {"limit", 1}});
  EXPECT_EQ(result["content"][0]["text"],
            "fresh: generation 7, 1,200 files, watcher ok\nthe first 1 of 2 definitions for \"parse\"\n"
            "src/a.c:7: function  int parse(void)\n");
  EXPECT_EQ(result["structuredContent"]["found"], 2);
  EXPECT_EQ(result["structuredContent"]["symbols"].size(), 1U);
}

TEST_F(McpToolsTest, FallBackToWhatIsNearestToAQuery) {
  queries_.hits = {hit("parse"), hit("print_all")};
  EXPECT_TRUE(contains(text("find_symbol", {{"name", "Parser.parse"}}), "note: no Parser.parse; these have the name"));
  EXPECT_TRUE(contains(text("find_symbol", {{"name", "parse"}, {"kind", "class"}}), "note: no class of that name"));
  const Json near = call("find_symbol", {{"name", "pasre"}})["structuredContent"];
  EXPECT_EQ(near["found"], 0);
  EXPECT_EQ(near["near"], Json::array({"parse"}));
  EXPECT_TRUE(contains(text("find_symbol", {{"name", "zzzzzz"}}), "Nothing has a similar name"));
}

TEST_F(McpToolsTest, SayInBothFormsHowAnAnswerDiffersFromTheQuestion) {
  queries_.hits = {hit("area"), hit("area", Role::kReference)};
  const auto notes = [this](const std::string& tool, Json arguments) {
    const Json result = call(tool, std::move(arguments));
    const Json said = result["structuredContent"]["notes"];
    for (const Json& note : said) {
      EXPECT_TRUE(contains(result["content"][0]["text"], "note: " + note.get<std::string>() + "\n")) << result;
    }
    return said;
  };
  EXPECT_EQ(notes("find_symbol", {{"name", "area"}}), Json::array());
  EXPECT_EQ(notes("find_symbol", {{"name", "Shape.area"}}), Json::array({"no Shape.area; these have the name area"}));
  EXPECT_EQ(notes("find_symbol", {{"name", "Shape.are"}}),
            Json::array({"no Shape.are; these have a name similar to are"}));
  EXPECT_EQ(notes("find_symbol", {{"name", "Shape.area"}, {"kind", "class"}}).size(), 2U);
  EXPECT_EQ(notes("find_symbol", {{"name", "Shape.nothing"}}), Json::array());
  EXPECT_EQ(notes("references", {{"name", "area"}}), Json::array());
  EXPECT_EQ(notes("references", {{"name", "Shape.area"}}).size(), 1U);
  EXPECT_EQ(notes("references", {{"name", "Shape.nothing"}}), Json::array());
}

TEST_F(McpToolsTest, DoNotTakeAPatternOutOfItsScope) {
  queries_.hits = {hit("area"), hit("parse")};
  for (const char* name : {"Shape.*", "Shape::a*", "Shape.are?"}) {
    const Json result = call("find_symbol", {{"name", name}})["structuredContent"];
    EXPECT_EQ(result["found"], 0) << name;
    EXPECT_EQ(result["symbols"], Json::array()) << name;
    EXPECT_EQ(result["notes"].size(), 1U) << name;
  }
  EXPECT_EQ(call("find_symbol", {{"name", "are?"}})["structuredContent"]["found"], 1);
}

/// Knows nothing until everything is indexed, and keeps until when it may take for that.
class PatientQueries final : public QueryBackend {
 public:
  std::vector<std::optional<std::chrono::steady_clock::time_point>> deadlines;

  Result<SymbolsAnswer> symbols(const FileSelection& /*selection*/, const SymbolQuery& /*query*/,
                                const RequestContext& context) override {
    if (context.completeness == Completeness::kWhole) {
      deadlines.push_back(context.deadline);
      return fail(ErrorCode::kLimitExceeded, "too late");
    }
    SymbolsAnswer answer;
    answer.report.freshness.pending = 5;
    return answer;
  }
  Result<MapAnswer> map(const MapQuery& /*query*/, const RequestContext& /*context*/) override { return MapAnswer{}; }
  Result<IndexAnswer> index(const FileSelection& /*selection*/, const RequestContext& /*context*/) override {
    return IndexAnswer{};
  }
  Result<FileTags> file_tags(const std::string& /*root*/, const std::string& /*path*/) override { return FileTags{}; }
  Result<std::string> tree(const TreeRequest& /*request*/) override { return std::string(); }
  Result<RepositoryMoment> sync(const FileSelection& /*selection*/, const RequestContext& /*context*/) override {
    return RepositoryMoment{};
  }
};

TEST_F(McpToolsTest, WaitForOneMomentHoweverOftenTheyAsk) {
  PatientQueries queries;
  const McpTools tools(queries, server_->roots(), {});
  for (const char* tool : {"find_symbol", "references"}) {
    queries.deadlines.clear();
    Json arguments = {{"name", "Scope.name"}};
    if (std::string(tool) == "find_symbol") {
      arguments["kind"] = "class";
    }
    const auto answer = tools.call(tool, arguments, {});
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(contains(answer->text, "ask again")) << answer->text;
    ASSERT_GE(queries.deadlines.size(), 2U) << tool;
    EXPECT_EQ(std::ranges::count(queries.deadlines, queries.deadlines.front()),
              static_cast<std::ptrdiff_t>(queries.deadlines.size()));
  }
}

TEST_F(McpToolsTest, FindReferences) {
  queries_.hits = {hit("parse", Role::kReference), hit("parse")};
  const Json result = call("references", {{"name", "parse"}, {"path", "src"}});
  EXPECT_EQ(result["structuredContent"]["found"], 1);
  EXPECT_EQ(queries_.last_query().selection.paths, std::vector<std::string>{"src"});
  EXPECT_TRUE(contains(text("references", {{"name", "Parser.parse"}}), "syntax does not tell which one is meant"));
  EXPECT_TRUE(contains(text("references", {{"name", "unknown"}}), "No reference to \"unknown\""));
  EXPECT_TRUE(contains(failure("references", {{"name", "parse"}, {"path", "missing.c"}}), "did you mean"));
}

TEST_F(McpToolsTest, OutlineAFileNested) {
  const Json result = call("file_outline", {{"path", "src/a.c"}});
  EXPECT_EQ(result["content"][0]["text"],
            "fresh: read from the file for this answer\nsrc/a.c: c, 9 lines, 2 definitions\n1-5: struct outer\n"
            "  3: int inner;\n");
  EXPECT_EQ(result["structuredContent"]["symbols"].size(), 2U);
  EXPECT_TRUE(contains(failure("file_outline", {{"path", "src"}}), "src is a directory"));
  EXPECT_TRUE(contains(failure("file_outline", {{"path", "src/missing.c"}}), "did you mean src/a.c"));
  EXPECT_TRUE(contains(failure("file_outline", {{"path", "/etc/passwd"}}), "outside of"));
}

TEST_F(McpToolsTest, SayWhatIsWrongWithAnArgument) {
  const std::vector<std::pair<Json, std::string>> mistakes{
      {{{"tokens", 5}}, "unknown argument \"tokens\""},
      {{{"token_limits", 5}}, "did you mean \"token_limit\"?"},
      {{{"token_limit", "5"}}, "\"token_limit\": expected a whole number from 1 to 200000, got \"5\""},
      {{{"token_limit", 0}}, "got 0"},
      {{{"token_limit", 1.5}}, "got 1.5"},
      {{{"token_limit", 1e300}}, "got 1e+300"},
      {{{"query", 7}}, "\"query\": expected a string, got 7"},
      {{{"query", std::string(70'000, 'x')}}, "longer than 65536 bytes"},
      {{{"chat_files", "src/a.c"}}, "\"chat_files\": expected an array of strings, like [\"src/watcher.c\"]"},
      {{{"chat_files", {7}}}, "got 7"},
      {{{"chat_files", Json(std::vector<std::string>(2000, "x"))}}, "at most 1000"},
      {{{"format", "jsn"}}, "one of: text, json; did you mean \"json\"?"},
      {{{"force_refresh", "yes"}}, "expected true or false"},
      {{{"project_root", "/nonexistent"}}, "\"project_root\": "},
      {{{"project_root", tree_.path("src/a.c")}}, "not a directory"}};
  for (const auto& [arguments, part] : mistakes) {
    EXPECT_TRUE(contains(failure("repo_map", arguments), part)) << failure("repo_map", arguments);
  }
  EXPECT_TRUE(contains(failure("repo_map", Json::array()), "expected an object"));
  EXPECT_TRUE(contains(failure("find_symbol", {}), "\"name\" is missing: a string, like \"FileWatcher\""));
  EXPECT_TRUE(contains(failure("find_symbol", {{"name", "x"}, {"kind", "functoin"}}), "did you mean \"function\"?"));
}

TEST_F(McpToolsTest, TakeNullForNotGiven) {
  EXPECT_EQ(call("repo_map", {{"query", nullptr}, {"chat_files", nullptr}, {"project_root", nullptr}})["isError"],
            false);
  EXPECT_EQ(call("repo_map", {{"token_limit", 50.0}})["isError"], false);
}

TEST_F(McpToolsTest, SayOnlyValidUtf8) {
  SymbolHit odd = hit("caf\xe9");
  odd.path = "src/caf\xe9.c";
  queries_.hits = {odd};
  const Json result = call("find_symbol", {{"name", "caf"}});
  EXPECT_EQ(result["structuredContent"]["symbols"][0]["path"], "src/caf\xef\xbf\xbd.c");
  EXPECT_NO_THROW(static_cast<void>(result.dump()));
}

}  // namespace
}  // namespace repomap
