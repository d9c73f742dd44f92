// SPDX-License-Identifier: Apache-2.0
#include "ranking/map_renderer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/ranking/fake_tree_source.hpp"

namespace repomap {
namespace {

constexpr std::size_t kPlenty = 1'000'000;

std::unique_ptr<TokenCounter> quarter_counter() { return *open_token_counter(Tokenizer::kChars4, ""); }

/// Two files of four functions each.
class MapRendererTest : public testing::Test {
 protected:
  MapRendererTest() {
    source_.add_file("a.go", {"func one() {", "}", "", "", "func two() {", "}", "", "", "func three()", ""});
    source_.add_file("b/b.go", {"func one() {", "}", "", "", "func four() {", "}"});
    one_ = source_.add_definition(0, "one", 0);
    two_ = source_.add_definition(0, "two", 4);
    three_ = source_.add_definition(0, "three", 8);
    source_.add_definition(1, "one", 0);
    four_ = source_.add_definition(1, "four", 4);
  }

  RepoMap render(std::vector<RankedEntry> entries, std::size_t budget) {
    ranked_.entries = std::move(entries);
    return render_map(ranked_, source_.symbols(), source_, *counter_, budget);
  }

  FakeTreeSource source_;
  RankedTags ranked_{.entries = {}, .file_ranks = {0.75, 0.25}};
  std::unique_ptr<TokenCounter> counter_ = quarter_counter();
  StringPool::Id one_ = 0;
  StringPool::Id two_ = 0;
  StringPool::Id three_ = 0;
  StringPool::Id four_ = 0;
};

TEST_F(MapRendererTest, ShowsEntriesByPathThenLine) {
  const RepoMap map = render({{1, four_, 4}, {0, three_, 3}, {0, one_, 2}}, kPlenty);
  EXPECT_EQ(map.text,
            "\na.go:\n│func one() {\n⋮\n│func three()\n⋮\n"
            "\nb/b.go:\n⋮\n│func four() {\n⋮\n");
  EXPECT_EQ(map.tokens, counter_->count(map.text));
}

TEST_F(MapRendererTest, ShowsAFileWithoutAnIdentifierByItsName) {
  EXPECT_EQ(render({{0, 0, 1}, {1, 0, 1}}, kPlenty).text, "\na.go\n\nb/b.go\n");
  EXPECT_EQ(render({{0, one_, 1}, {1, 0, 1}}, kPlenty).text, "\na.go:\n│func one() {\n⋮\n\nb/b.go\n");
}

TEST_F(MapRendererTest, LetsDefinitionsReplaceTheBareNameOfTheirFile) {
  const std::string expected = "\na.go:\n│func one() {\n⋮\n";
  EXPECT_EQ(render({{0, 0, 1}, {0, one_, 1}}, kPlenty).text, expected);
  EXPECT_EQ(render({{0, one_, 1}, {0, 0, 1}}, kPlenty).text, expected);
}

TEST_F(MapRendererTest, ShowsAllDefinitionsOfAnIdentifierInAFile) {
  source_.add_definition(0, "one", 8);
  EXPECT_EQ(render({{0, one_, 1}}, kPlenty).text, "\na.go:\n│func one() {\n⋮\n│func three()\n⋮\n");
}

TEST_F(MapRendererTest, TellsWhatItShows) {
  const RepoMap map = render({{1, four_, 4}, {0, three_, 3}, {0, one_, 2}}, kPlenty);
  ASSERT_EQ(map.files.size(), 2U);
  EXPECT_EQ(map.files[0].path, "a.go");
  EXPECT_EQ(map.files[0].rank, 0.75);
  EXPECT_EQ(map.files[0].lines, (std::vector<std::uint32_t>{0, 8}));
  ASSERT_EQ(map.files[0].symbols.size(), 2U);
  EXPECT_EQ(map.files[0].symbols[0].name, "one");
  EXPECT_EQ(map.files[0].symbols[0].rank, 2);
  EXPECT_EQ(map.files[0].symbols[1].name, "three");
  EXPECT_EQ(map.files[0].symbols[1].rank, 3);
  EXPECT_EQ(map.files[1].symbols[0].kind, SymbolKind::kFunction);
}

TEST_F(MapRendererTest, IsEmptyWithoutABudgetOrEntries) {
  EXPECT_EQ(render({{0, one_, 1}}, 0).text, "");
  EXPECT_EQ(render({{0, one_, 1}}, 1).text, "");
  EXPECT_EQ(render({}, kPlenty).text, "");
  EXPECT_EQ(render({}, kPlenty).tokens, 0U);
}

TEST_F(MapRendererTest, SkipsWhatDoesNotFitAndGoesOn) {
  const std::uint32_t large = source_.add_file("c.go", std::vector<std::string>(100, std::string(80, 'x')));
  StringPool::Id everything = 0;
  for (std::uint32_t line = 0; line < 100; ++line) {
    everything = source_.add_definition(large, "everything", line);
  }
  EXPECT_EQ(render({{large, everything, 9}, {0, one_, 2}}, 20).text, "\na.go:\n│func one() {\n⋮\n");
}

TEST_F(MapRendererTest, PassesOverWhatTheSourceDoesNotKnow) {
  source_.make_unreadable(0);
  EXPECT_EQ(render({{0, one_, 4}, {1, two_, 3}, {1, four_, 2}}, kPlenty).text, "\nb/b.go:\n⋮\n│func four() {\n⋮\n");
}

TEST_F(MapRendererTest, CutsLinesAndMakesThemValid) {
  const std::string name(120, 'n');
  const std::string letters(200, 'x');
  const std::uint32_t file = source_.add_file(name, {'\xff' + letters});
  const StringPool::Id id = source_.add_definition(file, "x", 0);
  std::string expected = "\n";
  expected.append(name, 0, 100).append("\n│\ufffd").append(letters, 0, 98).append("\n");
  EXPECT_EQ(render({{file, id, 1}}, kPlenty).text, expected);
}

TEST_F(MapRendererTest, EscapesPathsThatWouldBreakTheText) {
  const std::uint32_t file = source_.add_file("c\nd", {"x"});
  EXPECT_EQ(render({{file, 0, 1}}, kPlenty).text, "\nc\\nd\n");
  EXPECT_EQ(render({{file, 0, 1}}, kPlenty).files[0].path, "c\nd");
}

TEST_F(MapRendererTest, RendersAFileAFewTimesHoweverManyEntriesThereAre) {
  FakeTreeSource source;
  RankedTags ranked;
  constexpr std::uint32_t kFiles = 400;
  constexpr std::uint32_t kDefinitions = 20;
  for (std::uint32_t file = 0; file < kFiles; ++file) {
    source.add_file("file" + std::to_string(1000 + file), std::vector<std::string>(kDefinitions, "def something():"));
  }
  for (std::uint32_t line = 0; line < kDefinitions; ++line) {
    for (std::uint32_t file = 0; file < kFiles; ++file) {
      ranked.entries.push_back({file, source.add_definition(file, "name" + std::to_string(line), line), 1});
    }
  }
  const RepoMap map = render_map(ranked, source.symbols(), source, *counter_, kPlenty);
  EXPECT_EQ(map.files.size(), kFiles);
  EXPECT_EQ(map.files.back().symbols.size(), kDefinitions);
  EXPECT_LE(source.tree_count(), kFiles * 6);
}

}  // namespace
}  // namespace repomap
