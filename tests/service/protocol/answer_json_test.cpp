// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/answer_json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <functional>
#include <random>
#include <string>

#include "tests/support/random_answers.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

/// As the other end sees it.
Json over_the_wire(const Json& json) {
  const auto received = parse_json(json_line(json));
  EXPECT_TRUE(received);
  return received.value_or(Json());
}

TEST(AnswerJson, GivesMapsBack) {
  RandomAnswers random(1);
  for (int round = 0; round < 300; ++round) {
    MapQuery query;
    query.explain = ExplainPolicy::kShownSymbols;
    const Json sent = to_json(random.map(), query);
    const auto received = map_answer_from_json(over_the_wire(sent));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_json(*received, query), sent) << "round " << round;
  }
}

TEST(AnswerJson, KeepsEveryBitOfARank) {
  RandomAnswers random(2);
  MapAnswer answer;
  answer.map.files.resize(1);
  for (int round = 0; round < 2000; ++round) {
    answer.map.files[0].rank = random.real();
    const auto received = map_answer_from_json(over_the_wire(to_json(answer, {})));
    ASSERT_TRUE(received);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(received->map.files[0].rank),
              std::bit_cast<std::uint64_t>(answer.map.files[0].rank));
  }
}

TEST(AnswerJson, TellsWhichFilesTheIndexHasSkipped) {
  MapAnswer answer;
  answer.report.skipped = {{"a", SkipReason::kSymlink, "to b"}, {"b", SkipReason::kTooLarge, "5 MB"}};
  answer.report.index.skipped = {answer.report.skipped[1]};
  const auto received = map_answer_from_json(over_the_wire(to_json(answer, {})));
  ASSERT_TRUE(received);
  ASSERT_EQ(received->report.index.skipped.size(), 1U);
  EXPECT_EQ(received->report.index.skipped[0].path, "b");
}

TEST(AnswerJson, GivesSymbolsBack) {
  RandomAnswers random(3);
  for (int round = 0; round < 300; ++round) {
    const Json sent = to_json(random.symbols());
    const auto received = symbols_answer_from_json(over_the_wire(sent));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_json(*received), sent) << "round " << round;
  }
}

TEST(AnswerJson, CountsAlsoTheSymbolsThatAreNotGiven) {
  SymbolsAnswer answer;
  answer.hits.resize(2);
  answer.found = 5;
  EXPECT_EQ(to_json(answer)["found"], 5);
  EXPECT_EQ(to_json(answer)["symbols"].size(), 2U);
}

TEST(AnswerJson, GivesIndexRunsBackToTheNanosecond) {
  RandomAnswers random(4);
  for (int round = 0; round < 300; ++round) {
    const IndexAnswer answer = random.index();
    const auto received = index_answer_from_json(over_the_wire(to_json(answer)));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_json(*received), to_json(answer)) << "round " << round;
    EXPECT_EQ(received->elapsed, answer.elapsed);
  }
}

TEST(AnswerJson, GivesTheDefinitionsOfAFileBack) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const FileTags tags = random_file_tags(random);
    const auto received = outline_from_json(over_the_wire(outline_document("a\xff.c", tags)));
    ASSERT_TRUE(received) << received.error().message;
    FileTags definitions = tags.outline();
    definitions.content = {};
    definitions.scopes.clear();
    EXPECT_EQ(visible_text(*received), visible_text(definitions)) << "round " << round;
  }
}

TEST(AnswerJson, GivesTheTextOfATreeBack) {
  EXPECT_EQ(tree_from_json(over_the_wire(tree_document({"/r", "p", {0, 6}}, "text\xfe\n"))), "text\xfe\n");
}

/// Takes one member after the other away, and puts something of another type in its place.
void expect_strictness(const Json& good, const std::function<Status(const Json&)>& read) {
  ASSERT_TRUE(read(good)) << read(good).error().message;
  for (const auto& [key, value] : good.items()) {
    for (const Json& wrong : {Json(), Json(-1), Json::object({{"x", 1}})}) {
      Json bad = good;
      bad[key] = wrong;
      const Status status = read(bad);
      EXPECT_TRUE(status || status.error().message.contains(key) || status.error().message.contains("missing")) << key;
    }
  }
}

TEST(AnswerJson, NamesTheKeyThatIsWrong) {
  RandomAnswers random(6);
  Json map = to_json(random.map(), {});
  expect_strictness(map, [](const Json& json) -> Status {
    REPOMAP_TRY(map_answer_from_json(json));
    return {};
  });
  for (const char* key :
       {"generation", "tokens", "files", "text", "origin", "index", "listed", "skipped", "notices", "freshness"}) {
    Json bad = map;
    bad.erase(key);
    const auto answer = map_answer_from_json(bad);
    ASSERT_FALSE(answer) << key;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(answer.error().message, fmt::format("\"{}\" is missing", key));
    bad[key] = true;
    EXPECT_FALSE(map_answer_from_json(bad)) << key;
  }
}

TEST(AnswerJson, RefusesPlacesOutsideOfTheSkippedFiles) {
  Json json = to_json(MapAnswer(), {});
  json["index"]["skipped"] = {0};
  EXPECT_FALSE(map_answer_from_json(json));
}

TEST(AnswerJson, LeavesKeysAloneThatItDoesNotKnow) {
  Json json = to_json(MapAnswer(), {});
  json["later"] = 1;
  EXPECT_TRUE(map_answer_from_json(json));
}

TEST(AnswerJson, HasTheFreshnessOfTheContract) {
  Freshness freshness;
  freshness.generation = 3;
  freshness.as_of = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'123));
  freshness.indexed = 7;
  EXPECT_EQ(
      to_json(freshness).dump(),
      R"({"generation":3,"as_of":"2023-11-14T22:13:20.123Z","indexed":7,"pending":0,"skipped":0,"watcher":"off"})");
}

}  // namespace
}  // namespace repomap
