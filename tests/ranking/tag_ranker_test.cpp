// SPDX-License-Identifier: Apache-2.0
#include "ranking/tag_ranker.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tests/ranking/random_symbols.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

RankedTags rank(const RankingCase& input) {
  const ReferenceGraph graph = ReferenceGraph::build(input.symbols);
  return TagRanker(input.symbols, graph).rank(input.request);
}

/// "path:name" of each entry, "path" for a file by its name alone.
std::vector<std::string> order(const std::string& text) {
  const RankingCase input = parse_ranking_case(text);
  std::vector<std::string> result;
  for (const RankedEntry& entry : rank(input).entries) {
    const std::string& path = input.symbols.paths[entry.file];
    result.push_back(
        entry.identifier == 0 ? path : fmt::format("{}:{}", path, input.symbols.identifiers.at(entry.identifier)));
  }
  return result;
}

using Order = std::vector<std::string>;

constexpr auto kStar =
    "mode\taider\n"
    "file\ta\ndef\tapple\nref\tbanana\t1\nref\tcherry\t1\n"
    "file\tb\ndef\tbanana\nref\tcherry\t1\n"
    "file\tc\ndef\tcherry\n"
    "file\td\nref\tapple\t1\n"
    "file\te\n";

TEST(TagRanker, OrdersDefinitionsThenFilesOfTheGraphThenOtherFiles) {
  EXPECT_EQ(order(kStar), (Order{"c:cherry", "a:apple", "b:banana", "d", "e"}));
}

TEST(TagRanker, BreaksTiesByPathThenName) {
  // The rank of a is split over y and z, those of b and c are not.
  EXPECT_EQ(order("mode\taider\nfile\ta\ndef\tz\ndef\ty\nfile\tb\ndef\tx\nfile\tc\ndef\tx\nref\tother\t1\n"),
            (Order{"b:x", "c:x", "a:y", "a:z"}));
}

TEST(TagRanker, LeavesOutChatFiles) {
  EXPECT_EQ(order(std::string(kStar) + "chat\tc\nchat\td\n"), (Order{"a:apple", "b:banana", "e"}));
}

TEST(TagRanker, AMentionedFilePullsWhatItRefersTo) {
  const std::string two = "mode\taider\nfile\ta\nref\tx\t1\nfile\tb\nref\ty\t1\nfile\tc\ndef\tx\nfile\td\ndef\ty\n";
  EXPECT_EQ(order(two), (Order{"c:x", "d:y", "a", "b"}));
  EXPECT_EQ(order(two + "mention-file\tb\n"), (Order{"d:y", "c:x", "b", "a"}));
  EXPECT_EQ(order(two + "chat\tb\n"), (Order{"d:y", "c:x", "a"}));
  EXPECT_EQ(order(two + "mention\tb\n"), (Order{"d:y", "c:x", "b", "a"})) << "the path part b is mentioned";
  EXPECT_EQ(order(two + "query\tlook at b\n"), (Order{"d:y", "c:x", "b", "a"})) << "the query mentions it";
}

TEST(TagRanker, AMentionedIdentifierIsWorthTenReferences) {
  const std::string one = "mode\taider\nfile\ta\nref\tx\t81\nref\ty\t1\nfile\tb\ndef\tx\nfile\tc\ndef\ty\n";
  EXPECT_EQ(order(one), (Order{"b:x", "c:y", "a"})) << "9 to 1";
  EXPECT_EQ(order(one + "mention\ty\n"), (Order{"c:y", "b:x", "a"})) << "9 to 10";
}

TEST(TagRanker, FallsBackToEqualSharesWhereNoAnchorIsInTheGraph) {
  EXPECT_EQ(order(std::string(kStar) + "mention-file\te\n"), order(kStar));
  EXPECT_EQ(order(std::string(kStar) + "mention-file\tnowhere\n"), order(kStar));
}

TEST(TagRanker, PutsImportantFilesWithoutDefinitionsFirst) {
  EXPECT_EQ(order("mode\taider\nfile\tREADME.md\nfile\ta\ndef\tx\nfile\tgo.mod\nfile\tsetup.py\ndef\tx\nfile\tz\n"),
            (Order{"README.md", "go.mod", "a:x", "setup.py:x", "z"}));
}

TEST(TagRanker, RanksNothingInAnEmptyRepository) {
  const RankedTags ranked = rank(parse_ranking_case(""));
  EXPECT_TRUE(ranked.entries.empty());
  EXPECT_TRUE(ranked.file_ranks.empty());
}

TEST(TagRanker, GivesEqualBitsUnderAnyOrderOfInterning) {
  const unsigned first_seed = std::random_device()();
  for (unsigned seed = first_seed; seed != first_seed + 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RankingCase input = parse_ranking_case(random_ranking_case(seed));
    input.request.rank_mode = seed % 2 == 0 ? RankMode::kAider : RankMode::kAnchored;
    input.request.query = seed % 3 == 0 ? "long name of the camel" : "";
    const RankingCase other{reinterned(input.symbols, seed), input.request};
    const RankedTags ranked = rank(input);
    const RankedTags again = rank(other);
    EXPECT_EQ(ranked.file_ranks, again.file_ranks);
    ASSERT_EQ(ranked.entries.size(), again.entries.size());
    for (std::size_t i = 0; i < ranked.entries.size(); ++i) {
      EXPECT_EQ(ranked.entries[i].file, again.entries[i].file);
      EXPECT_EQ(ranked.entries[i].rank, again.entries[i].rank);
      EXPECT_EQ(input.symbols.identifiers.at(ranked.entries[i].identifier),
                other.symbols.identifiers.at(again.entries[i].identifier));
    }
  }
}

class FirstEntriesOfARanking : public testing::TestWithParam<const char*> {};

TEST_P(FirstEntriesOfARanking, AreThoseOfTheWhole) {
  std::size_t shortened = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    RankingCase input = parse_ranking_case(random_ranking_case(seed));
    input.request.rank_mode = RankMode::kAnchored;
    input.request.query = GetParam();
    const ReferenceGraph graph = ReferenceGraph::build(input.symbols);
    const TagRanker ranker(input.symbols, graph);
    const RankedTags whole = ranker.rank(input.request);
    EXPECT_TRUE(whole.is_whole);
    const std::size_t size = whole.entries.size();
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{3}, size / 2, size}) {
      const RankedTags first = ranker.rank(input.request, limit);
      ASSERT_LE(std::min(limit, size), first.entries.size());
      ASSERT_LE(first.entries.size(), size);
      EXPECT_TRUE(std::ranges::equal(first.entries, std::span(whole.entries).first(first.entries.size())));
      EXPECT_EQ(first.is_whole, first.entries.size() == size) << "seed " << seed << " limit " << limit;
      EXPECT_EQ(first.file_ranks, whole.file_ranks);
      shortened += first.is_whole ? 0 : 1;
    }
  }
  EXPECT_GT(shortened, 60U);
}

INSTANTIATE_TEST_SUITE_P(AnchoredAndFused, FirstEntriesOfARanking, testing::Values("", "plain camel"));

}  // namespace
}  // namespace repomap
