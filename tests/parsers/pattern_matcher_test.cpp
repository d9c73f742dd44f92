// SPDX-License-Identifier: Apache-2.0
#include "parsers/pattern_matcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "match_oracle.hpp"
#include "parsers/language_spec.hpp"

namespace repomap {
namespace {

constexpr int kDamagedCopies = 12;
constexpr unsigned kSeed = 20260718;

const std::string kQueries = std::string(REPOMAP_SOURCE_DIR) + "/parsers/queries";

const LanguageRegistry& registry() {
  static const LanguageRegistry kRegistry({REPOMAP_GRAMMARS_DIR, kQueries}, {});
  return kRegistry;
}

std::vector<std::string> language_names() {
  std::vector<std::string> names;
  for (const LanguageSpec& spec : built_in_languages()) {
    names.push_back(spec.name);
  }
  return names;
}

std::vector<std::string> inputs_of(const std::string& language) {
  std::vector<std::string> paths;
  std::error_code error;
  const std::filesystem::path directory = std::string(REPOMAP_SOURCE_DIR) + "/fixtures/tags/" + language;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    if (entry.path().filename().string().starts_with("input.")) {
      paths.push_back(entry.path().string());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

/// The text without a few random stretches.
std::string damaged(std::string text, std::minstd_rand& random) {
  for (int i = 0; i < 6 && !text.empty(); ++i) {
    const std::size_t begin = random() % text.size();
    text.erase(begin, 1 + random() % 12);
  }
  return text;
}

class MatchesOfEveryLanguage : public testing::TestWithParam<std::string> {};

TEST_P(MatchesOfEveryLanguage, AreThoseOfTheLibrary) {
  const auto oracle = MatchOracle::open(registry(), kQueries, GetParam());
  ASSERT_TRUE(oracle) << oracle.error().message;
  std::minstd_rand random(kSeed);
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  const auto inputs = inputs_of(GetParam());
  ASSERT_FALSE(inputs.empty());
  for (const std::string& path : inputs) {
    const auto text = make_posix_file_system()->read_file(path, std::uint64_t{1} << 20U);
    ASSERT_TRUE(text) << path;
    for (int copy = 0; copy <= kDamagedCopies; ++copy) {
      const std::string tried = copy == 0 ? *text : damaged(*text, random);
      const auto differences = oracle->differences(tried);
      ASSERT_TRUE(differences) << differences.error().message;
      ASSERT_TRUE(differences->empty()) << path << ", copy " << copy << "\n" << differences->front() << "\n" << tried;
    }
  }
  EXPECT_GT(oracle->match_count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, MatchesOfEveryLanguage, testing::ValuesIn(language_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace repomap
