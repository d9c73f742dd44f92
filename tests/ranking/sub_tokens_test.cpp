// SPDX-License-Identifier: Apache-2.0
#include "ranking/sub_tokens.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

using Tokens = std::vector<std::string>;

Tokens sub_tokens(std::string_view name) {
  Tokens tokens;
  for (std::string_view token = next_sub_token(name); !token.empty(); token = next_sub_token(name)) {
    tokens.emplace_back(token);
  }
  return tokens;
}

TEST(SubTokens, CutAtJoinersAndWhereCamelCaseStartsAWord) {
  EXPECT_EQ(sub_tokens("parseHTTPHeader2_x"), (Tokens{"parse", "HTTP", "Header2", "x"}));
  EXPECT_EQ(sub_tokens("__init__"), (Tokens{"init"}));
  EXPECT_EQ(sub_tokens("src/utf8_decode.c"), (Tokens{"src", "utf8", "decode", "c"}));
  EXPECT_EQ(sub_tokens("MAX_SIZE"), (Tokens{"MAX", "SIZE"}));
  EXPECT_EQ(sub_tokens("größeÄndern"), (Tokens{"größeÄndern"})) << "letters beyond ASCII start no word";
  EXPECT_EQ(sub_tokens("_"), Tokens{});
  EXPECT_EQ(sub_tokens(""), Tokens{});
}

TEST(QueryTerms, AreSubTokensAndJoinedWords) {
  EXPECT_EQ(query_terms("Fix the TagRanker in tag_ranker.cpp"), (Tokens{"fix", "tag", "ranker", "tagranker", "cpp"}));
  EXPECT_EQ(query_terms("GRÖßE ändern"), (Tokens{"größe", "ändern"}));
}

TEST(QueryTerms, LeaveOutFunctionWordsAndSingleCharacters) { EXPECT_TRUE(query_terms("it is a x, and so on").empty()); }

TEST(QueryTerms, OfARequestJoinQueryAndMentionedIdentifiers) {
  MapRequest request;
  request.query = "slow parser";
  request.mentioned_identifiers = {"parseAll"};
  EXPECT_EQ(search_terms(request), (Tokens{"slow", "parser", "parse", "parseall"}));
  request.rank_mode = RankMode::kAider;
  EXPECT_TRUE(search_terms(request).empty());
}

}  // namespace
}  // namespace repomap
