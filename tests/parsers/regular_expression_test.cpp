// SPDX-License-Identifier: Apache-2.0
#include "parsers/regular_expression.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace repomap {
namespace {

RegularExpression bytes_expression(std::string_view pattern) {
  auto expression = RegularExpression::compile(pattern, RegularExpression::Characters::kBytes);
  EXPECT_TRUE(expression) << pattern;
  return *expression;
}

TEST(RegularExpression, BlanksOutAllMatchesAndKeepsTheRestInPlace) {
  const auto expression = bytes_expression("class\\s+\\K[A-Z_]+(?=\\s+\\w)");
  EXPECT_EQ(expression.blank_out("class API One {}; class API_2 Two {}; class API Three {};"),
            "class     One {}; class API_2 Two {}; class     Three {};");
}

TEST(RegularExpression, BlanksOutNoLineEnds) {
  EXPECT_EQ(bytes_expression("A[^B]*B").blank_out("xA1\r\n2\nBy"), "x  \r\n \n y");
}

TEST(RegularExpression, BlanksOutNothingWithoutAMatch) {
  EXPECT_EQ(bytes_expression("API").blank_out("class One {};"), std::nullopt);
}

TEST(RegularExpression, BlanksOutBetweenBytesThatAreNotUtf8) {
  EXPECT_EQ(bytes_expression("API").blank_out("\xff\xfe API \xc3("), "\xff\xfe     \xc3(");
}

TEST(RegularExpression, BlankingOutGetsPastEmptyMatches) {
  EXPECT_EQ(bytes_expression("b*").blank_out("abba"), "a  a");
}

TEST(RegularExpression, SaysWhereAPatternIsWrong) {
  const auto expression = RegularExpression::compile("a(b");
  ASSERT_FALSE(expression);
  EXPECT_NE(expression.error().message.find("at 3"), std::string::npos) << expression.error().message;
}

}  // namespace
}  // namespace repomap
