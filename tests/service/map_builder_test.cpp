// SPDX-License-Identifier: Apache-2.0
#include "service/map_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/service/indexed_files.hpp"

namespace repomap {
namespace {

using Names = std::vector<std::string>;

MapRequest request(RankMode mode = RankMode::kAnchored) {
  MapRequest request;
  request.tokenizer = Tokenizer::kChars4;
  request.rank_mode = mode;
  return request;
}

class Maps : public testing::Test {
 protected:
  StoredMap build(const MapRequest& request, ExplainPolicy explain = ExplainPolicy::kNone) {
    const RepoState state = repository_.state();
    auto answer = MapBuilder(repository_.files(), built_in_registry(), {}, repository_.caches().tags, "")
                      .build(state, request, explain);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? std::move(*answer) : StoredMap();
  }

  static Names paths(const StoredMap& answer) {
    Names names;
    for (const MapFile& file : answer.map.files) {
      names.push_back(file.path);
    }
    return names;
  }

  IndexedFiles repository_{{{"main.py", "import used\n\ndef main():\n    return used.helper()\n"},
                            {"used.py", "def helper():\n    return 1\n"}}};
};

TEST_F(Maps, ShowWhatIsUsed) {
  const StoredMap answer = build(request());
  EXPECT_NE(answer.map.text.find("used.py:\n│def helper():\n"), std::string::npos) << answer.map.text;
  EXPECT_LE(answer.map.tokens, request().token_budget);
  EXPECT_TRUE(answer.notices.empty());
  EXPECT_EQ(answer.read.size(), 2U) << "main.py was tried";
}

TEST_F(Maps, NameChatAndMentionedFilesThatAreNotThere) {
  MapRequest wanted = request();
  wanted.chat_files = {"main.py", "no_chat.py"};
  wanted.mentioned_files = {"no_mention.py", "used.py"};
  const StoredMap answer = build(wanted);
  ASSERT_EQ(answer.notices.size(), 2U);
  EXPECT_TRUE(answer.notices[0].starts_with("no_chat.py: ")) << answer.notices[0];
  EXPECT_TRUE(answer.notices[1].starts_with("no_mention.py: ")) << answer.notices[1];
  EXPECT_EQ(paths(answer), Names{"used.py"});
}

TEST_F(Maps, AreEmptyForABudgetOfZero) {
  for (const RankMode mode : {RankMode::kAnchored, RankMode::kAider}) {
    MapRequest wanted = request(mode);
    wanted.token_budget = 0;
    wanted.chat_files = {"main.py", "used.py"};
    const StoredMap answer = build(wanted, ExplainPolicy::kShownSymbols);
    EXPECT_EQ(answer.map.text, "");
    EXPECT_EQ(answer.map.tokens, 0U);
    EXPECT_TRUE(answer.explanations.empty());
  }
}

TEST_F(Maps, OfAiderShowTheChatsFilesIfThereAreNoOthers) {
  MapRequest wanted = request(RankMode::kAider);
  const StoredMap without_chat = build(wanted, ExplainPolicy::kShownSymbols);
  wanted.chat_files = {"main.py", "used.py"};
  const StoredMap all_in_chat = build(wanted, ExplainPolicy::kShownSymbols);
  EXPECT_EQ(all_in_chat.map.text, without_chat.map.text);
  EXPECT_FALSE(all_in_chat.map.text.empty());
  EXPECT_EQ(all_in_chat.explanations.size(), without_chat.explanations.size());
  wanted.mentioned_identifiers = {"helper"};
  EXPECT_FALSE(build(wanted).map.text.empty());
}

TEST_F(Maps, OfAiderKeepTheChatsFilesOutIfThereAreOthers) {
  MapRequest wanted = request(RankMode::kAider);
  wanted.chat_files = {"used.py"};
  EXPECT_EQ(paths(build(wanted)), Names{"main.py"});
}

TEST_F(Maps, OfAnchorsStayEmptyIfTheChatHoldsEverything) {
  MapRequest wanted = request();
  wanted.chat_files = {"main.py", "used.py"};
  EXPECT_EQ(build(wanted).map.text, "");
}

TEST_F(Maps, ExplainWhatTheyShowAndNothingElse) {
  const StoredMap answer = build(request(), ExplainPolicy::kShownSymbols);
  Names explained;
  for (const SymbolExplanation& symbol : answer.explanations) {
    explained.push_back(symbol.path + ' ' + symbol.name);
  }
  Names shown;
  for (const MapFile& file : answer.map.files) {
    for (const MapSymbol& symbol : file.symbols) {
      shown.push_back(file.path + ' ' + symbol.name);
    }
  }
  std::ranges::sort(explained);
  std::ranges::sort(shown);
  EXPECT_EQ(explained, shown);
  EXPECT_FALSE(shown.empty());
  EXPECT_TRUE(build(request()).explanations.empty());
}

TEST_F(Maps, NeedTheTokenTablesOfTheirTokenizer) {
  MapRequest wanted = request();
  wanted.tokenizer = Tokenizer::kO200kBase;
  const RepoState state = repository_.state();
  const auto answer =
      MapBuilder(repository_.files(), built_in_registry(), {}, repository_.caches().tags, "/no/such/directory")
          .build(state, wanted, ExplainPolicy::kNone);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("/no/such/directory"), std::string::npos) << answer.error().message;
}

TEST_F(Maps, OfARepositoryWithoutFilesAreEmpty) {
  IndexedFiles nothing({});
  for (const RankMode mode : {RankMode::kAnchored, RankMode::kAider}) {
    const RepoState state = nothing.state();
    const auto answer = MapBuilder(nothing.files(), built_in_registry(), {}, nothing.caches().tags, "")
                            .build(state, request(mode), ExplainPolicy::kShownSymbols);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->map.text, "");
  }
}

}  // namespace
}  // namespace repomap
