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
  const auto source = QuerySource::load(join_path(kQueries, GetParam() + ".scm"));
  ASSERT_TRUE(source) << source.error().message;
  const auto oracle = MatchOracle::open(registry(), GetParam(), *source);
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

struct Construct {
  std::string pattern;
  std::size_t left_to_the_library = 0;
};

// What no query of ours uses, or only one language.
TEST(PatternMatcher, GivesTheMatchesOfTheLibraryForEveryConstruct) {
  const std::vector<Construct> constructs{
      {"(translation_unit (comment)* @_comment . (function_definition) @name)", 1},
      {"(parameter_list (parameter_declaration)? @_first (parameter_declaration) @name)", 1},
      {"((comment) @_comment . (declaration) @name)", 1},
      {"(_ (identifier) @name)", 1},
      {"(_) @name", 1},
      {"_ @name", 1},
      {"(expression) @name", 1},
      {"(MISSING \";\") @name"},
      {"(MISSING) @name", 1},
      {"\"return\" @name"},
      {"(ERROR (identifier) @name)"},
      {"declarator: (identifier) @name"},
      {"[(if_statement) (while_statement)] @name"},
      {"[(if_statement condition: (_) @_i) (return_statement (identifier) @name)]"},
      {"(declaration declarator: [[(identifier) (pointer_declarator)] @name (init_declarator) @name])"},
      {"(binary_expression left: (_) @_left \"+\" right: (_) @name)"},
      {"(argument_list (identifier) @name .)"},
      {"(argument_list . (identifier) @_first . (_) @name)"},
      {"(argument_list (identifier) @_a (identifier) @name)"},
      {"(argument_list \",\" (identifier) @name)"},
      {"(argument_list \",\" @_comma . (identifier) @name)"},
      {"(compound_statement (_ (call_expression) @_call) (return_statement) @name)"},
      {"(if_statement !alternative condition: (_) @name) @_if"},
      {"(function_definition type: (_) @_t declarator: (_ parameters: (_ (_ type: (_) @name)))) @_f"},
      {"(call_expression (_ [(identifier) @name (call_expression) @name]))"},
  };
  const std::string text = R"(
/* one */ /* two */
static int f(int a, char *b, long c) { if (a + b) return g(a, b, c); else return h(g(b), c, a /* x */, 2 + a); }
// three
int x, *y = &z, w[2]
struct s { int m; };
int k(void) { while (x) { g(x, y); m(1, g(2), x); if (y) return y + x + 1; } return (x }
)";
  for (const auto& [pattern, left_to_the_library] : constructs) {
    SCOPED_TRACE(pattern);
    const auto oracle = MatchOracle::open(registry(), "c", QuerySource::of_text("test", pattern));
    ASSERT_TRUE(oracle) << oracle.error().message;
    EXPECT_EQ(oracle->fallback_count(), left_to_the_library);
    std::minstd_rand random(kSeed);
    for (int copy = 0; copy < 50; ++copy) {
      const auto differences = oracle->differences(copy == 0 ? text : damaged(text, random));
      ASSERT_TRUE(differences) << differences.error().message;
      ASSERT_TRUE(differences->empty()) << "copy " << copy << ": " << differences->front();
    }
    EXPECT_GT(oracle->match_count(), 0U);
  }
}

}  // namespace
}  // namespace repomap
