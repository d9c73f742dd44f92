// SPDX-License-Identifier: Apache-2.0
#include "ranking/unicode_pattern.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

TEST(UnicodePattern, FindsAllMatchesFromLeftToRight) {
  const UnicodePattern letters(R"(\p{L}+)");
  const std::vector<std::string_view> expected = {"größe", "数据", "x"};
  EXPECT_EQ(letters.all_in("größe=数据; x1"), expected);
  EXPECT_TRUE(letters.all_in("12 34").empty());
  EXPECT_TRUE(letters.all_in("").empty());
}

TEST(UnicodePattern, PassesOverBytesThatAreNotUtf8) {
  const UnicodePattern letters(R"(\p{L}+)");
  const std::vector<std::string_view> expected = {"ab", "cd"};
  EXPECT_EQ(letters.all_in("ab\xFF\xC3 cd"), expected);
  EXPECT_FALSE(letters.found_in("\xFF"));
}

TEST(UnicodePattern, LowersCaseOfAllScripts) {
  EXPECT_EQ(to_lower("HTTPServer_9"), "httpserver_9");
  EXPECT_EQ(to_lower("ÄÖÜ ΣΩ ЖД"), "äöü σω жд");
  EXPECT_EQ(to_lower("AB\xFF"), "ab\xFF");
  EXPECT_EQ(to_lower(""), "");
}

TEST(UnicodePattern, CountsCodePoints) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("größe"), 5U);
  EXPECT_EQ(code_points("数据"), 2U);
}

}  // namespace
}  // namespace repomap
