// SPDX-License-Identifier: Apache-2.0
// Runs the cases of fixtures/tags/<language>/<case> and checks the query of every language. A case is a file "input.*"
// and "expected.txt", one line for each tag. With REPOMAP_UPDATE_GOLDEN=1 it rewrites what is expected instead.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kTimeLimit{20};

struct Case {
  std::string language;
  std::string name;
  fs::path directory;
};

// The name is GoogleTest's.
// NOLINTNEXTLINE(readability-identifier-naming)
void PrintTo(const Case& test_case, std::ostream* stream) { *stream << test_case.language << '/' << test_case.name; }

std::vector<fs::path> subdirectories(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_directory()) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const fs::path& language : subdirectories(REPOMAP_FIXTURES_DIR "/tags")) {
    for (const fs::path& directory : subdirectories(language)) {
      cases.push_back({language.filename().string(), directory.filename().string(), directory});
    }
  }
  return cases;
}

std::vector<std::string> all_languages() {
  std::vector<std::string> names;
  for (const LanguageSpec& spec : built_in_languages()) {
    names.push_back(spec.name);
  }
  return names;
}

std::string read_whole_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

fs::path input_of(const fs::path& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().stem() == "input") {
      return entry.path();
    }
  }
  return {};
}

const LanguageRegistry& registry() {
  const char* base = std::getenv("REPO_MAP_RESOURCE_DIR");
  static const LanguageRegistry kRegistry(
      {base == nullptr ? std::string(REPOMAP_GRAMMARS_DIR) : std::string(base) + "/grammars",
       REPOMAP_SOURCE_DIR "/parsers/queries"},
      {});
  return kRegistry;
}

/// "12:5-20  def  method  Outer▸name  signature", lines and columns from 1.
std::string describe(const FileTags& tags, const Tag& tag) {
  std::string name(tags.scope(tag));
  name += name.empty() ? "" : "▸";
  name += tags.name(tag);
  const std::string place = fmt::format("{}:{}-{}", tag.line + 1, tag.column + 1, tag.end_line + 1);
  std::string line = fmt::format("{:<10} {} {:<14} {:<36} {}", place, role_name(tag.role), kind_name(tag.kind), name,
                                 tags.signature(tag));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

class GoldenTags : public testing::TestWithParam<Case> {};

TEST_P(GoldenTags, AreTheExpectedOnes) {
  const fs::path input = input_of(GetParam().directory);
  ASSERT_FALSE(input.empty()) << "no input in " << GetParam().directory;
  const auto language = registry().load(GetParam().language);
  ASSERT_TRUE(language) << language.error().message;
  TagExtractor extractor(registry(), kTimeLimit);
  const auto tags = extractor.extract(**language, read_whole_file(input));
  ASSERT_TRUE(tags) << tags.error().message;
  std::string described;
  for (const Tag& tag : tags->tags) {
    described += describe(*tags, tag);
  }
  const fs::path expected = GetParam().directory / "expected.txt";
  if (std::getenv("REPOMAP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << described;
    GTEST_SKIP() << "rewrote " << expected;
  }
  EXPECT_EQ(described, read_whole_file(expected));
}

INSTANTIATE_TEST_SUITE_P(Fixtures, GoldenTags, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& test) {
                           return test.param.language + "_" + test.param.name;
                         });

class EveryLanguage : public testing::TestWithParam<std::string> {};

TEST_P(EveryLanguage, HasAQueryWithDefinitionsAndReferences) {
  const auto language = registry().load(GetParam());
  ASSERT_TRUE(language) << language.error().message;
  const TagQuery& query = (*language)->query();
  const auto count_role = [&query](CaptureRole role) {
    int count = 0;
    for (std::uint32_t index = 0; index < query.capture_count(); ++index) {
      count += query.capture(index).role == role ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(count_role(CaptureRole::kDefinition), 0);
  EXPECT_GT(count_role(CaptureRole::kReference), 0);
}

TEST_P(EveryLanguage, HasGoldenCases) {
  std::vector<std::string> names;
  for (const fs::path& directory : subdirectories(fs::path(REPOMAP_FIXTURES_DIR "/tags") / GetParam())) {
    names.push_back(directory.filename().string());
  }
  for (const char* name : {"definitions", "odd", "references"}) {
    EXPECT_TRUE(std::ranges::find(names, name) != names.end()) << "no case " << GetParam() << '/' << name;
  }
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryLanguage, testing::ValuesIn(all_languages()),
                         [](const testing::TestParamInfo<std::string>& test) { return test.param; });

}  // namespace
}  // namespace repomap
