// SPDX-License-Identifier: Apache-2.0
#include "parsers/tree_renderer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace repomap {
namespace {

using Lines = std::vector<std::uint32_t>;
using Scopes = std::vector<ScopeSpan>;

constexpr std::uint32_t kHuge = std::numeric_limits<std::uint32_t>::max();

TEST(TreeRenderer, ShowsNothingWithoutLinesOfInterest) { EXPECT_EQ(render_tree("a\nb\n", {}, {}), ""); }

TEST(TreeRenderer, MarksRunsOfHiddenLinesOnce) {
  EXPECT_EQ(render_tree("a\nb\nc\nd\ne\nf\ng\n", {}, Lines{0, 4}), "│a\n⋮\n│e\n⋮\n");
  EXPECT_EQ(render_tree("a\nb\nc\nd\n", {}, Lines{3}), "⋮\n│d\n");
}

TEST(TreeRenderer, TakesLinesInAnyOrderAndRepeated) {
  EXPECT_EQ(render_tree("a\nb\nc\nd\ne\n", {}, Lines{4, 0, 4, 0}), "│a\n⋮\n│e\n");
}

TEST(TreeRenderer, ClosesGapsOfOneLineOnly) {
  EXPECT_EQ(render_tree("a\nb\nc\nd\ne\nf\n", {}, Lines{0, 2, 5}), "│a\n│b\n│c\n⋮\n│f\n");
}

TEST(TreeRenderer, AddsOneBlankLineBehindAShownLineThatIsNotBlank) {
  EXPECT_EQ(render_tree("a\n \t\n\nb\n", {}, Lines{0}), "│a\n│ \t\n⋮\n");
  EXPECT_EQ(render_tree("\n\nb\n", {}, Lines{0}), "│\n⋮\n");
}

TEST(TreeRenderer, TakesUnicodeWhitespaceForBlank) {
  for (const char* blank : {"\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", " ", "\u0085", "\u00a0", "\u1680",
                            "\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    const std::string line = std::string(blank) + blank;
    EXPECT_EQ(render_tree("a\n" + line + "\nb\n", {}, Lines{0}), "│a\n│" + line + "\n⋮\n")
        << testing::PrintToString(line);
  }
  for (const char* visible : {"\x1b", "\u0084", "\u00a1", "\u180e", "\u200b", "\u2027", "\u2060", "\ufeff", "\xc2",
                              "\xe2\x80", "\xa0", "\x85"}) {
    EXPECT_EQ(render_tree("a\n" + std::string(visible) + "\nb\n", {}, Lines{0}), "│a\n⋮\n")
        << testing::PrintToString(visible);
  }
}

TEST(TreeRenderer, ShowsTheHeadersOfAllScopesAroundALine) {
  const Scopes scopes = {{.start = 1, .last = 6, .header_end = 2},
                         {.start = 3, .last = 5, .header_end = 4},
                         {.start = 7, .last = 8, .header_end = 8}};
  EXPECT_EQ(render_tree("0\n1\n2\n3\n4\n5\n6\n7\n8\n", scopes, Lines{5}), "⋮\n│1\n│2\n│3\n│4\n│5\n⋮\n");
}

TEST(TreeRenderer, ShowsNoHeaderOfAScopeOnTheFirstLine) {
  const Scopes scopes = {{.start = 0, .last = 4, .header_end = 2}};
  EXPECT_EQ(render_tree("0\n1\n2\n3\n4\n", scopes, Lines{4}), "⋮\n│4\n");
}

TEST(TreeRenderer, EndsLinesAtNewlinesOnlyAndDropsOneCarriageReturn) {
  EXPECT_EQ(render_tree("a\fb\r\nc\rd\r\r\ne", {}, Lines{0, 1, 2}), "│a\fb\n│c\rd\r\n│e\n");
}

TEST(TreeRenderer, ReadsTextWithoutANewlineAtTheEndAsIfItHadOne) {
  EXPECT_EQ(render_tree("a", {}, Lines{0}), render_tree("a\n", {}, Lines{0}));
  EXPECT_EQ(render_tree("", {}, Lines{0}), "│\n");
}

TEST(TreeRenderer, IsSafeWithLinesAndScopesBeyondTheEnd) {
  const Scopes scopes = {{.start = 1, .last = kHuge, .header_end = kHuge},
                         {.start = kHuge, .last = kHuge, .header_end = kHuge},
                         {.start = 3, .last = 0, .header_end = 0}};
  EXPECT_EQ(render_tree("a\nb\nc\n", scopes, Lines{kHuge}), "⋮\n");
  EXPECT_EQ(render_tree("a\nb\nc\n", scopes, Lines{2, kHuge}), "⋮\n│b\n│c\n");
}

TEST(TreeRenderer, KeepsBytesThatAreNoUtf8) { EXPECT_EQ(render_tree("\xff\xfe\n", {}, Lines{0}), "│\xff\xfe\n"); }

}  // namespace
}  // namespace repomap
