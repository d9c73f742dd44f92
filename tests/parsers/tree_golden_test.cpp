// SPDX-License-Identifier: Apache-2.0
// Runs the cases of fixtures/tree. With REPOMAP_UPDATE_GOLDEN=1 it rewrites what is expected instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "parsers/tree_renderer.hpp"
#include "tests/parsers/parsed_file.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name;
  fs::path directory;
};

void PrintTo(const Case& test_case, std::ostream* stream) { *stream << test_case.name; }

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const fs::directory_entry& entry : fs::directory_iterator(REPOMAP_FIXTURES_DIR "/tree")) {
    if (entry.is_directory()) {
      cases.push_back({entry.path().filename().string(), entry.path()});
    }
  }
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

fs::path input_of(const Case& test_case) {
  for (const fs::directory_entry& entry : fs::directory_iterator(test_case.directory)) {
    if (entry.path().stem() == "input") {
      return entry.path();
    }
  }
  return {};
}

std::string grammar_of(const fs::path& input) {
  static const std::map<std::string, std::string> kGrammars = {
      {".c", "c"}, {".go", "go"}, {".java", "java"}, {".js", "javascript"}, {".py", "python"}};
  const auto found = kGrammars.find(input.extension().string());
  return found == kGrammars.end() ? "" : found->second;
}

/// The lines of interest from 0.
std::vector<std::uint32_t> lines_of(const Case& test_case) {
  std::istringstream stream(read_whole_file(test_case.directory / "lines"));
  std::vector<std::uint32_t> lines;
  for (std::uint32_t line = 0; stream >> line;) {
    lines.push_back(line - 1);
  }
  return lines;
}

class TreeGolden : public testing::TestWithParam<Case> {};

TEST_P(TreeGolden, GivesTheExpectedTree) {
  const fs::path input = input_of(GetParam());
  const std::vector<std::uint32_t> lines = lines_of(GetParam());
  ASSERT_FALSE(grammar_of(input).empty()) << "no grammar for " << input;
  ASSERT_FALSE(lines.empty());
  const ParsedFile file = parse_file(REPOMAP_GRAMMARS_DIR, grammar_of(input), read_whole_file(input));
  const std::string tree = render_tree(file.text, file.scopes, lines);

  const fs::path expected = GetParam().directory / "expected";
  if (std::getenv("REPOMAP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << tree;
    GTEST_SKIP() << "rewrote " << expected;
  }
  EXPECT_EQ(tree, read_whole_file(expected));
}

INSTANTIATE_TEST_SUITE_P(Fixtures, TreeGolden, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& test) { return test.param.name; });

}  // namespace
}  // namespace repomap
