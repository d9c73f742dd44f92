// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/closest_word.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

TEST(ClosestWord, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("tags", "tag"), 1U);
  EXPECT_EQ(edit_distance("defs", "refs"), 1U);
  EXPECT_EQ(edit_distance("mpa", "map"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);
}

TEST(ClosestWord, TakesTheClosestAndAmongEqualsTheFirst) {
  EXPECT_EQ(closest_word("outlin", {"map", "outline", "tags"}), "outline");
  EXPECT_EQ(closest_word("mefs", {"defs", "refs"}), "defs");
  EXPECT_EQ(closest_word("MAP", {"tags", "map"}), "map");
}

TEST(ClosestWord, IsNoneWhereNothingIsClose) { EXPECT_EQ(closest_word("frobnicate", {"map", "tags"}), ""); }

}  // namespace
}  // namespace repomap
