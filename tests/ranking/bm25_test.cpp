// SPDX-License-Identifier: Apache-2.0
#include "ranking/bm25.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ranking/name_index.hpp"
#include "ranking/sub_tokens.hpp"
#include "tests/ranking/random_symbols.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

std::vector<std::uint32_t> found_in(std::string_view name, std::vector<std::string> terms) {
  std::vector<std::uint32_t> found;
  QueryTerms(std::move(terms)).find_in(name, found);
  return found;
}

TEST(QueryTermsInNames, AreFoundInAnyCaseAndOnce) {
  EXPECT_EQ(found_in("HTTPServer_http", {"server", "http"}), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_TRUE(found_in("HTTPS", {"http"}).empty());
  EXPECT_EQ(found_in("TagRanker", {"tagranker"}), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(found_in("Größe", {"größe"}), (std::vector<std::uint32_t>{0}));
}

TEST(Bm25, FollowsTheFormula) {
  // Lengths: a 2·1 + 3, b 2·1 + 1; "parse" is twice in a and nowhere else.
  const auto symbols = parse_ranking_case("file\ta\ndef\tparse_all\ndef\tparse\nfile\tb\ndef\tother\n").symbols;
  QueryTerms terms({"parse"});
  const Bm25 bm25(symbols, terms);
  const double weight = std::log(1 + (2 - 1 + 0.5) / (1 + 0.5));
  const double length = 0.25 + 0.75 * 5 / 4;
  EXPECT_DOUBLE_EQ(bm25.file_scores()[0], weight * 2 * 2.2 / (2 + 1.2 * length));
  EXPECT_EQ(bm25.file_scores()[1], 0);
  EXPECT_DOUBLE_EQ(bm25.name_score(symbols.files[0].definitions[0]), weight);
  EXPECT_EQ(bm25.name_score(symbols.files[1].definitions[0]), 0);
}

TEST(Bm25, CountsTheWordsOfThePathTwice) {
  const auto symbols = parse_ranking_case("file\tlib/parse\nfile\tother\ndef\tparse\ndef\tzzz\n").symbols;
  QueryTerms terms({"parse"});
  const Bm25 bm25(symbols, terms);
  EXPECT_GT(bm25.file_scores()[0], bm25.file_scores()[1]);
  EXPECT_GT(bm25.file_scores()[1], 0);
}

TEST(Bm25, RareTermsWeighMore) {
  const auto symbols =
      parse_ranking_case("file\ta\ndef\tcommon\nfile\tb\ndef\tcommon_rare\nfile\tc\ndef\tcommon\n").symbols;
  QueryTerms terms({"common", "rare"});
  const Bm25 bm25(symbols, terms);
  EXPECT_GT(bm25.name_score(symbols.files[1].definitions[0]), 2 * bm25.name_score(symbols.files[0].definitions[0]));
}

TEST(Bm25, OfAnEmptyRepositoryIsEmpty) {
  const RepoSymbols symbols;
  QueryTerms terms({"x"});
  EXPECT_TRUE(Bm25(symbols, terms).file_scores().empty());
}

TEST(Bm25, GivesTheSameBitsWithAnIndexOfTheNames) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    const auto symbols = parse_ranking_case(random_ranking_case(seed)).symbols;
    // Of an index that was made before, some names are not covered.
    const std::size_t known = seed % 2 == 0 ? symbols.files.size() : symbols.files.size() / 2;
    RepoSymbols former;
    former.identifiers = symbols.identifiers;
    for (std::size_t file = 0; file < known; ++file) {
      former.files.push_back(symbols.files[file]);
    }
    const NameIndex names = NameIndex::build(former);
    // Terms that are there, in parts and joined, and one that is not.
    std::vector<std::string> words;
    for (StringPool::Id identifier = 1; identifier < symbols.identifiers.size(); identifier += 7) {
      words.emplace_back(symbols.identifiers.at(identifier));
    }
    const std::string text = fmt::format("{} absent parse HTTP", fmt::join(words, " "));
    QueryTerms with(query_terms(text));
    QueryTerms without(query_terms(text));
    const Bm25 indexed(symbols, with, &names);
    const Bm25 scanned(symbols, without);
    EXPECT_EQ(indexed.file_scores(), scanned.file_scores());
    for (const FileSymbolsView row : symbols.files.rows()) {
      for (const StringPool::Id identifier : row.definitions) {
        EXPECT_EQ(indexed.name_score(identifier), scanned.name_score(identifier));
      }
    }
  }
}

}  // namespace
}  // namespace repomap
