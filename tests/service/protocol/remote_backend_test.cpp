// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/remote_backend.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "service/protocol/answer_json.hpp"
#include "service/protocol/request_json.hpp"
#include "tests/service/protocol/scripted_daemon.hpp"
#include "tests/support/random_answers.hpp"

namespace repomap {
namespace {

class RemoteBackends : public testing::Test {
 protected:
  RemoteBackends() : backend_(daemon_.connect(), "fingerprint") {}

  Json asked() const { return *parse_json(daemon_.heard()); }

  ScriptedDaemon daemon_;
  RemoteBackend backend_;
};

TEST_F(RemoteBackends, AsksForWholeMapsUnderTheSettingsOfThisProcess) {
  RandomAnswers random(1);
  const MapAnswer sent = random.map();
  MapQuery query;
  query.selection.root = "/r";
  query.explain = ExplainPolicy::kShownSymbols;
  daemon_.answer(1, to_json(sent, query));
  const auto received = backend_.map(query, {});
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(to_json(*received, query), to_json(sent, query));
  const Json request = asked();
  EXPECT_EQ(request["method"], "map");
  EXPECT_EQ(request["params"]["settings"], "fingerprint");
  EXPECT_EQ(request["params"]["complete"], "whole");
  EXPECT_EQ(request["params"]["progress"], false);
  EXPECT_TRUE(map_query_from_json(request["params"], {}));
}

TEST_F(RemoteBackends, PassProgressOn) {
  daemon_.notify("$/progress", {{"id", 1}, {"done", 3}, {"total", 9}});
  daemon_.notify("$/progress", {{"id", 1}, {"done", "x"}});
  daemon_.notify("other", {{"done", 4}, {"total", 9}});
  daemon_.answer(1, to_json(IndexAnswer()));
  std::vector<std::size_t> done;
  const auto answer =
      backend_.index({"/r", {}}, {.progress = [&](std::size_t now, std::size_t) { done.push_back(now); }});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(done, std::vector<std::size_t>{3});
  EXPECT_EQ(asked()["params"]["progress"], true);
}

TEST_F(RemoteBackends, SendWhatIsLeftOfTheDeadline) {
  daemon_.answer(1, to_json(SymbolsAnswer()));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  EXPECT_TRUE(backend_.symbols({"/r", {}}, {}, {.deadline = deadline, .min_generation = 7}));
  const Json params = asked()["params"];
  EXPECT_LE(params["deadline_ms"], 3'600'000);
  EXPECT_GT(params["deadline_ms"], 3'000'000);
  EXPECT_EQ(params["min_generation"], 7);
}

TEST_F(RemoteBackends, AreOfNoUseWhereTheAnswerIsNotUnderstood) {
  daemon_.answer(1, {{"generation", "seven"}});
  EXPECT_EQ(backend_.map({}, {}).error().code, ErrorCode::kUnavailable);
}

TEST_F(RemoteBackends, LeaveLongAnswersToThisProcess) {
  daemon_.refuse(1, 1005, "the answer has too many bytes");
  EXPECT_EQ(backend_.symbols({"/r", {}}, {}, {}).error().code, ErrorCode::kUnavailable);
  daemon_.refuse(2, 1005, "the deadline is over");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  EXPECT_EQ(backend_.symbols({"/r", {}}, {}, {.deadline = deadline}).error().code, ErrorCode::kLimitExceeded);
}

TEST_F(RemoteBackends, PassErrorsOfTheQuestionOn) {
  daemon_.refuse(1, 1001, "no such file");
  const auto tags = backend_.file_tags("/r", "a.c");
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(tags.error().message, "no such file");
}

TEST_F(RemoteBackends, GiveTreesAndOutlines) {
  daemon_.answer(1, tree_document({"/r", "a.c", {2}}, "text"));
  EXPECT_EQ(backend_.tree({"/r", "a.c", {2}}), "text");
  FileTags tags;
  tags.language = "c";
  tags.line_count = 9;
  daemon_.answer(2, outline_document("a.c", tags));
  EXPECT_EQ(backend_.file_tags("/r", "a.c")->line_count, 9U);
}

}  // namespace
}  // namespace repomap
