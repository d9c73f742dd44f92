// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/request_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/random_answers.hpp"

namespace repomap {
namespace {

const std::string kRoot = "/re\xffpo";

Json over_the_wire(const Json& json) { return *parse_json(json_line(json)); }

std::vector<std::string> some_paths(RandomAnswers& random) {
  std::vector<std::string> paths;
  for (std::uint32_t i = random.below(3); i > 0; --i) {
    std::string path = random.text().insert(0, 1, 'p');
    if (!path.contains("..")) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

FileSelection some_selection(RandomAnswers& random) {
  return {kRoot, some_paths(random), random.below(2) == 0 ? SubmodulePolicy::kEnter : SubmodulePolicy::kSkip,
          some_paths(random)};
}

MapQuery some_query(RandomAnswers& random) {
  MapQuery query;
  query.selection = some_selection(random);
  query.request.token_budget = random.below(10'000);
  query.request.tokenizer = static_cast<Tokenizer>(random.below(3));
  query.request.rank_mode = static_cast<RankMode>(random.below(2));
  query.request.query = random.text();
  query.request.chat_files = some_paths(random);
  query.request.mentioned_files = some_paths(random);
  query.request.mentioned_identifiers = {random.text()};
  query.explain = static_cast<ExplainPolicy>(random.below(2));
  if (random.below(2) == 0) {
    query.refresh = static_cast<RefreshMode>(random.below(4));
  }
  return query;
}

TEST(RequestJson, GivesMapQueriesBack) {
  RandomAnswers random(1);
  for (int round = 0; round < 300; ++round) {
    const MapQuery query = some_query(random);
    const auto received = map_query_from_json(over_the_wire(to_params(query)), {});
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_params(*received), to_params(query)) << "round " << round;
  }
}

TEST(RequestJson, GivesSymbolQueriesBack) {
  RandomAnswers random(2);
  for (int round = 0; round < 300; ++round) {
    SymbolsRequest request;
    request.selection = some_selection(random);
    request.query.pattern = random.text();
    request.query.match = static_cast<NameMatch>(random.below(3));
    request.query.role = static_cast<Role>(random.below(2));
    request.query.language = random.text();
    request.query.limit = random.below(3);
    request.query.from = random.below(2) == 0 ? "" : "a/b.py";
    request.query.without.assign(random.below(3), "c.py");
    if (random.below(2) == 0) {
      request.query.kind = random.kind();
    }
    const auto received = symbols_request_from_json(over_the_wire(to_params(request)), {});
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_params(*received), to_params(request)) << "round " << round;
  }
}

TEST(RequestJson, GivesTermsBack) {
  for (const auto completeness : {Completeness::kWhole, Completeness::kPartial}) {
    RequestTerms terms{kRoot, "abc", std::chrono::milliseconds(1500), 7, completeness, ProgressPolicy::kNotify};
    Json params = to_params(FileSelection{kRoot, {}});
    add_terms(params, terms);
    const auto received = request_terms_from_json(over_the_wire(params));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(received->root, kRoot);
    EXPECT_EQ(received->settings, "abc");
    EXPECT_EQ(received->deadline, std::chrono::milliseconds(1500));
    EXPECT_EQ(received->min_generation, 7U);
    EXPECT_EQ(received->completeness, completeness);
    EXPECT_EQ(received->progress, ProgressPolicy::kNotify);
  }
}

TEST(RequestJson, TakesFromTheSettingsWhatIsNotSaid) {
  Settings settings;
  settings.tokens = 77;
  settings.rank = RankMode::kAider;
  settings.tokenizer = Tokenizer::kChars4;
  settings.submodules = SubmodulePolicy::kEnter;
  const auto query = map_query_from_json({{"root", "/r"}}, settings);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->request.token_budget, 77U);
  EXPECT_EQ(query->request.rank_mode, RankMode::kAider);
  EXPECT_EQ(query->request.tokenizer, Tokenizer::kChars4);
  EXPECT_EQ(query->selection.submodules, SubmodulePolicy::kEnter);
  EXPECT_EQ(query->refresh, std::nullopt);
  const auto terms = request_terms_from_json({{"root", "/r"}});
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->completeness, Completeness::kPartial);
  EXPECT_EQ(terms->deadline, std::nullopt);
}

std::string complaint_about(const Json& params) {
  const auto query = map_query_from_json(params, {});
  EXPECT_FALSE(query) << params;
  EXPECT_EQ(query.error().code, ErrorCode::kInvalidArgument);
  return query.error().message;
}

TEST(RequestJson, NamesTheKeyThatIsWrong) {
  EXPECT_EQ(complaint_about(Json::array()), "an object is expected");
  EXPECT_EQ(complaint_about(Json::object()), "\"root\" is missing");
  EXPECT_EQ(complaint_about({{"root", "r"}}), "\"root\": an absolute path is expected");
  EXPECT_EQ(complaint_about({{"root", 7}}), "\"root\": a string is expected");
  EXPECT_EQ(complaint_about({{"root", std::string("/r\0x", 4)}}), "\"root\": an absolute path is expected");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"tokns", 7}}), "\"tokns\" is not known here; did you mean \"tokens\"?");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"zzzzzzz", 7}}), "\"zzzzzzz\" is not known here");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"tokens", -1}}),
            "\"tokens\": a whole number from 0 to 18446744073709551615 is expected");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"tokens", 100'000'001}}), "\"tokens\": at most 100000000 is expected");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"chat", {"../x"}}}),
            "\"chat\": an array of paths relative to the root, without \"..\" is expected");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"rank", "best"}}), "\"rank\": anchored or aider is expected");
  EXPECT_EQ(complaint_about({{"root", "/r"}, {"explain", 1}}), "\"explain\": true or false is expected");
}

TEST(RequestJson, KeepsPathsInsideOfTheRoot) {
  for (const std::string& path :
       {std::string(".."), std::string("a/../../b"), std::string("/etc/passwd"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(outline_request_from_json({{"root", "/r"}, {"path", path}})) << path;
    EXPECT_FALSE(invalidate_request_from_json({{"root", "/r"}, {"paths", {path}}})) << path;
  }
  EXPECT_EQ(outline_request_from_json({{"root", "/r"}, {"path", "a..b/...c"}})->path, "a..b/...c");
}

TEST(RequestJson, CountsLinesFromOne) {
  EXPECT_EQ(tree_request_from_json({{"root", "/r"}, {"path", "a"}, {"lines", {1, 7}}})->lines,
            (std::vector<std::uint32_t>{0, 6}));
  EXPECT_FALSE(tree_request_from_json({{"root", "/r"}, {"path", "a"}, {"lines", {0}}}));
  EXPECT_FALSE(tree_request_from_json({{"root", "/r"}, {"path", "a"}, {"lines", {1.5}}}));
  EXPECT_FALSE(tree_request_from_json({{"root", "/r"}, {"path", "a"}}));
}

TEST(RequestJson, LimitsTheDeadline) {
  EXPECT_TRUE(request_terms_from_json({{"root", "/r"}, {"deadline_ms", 86'400'000}}));
  EXPECT_FALSE(request_terms_from_json({{"root", "/r"}, {"deadline_ms", 86'400'001}}));
}

TEST(RequestJson, ReadsTheSmallOnes) {
  EXPECT_EQ(name_request_from_json({{"root", "/r"}, {"name", "f"}}, Role::kReference, {})->query.role,
            Role::kReference);
  EXPECT_EQ(name_request_from_json({{"root", "/r"}, {"name", "f"}}, Role::kReference, {})->query.match,
            NameMatch::kExact);
  EXPECT_FALSE(name_request_from_json({{"root", "/r"}}, Role::kReference, {}));
  EXPECT_EQ(tags_query_from_json({{"root", "/r"}, {"role", "ref"}, {"lang", "c"}}, {})->role, Role::kReference);
  EXPECT_FALSE(tags_query_from_json({{"root", "/r"}, {"role", "reference"}}, {}));
  EXPECT_EQ(optional_root_from_json(Json::object()), "");
  EXPECT_EQ(optional_root_from_json({{"root", "/r"}}), "/r");
  EXPECT_FALSE(optional_root_from_json({{"root", "r"}}));
  EXPECT_EQ(subscription_from_json({{"subscription", 9}}), 9U);
  EXPECT_FALSE(subscription_from_json(Json::object()));
  EXPECT_EQ(shutdown_mode_from_json({{"drain", true}}), ShutdownMode::kDrain);
  EXPECT_EQ(shutdown_mode_from_json(Json::object()), ShutdownMode::kAtOnce);
  EXPECT_EQ(hello_request_from_json({{"client", "vim"}})->client, "vim");
  EXPECT_TRUE(no_params_from_json(Json::object()));
  EXPECT_FALSE(no_params_from_json({{"a", 1}}));
  EXPECT_FALSE(selection_from_json({{"root", "/r"}, {"path", "x"}}, {}));
}

}  // namespace
}  // namespace repomap
