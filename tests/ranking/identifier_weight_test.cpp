// SPDX-License-Identifier: Apache-2.0
#include "ranking/identifier_weight.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

double weight(std::string_view name, std::size_t definers = 1) { return IdentifierWeight().of(name, definers); }

TEST(IdentifierWeight, RaisesLongCompoundNames) {
  EXPECT_DOUBLE_EQ(weight("parse_it"), 10);
  EXPECT_DOUBLE_EQ(weight("parse-it"), 10);
  EXPECT_DOUBLE_EQ(weight("parseAll"), 10);
  EXPECT_DOUBLE_EQ(weight("ParseAll"), 10);
}

TEST(IdentifierWeight, LeavesShortOrSimpleNamesAlone) {
  EXPECT_DOUBLE_EQ(weight("parse_a"), 1);
  EXPECT_DOUBLE_EQ(weight("parseABC"), 10);
  EXPECT_DOUBLE_EQ(weight("parseAB"), 1);
  EXPECT_DOUBLE_EQ(weight("lowercasename"), 1);
  EXPECT_DOUBLE_EQ(weight("UPPERCASENAME"), 1);
  EXPECT_DOUBLE_EQ(weight("12345_678"), 1);
}

TEST(IdentifierWeight, LowersNamesWithALeadingUnderscore) {
  EXPECT_DOUBLE_EQ(weight("_x"), 0.1);
  EXPECT_DOUBLE_EQ(weight("_parse_it"), 1);
}

TEST(IdentifierWeight, LowersNamesOfMoreThanFiveDefiners) {
  EXPECT_DOUBLE_EQ(weight("main", 5), 1);
  EXPECT_DOUBLE_EQ(weight("main", 6), 0.1);
  EXPECT_DOUBLE_EQ(weight("_main", 6), 0.1 * 0.1);
}

TEST(IdentifierWeight, CountsCodePointsAndKnowsLettersBeyondAscii) {
  EXPECT_DOUBLE_EQ(weight("größe_"), 1) << "six code points, eight bytes";
  EXPECT_DOUBLE_EQ(weight("größe_ab"), 10);
  EXPECT_DOUBLE_EQ(weight("数_据处理函数名"), 10) << "ideographs are letters";
  EXPECT_DOUBLE_EQ(weight("ärgerlichÖ"), 10);
  EXPECT_DOUBLE_EQ(weight("ÄRGERLICHÖ"), 1);
  EXPECT_DOUBLE_EQ(weight("1_\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"), 1)
      << "currency signs are no letters";
}

TEST(IdentifierWeight, TakesBytesThatAreNotUtf8) { EXPECT_DOUBLE_EQ(weight("parse_\xFF\xFE"), 10); }

}  // namespace
}  // namespace repomap
