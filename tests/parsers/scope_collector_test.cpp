// SPDX-License-Identifier: Apache-2.0
#include "parsers/scope_collector.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/parsers/parsed_file.hpp"

namespace repomap {

void PrintTo(const ScopeSpan& span, std::ostream* stream) {
  *stream << '{' << span.start << ", " << span.last << ", " << span.header_end << '}';
}

namespace {

using Scopes = std::vector<ScopeSpan>;

Scopes scopes_of(const std::string& grammar, const std::string& text) {
  return parse_file(REPOMAP_GRAMMARS_DIR, grammar, text).scopes;
}

TEST(ScopeCollector, FindsNothingInANullNode) { EXPECT_EQ(collect_scopes(TSNode{}), Scopes{}); }

TEST(ScopeCollector, SkipsNodesOfOneLine) {
  EXPECT_EQ(scopes_of("json", "[1, [2, 3]]\n"), (Scopes{{.start = 0, .last = 1, .header_end = 1}}));
}

TEST(ScopeCollector, GivesALineWithOneNodeAHeaderOfThatLine) {
  // Line 1 has the inner array alone.
  EXPECT_EQ(scopes_of("json", "[\n[\n1\n]\n]\n"),
            (Scopes{{.start = 0, .last = 5, .header_end = 4}, {.start = 1, .last = 3, .header_end = 2}}));
}

TEST(ScopeCollector, TakesTheShortestNodeOfALineForItsHeader) {
  EXPECT_EQ(scopes_of("json", "[\n[[\n1\n],\n[\n2]]]\n"), (Scopes{{.start = 0, .last = 6, .header_end = 5},
                                                                  {.start = 1, .last = 5, .header_end = 3},
                                                                  {.start = 4, .last = 5, .header_end = 5}}));
}

TEST(ScopeCollector, CapsHeadersAtTenLines) {
  const std::string lines(20, '\n');
  const Scopes scopes = scopes_of("json", "[" + lines + "1]\n");
  EXPECT_EQ(scopes, (Scopes{{.start = 0, .last = 21, .header_end = 10}}));
}

TEST(ScopeCollector, WalksDeepTreesWithoutRecursion) {
  std::string text;
  constexpr std::uint32_t kDepth = 100'000;
  for (std::uint32_t i = 0; i < kDepth; ++i) {
    text += "[\n";
  }
  for (std::uint32_t i = 0; i < kDepth; ++i) {
    text += "]\n";
  }
  const Scopes scopes = scopes_of("json", text);
  ASSERT_EQ(scopes.size(), kDepth);
  EXPECT_EQ(scopes[kDepth - 1], (ScopeSpan{.start = kDepth - 1, .last = kDepth, .header_end = kDepth}));
}

}  // namespace
}  // namespace repomap
