// SPDX-License-Identifier: Apache-2.0
#include "ranking/anchored_order.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ranking/path_prior.hpp"
#include "ranking/tag_ranker.hpp"
#include "tests/ranking/random_symbols.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

using Order = std::vector<std::string>;

RankedTags rank(const RankingCase& input) {
  return TagRanker(input.symbols, ReferenceGraph::build(input.symbols)).rank(input.request);
}

Order order(const std::string& text) {
  const RankingCase input = parse_ranking_case("mode\tanchored\n" + text);
  Order result;
  for (const RankedEntry& entry : rank(input).entries) {
    result.push_back(
        fmt::format("{}:{}", input.symbols.paths[entry.file], input.symbols.identifiers.at(entry.identifier)));
  }
  return result;
}

TEST(AnchoredOrder, DoesNotCountTheReferencesOfAFileToItself) {
  const Order entries = order(
      "file\ta.c\ndef\talone\nref\talone\t99\n"
      "file\tb.c\ndef\tused\n"
      "file\tc.c\nref\tused\t1\n");
  EXPECT_EQ(entries, (Order{"b.c:used", "a.c:alone", "c.c:"}));
}

TEST(AnchoredOrder, SharesAVoteAmongTheFilesThatDefineAName) {
  const Order entries = order(
      "file\ta.c\ndef\tread\nfile\tb.c\ndef\tread\nfile\tc.c\ndef\tread\n"
      "file\td.c\ndef\tparse\nfile\te.c\nref\tread\t1\nref\tparse\t1\n");
  EXPECT_EQ(entries.front(), "d.c:parse");
}

TEST(AnchoredOrder, PrefersWhatManyFilesUse) {
  std::string text = "file\ta.c\ndef\tfew\nfile\tb.c\ndef\tmany\nfile\tc.c\nref\tfew\t50\n";
  for (const char* user : {"d.c", "e.c", "f.c", "g.c"}) {
    text += fmt::format("file\t{}\nref\tmany\t1\n", user);
  }
  EXPECT_EQ(order(text).front(), "b.c:many");
}

TEST(AnchoredOrder, PutsTestsAndCopiesBehindUnlessTheyAreMentioned) {
  const std::string text =
      "file\tsrc/b.c\ndef\ttwo\nfile\tsrc/c.c\nref\tone\t3\nref\ttwo\t1\nfile\ttests/a.c\ndef\tone\n";
  EXPECT_EQ(order(text).front(), "src/b.c:two");
  EXPECT_EQ(order(text + "mention-file\ttests/a.c\nmention-file\tsrc/c.c\n").front(), "tests/a.c:one");
}

TEST(AnchoredOrder, LetsOtherFilesHaveATurnAfterFourDefinitions) {
  const Order entries = order(
      "file\ta.c\ndef\ta1\ndef\ta2\ndef\ta3\ndef\ta4\ndef\ta5\nfile\tb.c\ndef\tb1\n"
      "file\tc.c\nref\ta1\t4\nref\ta2\t4\nref\ta3\t4\nref\ta4\t4\nref\ta5\t4\nref\tb1\t3\n");
  const auto position = [&entries](std::string_view entry) { return std::ranges::find(entries, entry); };
  EXPECT_EQ(position("a.c:a1"), entries.begin());
  EXPECT_LT(position("b.c:b1"), position("a.c:a5"));
}

TEST(AnchoredOrder, HoldsTheSameEntriesAsTheOrderOfTheGraph) {
  const auto key = [](const RankedEntry& entry) { return std::pair(entry.file, entry.identifier); };
  for (unsigned seed = 0; seed < 40; ++seed) {
    RankingCase input = parse_ranking_case(random_ranking_case(seed));
    input.request.mentioned_identifiers.clear();
    input.request.query.clear();
    input.request.rank_mode = RankMode::kAider;
    auto by_graph = rank(input).entries;
    input.request.rank_mode = RankMode::kAnchored;
    auto anchored = rank(input).entries;
    std::ranges::sort(by_graph, {}, key);
    std::ranges::sort(anchored, {}, key);
    EXPECT_TRUE(std::ranges::equal(by_graph, anchored, {}, key, key)) << "seed " << seed;
  }
}

TEST(TopEntries, KeepsEqualRanksInTheirOrder) {
  TopEntries top(2);
  for (std::uint32_t file = 0; file < 100; ++file) {
    top.add({file, 0, file % 50 == 7 ? 1.0 : file % 2 == 0 ? 0.5 : 0.25});
  }
  const FirstEntries first = top.take();
  EXPECT_FALSE(first.is_whole);
  ASSERT_GE(first.entries.size(), 2U);
  EXPECT_EQ(first.entries[0], (RankedEntry{7, 0, 1.0}));
  EXPECT_EQ(first.entries[1], (RankedEntry{57, 0, 1.0}));
}

TEST(TopEntries, LeavesNothingOutThatIsWanted) {
  TopEntries top(1000);
  for (std::uint32_t file = 0; file < 3000; ++file) {
    top.add({file, 0, 1.0 / file});
  }
  const FirstEntries first = top.take();
  EXPECT_TRUE(first.is_whole);
  EXPECT_EQ(first.entries.size(), 3000U);
}

TEST(PathPrior, KnowsTestsFixturesAndCopiesByTheirPaths) {
  for (const char* path : {"tests/a.c", "src/testdata/x/y.go", "vendor/lib/a.go", "a_test.go", "pkg/test_x.py",
                           "ui/a.spec.ts", "ui/__tests__/a.js", "lib/a_spec.rb", "src/FooTest.java"}) {
    EXPECT_EQ(path_prior(path), kSideFilePrior) << path;
  }
  for (const char* path : {"src/a.c", "contest/a.c", "latest.py", "attestation/x.go", "src/testament.ts", "a"}) {
    EXPECT_EQ(path_prior(path), 1) << path;
  }
}

}  // namespace
}  // namespace repomap
