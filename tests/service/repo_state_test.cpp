// SPDX-License-Identifier: Apache-2.0
#include "service/repo_state.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "service/map_builder.hpp"
#include "tests/service/indexed_files.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

/// Files that call each other at random, with names that tie.
std::map<std::string, std::string> random_files(unsigned seed) {
  std::mt19937 random(seed);
  std::map<std::string, std::string> files;
  for (int file = 0; file < 80; ++file) {
    std::string text = fmt::format("int f{}(void) {{\n", file % 50);
    for (auto call = random() % 6; call > 0; --call) {
      text += fmt::format("  f{}();\n", random() % 60);
    }
    files.emplace(fmt::format("d{}/f{}.c", file % 7, file), text + "}\n");
  }
  return files;
}

/// All that a request sees of a state: the map's text, its ranks, and what is skipped.
std::string answer_text(const IndexedFiles& repository, const RepoState& state, RankMode mode) {
  const MapBuilder builder(repository.files(), built_in_registry(), {}, "");
  MapRequest request;
  request.tokenizer = Tokenizer::kChars4;
  request.rank_mode = mode;
  request.token_budget = 700;
  request.mentioned_identifiers = {"f7"};
  request.chat_files = {"d1/f1.c"};
  const auto answer = builder.build(state, request, ExplainPolicy::kShownSymbols);
  EXPECT_TRUE(answer) << answer.error().message;
  std::string text = answer->map.text;
  for (const MapFile& file : answer->map.files) {
    text += fmt::format("{} {}\n", file.path, file.rank);
  }
  for (const SymbolExplanation& symbol : answer->explanations) {
    text += fmt::format("{} {} {}\n", symbol.path, symbol.name, symbol.rank);
  }
  return text;
}

TEST(RepoState, GivesTheSameMapForAnyNumberOfWorkers) {
  const unsigned seed = std::random_device{}();
  const IndexedFiles repository(random_files(seed));
  for (const RankMode mode : {RankMode::kAnchored, RankMode::kAider}) {
    const std::string expected = answer_text(repository, repository.state(0), mode);
    EXPECT_GT(expected.size(), 500U);
    for (const std::size_t jobs : {1U, 2U, 8U, 8U}) {
      EXPECT_EQ(answer_text(repository, repository.state(jobs), mode), expected) << jobs << " seed " << seed;
    }
  }
}

class RepoStateOnDisk : public testing::Test {
 protected:
  Result<RepoState> build(const FileSelection& selection) {
    Indexer indexer(*files_, built_in_registry(), pool_, {});
    return RepoStateBuilder(indexer).build(selection, nullptr);
  }

  TemporaryTree tree_;
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
  TaskPool pool_{2};
};

TEST_F(RepoStateOnDisk, HoldsEveryListedFile) {
  tree_.write("b/used.c", "int used(void) { return 0; }\n");
  tree_.write("a.c", "int main(void) { return used(); }\n");
  tree_.write("notes.txt", "x\n");
  tree_.write("broken.c", std::string(1, '\0'));
  tree_.link("link.c", "a.c");
  const auto state = build({.root = tree_.root(), .subtrees = {}});
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->root, tree_.root());
  EXPECT_EQ(state->symbols.paths, (std::vector<std::string>{"a.c", "b/used.c", "broken.c", "notes.txt"}));
  EXPECT_EQ(state->symbols.files.size(), 4U);
  EXPECT_EQ(state->symbols.files[0].references.size(), 1U);
  EXPECT_EQ(state->symbols.files[0].references[0].identifier, state->symbols.files[1].definitions[0]);
  ASSERT_EQ(state->outlines.size(), 4U);
  ASSERT_TRUE(state->outlines[0]);
  EXPECT_EQ(state->outlines[0]->tags.size(), 1U) << "no references";
  EXPECT_FALSE(state->outlines[2]);
  EXPECT_FALSE(state->outlines[3]);
  EXPECT_EQ(state->report.listed, 4U);
  ASSERT_EQ(state->report.skipped.size(), 2U);
  EXPECT_EQ(state->report.skipped[0].path, "broken.c");
  EXPECT_EQ(state->report.skipped[1].path, "link.c");
  EXPECT_EQ(state->report.freshness.indexed, 2U);
  EXPECT_EQ(state->report.freshness.skipped, 2U);
}

TEST_F(RepoStateOnDisk, KeepsToTheSubtrees) {
  tree_.write("a/a.c", "int a;\n");
  tree_.write("b/b.c", "int b;\n");
  const auto state = build({.root = tree_.root(), .subtrees = {"b"}});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->symbols.paths, (std::vector<std::string>{"b/b.c"}));
}

TEST_F(RepoStateOnDisk, SaysThatTheRootIsMissing) {
  EXPECT_EQ(build({.root = tree_.path("missing"), .subtrees = {}}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace repomap
