// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include <gtest/gtest.h>

namespace repomap::cli {
namespace {

TEST(Suggestion, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("tags", "tag"), 1U);
  EXPECT_EQ(edit_distance("defs", "refs"), 1U);
  EXPECT_EQ(edit_distance("mpa", "map"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);
}

TEST(Suggestion, TakesTheClosestAndAmongEqualsTheFirst) {
  EXPECT_EQ(closest("outlin", {"map", "outline", "tags"}), "outline");
  EXPECT_EQ(closest("mefs", {"defs", "refs"}), "defs");
  EXPECT_EQ(closest("MAP", {"tags", "map"}), "map");
}

TEST(Suggestion, SaysNothingWhereNothingIsClose) {
  EXPECT_EQ(closest("frobnicate", {"map", "tags"}), "");
  EXPECT_EQ(did_you_mean("frobnicate", {"map", "tags"}), "");
  EXPECT_EQ(did_you_mean("tgas", {"map", "tags"}), "; did you mean tags?");
}

}  // namespace
}  // namespace repomap::cli
