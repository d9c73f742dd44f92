// SPDX-License-Identifier: Apache-2.0
#include "ranking/explanation.hpp"

#include <gtest/gtest.h>

#include "ranking/tag_ranker.hpp"
#include "tests/ranking/random_symbols.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

struct Explained {
  RankingCase input;
  RankedTags ranked;
  std::vector<Explanation> explanations;  // of all entries, in order

  const Explanation& of(std::string_view path, std::string_view name) const {
    for (const Explanation& explanation : explanations) {
      if (input.symbols.paths[explanation.entry.file] == path &&
          input.symbols.identifiers.at(explanation.entry.identifier) == name) {
        return explanation;
      }
    }
    static const Explanation none;
    ADD_FAILURE() << "no entry " << path << ' ' << name;
    return none;
  }
};

Explained explain(const std::string& text) {
  Explained result{parse_ranking_case(text), {}, {}};
  const ReferenceGraph graph = ReferenceGraph::build(result.input.symbols);
  const TagRanker ranker(result.input.symbols, graph);
  result.ranked = ranker.rank(result.input.request);
  result.explanations = ranker.explain(result.input.request, result.ranked, result.ranked.entries);
  return result;
}

std::vector<std::string> pulls(const Explanation& explanation) {
  std::vector<std::string> result;
  for (const Pull& pull : explanation.pulls) {
    result.push_back(std::string(pull_kind_name(pull.kind)) + " " + pull.detail);
  }
  return result;
}

TEST(Explanation, NamesTheStrongestReferences) {
  const Explained explained =
      explain("mode\taider\nfile\ta\nref\tx\t9\nfile\tb\nref\tx\t1\nref\ty\t1\nfile\tc\ndef\tx\ndef\ty\ndef\tlone\n");
  const Explanation& x = explained.of("c", "x");
  EXPECT_EQ(x.referencing_files, 2U);
  ASSERT_EQ(x.strongest_references.size(), 2U);
  // a hands all its rank to x, b half of it.
  EXPECT_EQ(x.strongest_references[0].file, 0U);
  EXPECT_NEAR(x.strongest_references[0].share, 2.0 / 3, 1e-12);
  EXPECT_NEAR(x.strongest_references[1].share, 1.0 / 3, 1e-12);
  EXPECT_EQ(explained.of("c", "lone").referencing_files, 0U);
}

TEST(Explanation, KeepsFiveReferencesAndCountsAll) {
  std::string text = "mode\taider\nfile\ta\ndef\tx\n";
  for (char file = 'b'; file <= 'i'; ++file) {
    text += std::string("file\t") + file + "\nref\tx\t1\n";
  }
  const Explained explained = explain(text);
  EXPECT_EQ(explained.of("a", "x").referencing_files, 8U);
  EXPECT_EQ(explained.of("a", "x").strongest_references.size(), 5U);
}

TEST(Explanation, SaysWhatPulledAnEntryUp) {
  const std::string text =
      "file\tREADME.md\nfile\tlib/chat.c\nref\tparse_all\t1\nfile\tlib/parse.c\ndef\tparse_all\nchat\tlib/chat.c\n"
      "mention-file\tlib/parse.c\nmention\tparse_all\nmention\tlib\n";
  const Explained graph = explain("mode\taider\n" + text);
  EXPECT_EQ(pulls(graph.of("lib/parse.c", "parse_all")),
            (std::vector<std::string>{"mentioned_identifier parse_all", "mentioned_file lib/parse.c",
                                      "mentioned_path_part lib", "chat_reference lib/chat.c"}));
  EXPECT_EQ(pulls(graph.of("README.md", "")), (std::vector<std::string>{"important_file README.md"}));
  const Explained query = explain("query\tthe parser: parse it\n" + text);
  EXPECT_EQ(pulls(query.of("lib/parse.c", "parse_all")).back(), "query_term lib");
}

TEST(Explanation, AgreesWithTheRanking) {
  for (unsigned seed = 1; seed < 60; ++seed) {
    const Explained explained = explain("mode\taider\n" + random_ranking_case(seed));
    ASSERT_EQ(explained.explanations.size(), explained.ranked.entries.size());
    for (const Explanation& explanation : explained.explanations) {
      EXPECT_NEAR(explanation.graph_rank, explanation.entry.rank, 1e-12) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace repomap
