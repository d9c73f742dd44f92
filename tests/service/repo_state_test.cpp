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
std::string answer_text(IndexedFiles& repository, const RepoState& state, RankMode mode) {
  const MapBuilder builder(repository.files(), built_in_registry(), {}, repository.caches().tags, "");
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
  IndexedFiles repository(random_files(seed));
  for (const RankMode mode : {RankMode::kAnchored, RankMode::kAider}) {
    const RepoState inline_state = repository.state(0);
    const std::string expected = answer_text(repository, inline_state, mode);
    EXPECT_GT(expected.size(), 500U);
    for (const std::size_t jobs : {1U, 2U, 8U, 8U}) {
      const RepoState state = repository.state(jobs);
      EXPECT_EQ(answer_text(repository, state, mode), expected) << jobs << " seed " << seed;
    }
  }
}

}  // namespace
}  // namespace repomap
