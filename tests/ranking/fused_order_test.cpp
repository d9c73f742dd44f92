// SPDX-License-Identifier: Apache-2.0
#include "ranking/fused_order.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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
  const RankingCase input = parse_ranking_case(text);
  Order result;
  for (const RankedEntry& entry : rank(input).entries) {
    result.push_back(
        fmt::format("{}:{}", input.symbols.paths[entry.file], input.symbols.identifiers.at(entry.identifier)));
  }
  return result;
}

TEST(FusedOrder, PutsFilesFirstWhoseNamesMatchTheQuery) {
  const std::string text =
      "file\thub.c\ndef\tinit\nfile\tuser1.c\nref\tinit\t1\nfile\tuser2.c\nref\tinit\t1\nfile\tz.c\ndef\tdecodeFrame\n"
      "ref\tinit\t1\n";
  EXPECT_EQ(order(text).front(), "hub.c:init");
  EXPECT_EQ(order(text + "query\tframe is not decoded\n").front(), "z.c:decodeFrame");
}

TEST(FusedOrder, PutsMatchingDefinitionsOfAFileFirst) {
  const Order entries = order("file\ta.c\ndef\talpha\ndef\tread_header\ndef\theader\ndef\tbeta\nquery\tread header\n");
  EXPECT_EQ(entries, (Order{"a.c:read_header", "a.c:header", "a.c:alpha", "a.c:beta"}));
}

TEST(FusedOrder, LetsOtherFilesHaveATurnAfterThreeDefinitions) {
  const Order entries = order(
      "file\ta.c\ndef\tframe1\ndef\tframe2\ndef\tframe3\ndef\tframe4\nfile\tb."
      "c\ndef\tother\ndef\tframe\nquery\tframe\n");
  const auto position = [&entries](std::string_view entry) {
    return std::find(entries.begin(), entries.end(), entry) - entries.begin();
  };
  EXPECT_LT(position("b.c:frame"), position("a.c:frame4"));
  EXPECT_EQ(entries.size(), 6U);
}

TEST(FusedOrder, HoldsEveryDefinitionAndFileOutsideTheChatOnce) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    RankingCase input = parse_ranking_case(random_ranking_case(seed));
    input.request.query = "plain camel";
    std::set<std::pair<std::uint32_t, StringPool::Id>> expected;
    for (std::uint32_t file = 0; file < input.symbols.files.size(); ++file) {
      const std::string& path = input.symbols.paths[file];
      if (std::count(input.request.chat_files.begin(), input.request.chat_files.end(), path) > 0) {
        continue;
      }
      for (const StringPool::Id identifier : input.symbols.files[file].definitions) {
        expected.emplace(file, identifier);
      }
      if (input.symbols.files[file].definitions.empty()) {
        expected.emplace(file, 0);
      }
    }
    std::set<std::pair<std::uint32_t, StringPool::Id>> found;
    double last = 1e9;
    for (const RankedEntry& entry : rank(input).entries) {
      EXPECT_TRUE(found.emplace(entry.file, entry.identifier).second) << "seed " << seed;
      EXPECT_LE(entry.rank, last) << "seed " << seed;
      last = entry.rank;
    }
    EXPECT_EQ(found, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace repomap
