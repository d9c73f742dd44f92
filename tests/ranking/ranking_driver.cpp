// SPDX-License-Identifier: Apache-2.0
//
// Ranks the case in the file named by the first argument (symbols_text.hpp) and prints, with tabs:
//   file PATH RANK            for each path
//   entry PATH NAME RANK      for each entry, best first; NAME is empty for a file by its name alone
#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "ranking/tag_ranker.hpp"
#include "tests/ranking/symbols_text.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: ranking_driver CASE\n");
    return 2;
  }
  std::ostringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  const repomap::RankingCase input = repomap::parse_ranking_case(text.str());
  const auto graph = repomap::ReferenceGraph::build(input.symbols);
  const repomap::RankedTags ranked = repomap::TagRanker(input.symbols, graph).rank(input.request);
  for (std::size_t file = 0; file < input.symbols.paths.size(); ++file) {
    fmt::print("file\t{}\t{:.17g}\n", input.symbols.paths[file], ranked.file_ranks[file]);
  }
  for (const repomap::RankedEntry& entry : ranked.entries) {
    fmt::print("entry\t{}\t{}\t{:.17g}\n", input.symbols.paths[entry.file],
               input.symbols.identifiers.at(entry.identifier), entry.rank);
  }
  return 0;
}
