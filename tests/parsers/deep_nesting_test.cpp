// SPDX-License-Identifier: Apache-2.0
// Run with a stack of 512 KiB: whatever recurses with the depth of a tree ends this process.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/tag_extractor.hpp"
#include "parsers/tree_renderer.hpp"
#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

constexpr int kDepth = 10'000;

std::string repeated(std::string_view text) {
  std::string result;
  for (int i = 0; i < kDepth; ++i) {
    result += text;
  }
  return result;
}

std::string nested(std::string_view before, std::string_view open, std::string_view middle, std::string_view close,
                   std::string_view after) {
  return std::string(before) + repeated(open) + std::string(middle) + repeated(close) + std::string(after);
}

struct Nest {
  std::string language;
  std::string what;
  std::string text;
};

void PrintTo(const Nest& nest, std::ostream* stream) { *stream << nest.language << '/' << nest.what; }

std::vector<Nest> nests() {
  return {
      {"c", "blocks", nested("int f(void) {", "{", "g();", "}", "}\n")},
      {"c", "parentheses", nested("int x = ", "(", "1", ")", ";\n")},
      {"c", "not_closed", nested("int f(void) {", "if (x) {", "g();", "", "\n")},
      {"cpp", "templates", nested("", "A<", "int", ">", " x;\n")},
      {"python", "parentheses", nested("x = ", "(", "1", ")", "\n")},
      {"python", "not_closed", nested("def f():\n  x = ", "[", "g()", "", "\n")},
      {"json", "arrays", nested("", "[", "1", "]", "\n")},
      {"json", "objects", nested("", "{\"k\":", "1", "}", "\n")},
      {"javascript", "functions", nested("", "function f() {", "g();", "}", "\n")},
      {"javascript", "arrays", nested("var x = ", "[", "1", "]", ";\n")},
      {"javascript", "unary", nested("var x = ", "!", "1", "", ";\n")},
      {"yaml", "flow", nested("a: ", "[", "1", "]", "\n")},
      {"rust", "blocks", nested("fn f() {", "{", "g();", "}", "}\n")},
      {"go", "parentheses", nested("package p\nvar x = ", "(", "1", ")", "\n")},
  };
}

class DeepNesting : public testing::TestWithParam<Nest> {};

TEST_P(DeepNesting, NeedsNoDeepStack) {
  rlimit stack{};
  ASSERT_EQ(getrlimit(RLIMIT_STACK, &stack), 0);
  if (stack.rlim_cur > rlim_t{1024} << 10U) {
    GTEST_SKIP() << "the stack is not limited: run under `ulimit -s 512`";
  }
  const LanguageRegistry registry(built_in_directories(), {});
  const auto language = registry.load(GetParam().language);
  ASSERT_TRUE(language) << language.error().message;
  const auto tags = TagExtractor(registry, kAmpleTime).extract(**language, GetParam().text);
  ASSERT_TRUE(tags) << tags.error().message;
  const std::vector<std::uint32_t> lines{0};
  EXPECT_FALSE(render_tree(GetParam().text, tags->scopes, lines).empty());
}

INSTANTIATE_TEST_SUITE_P(Languages, DeepNesting, testing::ValuesIn(nests()),
                         [](const testing::TestParamInfo<Nest>& test) {
                           return test.param.language + "_" + test.param.what;
                         });

}  // namespace
}  // namespace repomap
