// SPDX-License-Identifier: Apache-2.0
#include "service/path_suggestion.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace repomap {
namespace {

TEST(PathSuggestion, TakesTheFileOfThatNameWithTheMostAlikePlace) {
  const std::vector<std::string> paths = {"a.c",       "lib/util/list.h", "src/Main.java",
                                          "src/b/a.c", "src/main.c",      "test/b/a.c"};
  EXPECT_EQ(suggest_path(paths, "src/a.c"), "a.c") << "the shortest of those with nothing else in common";
  EXPECT_EQ(suggest_path(paths, "b/a.c"), "src/b/a.c");
  EXPECT_EQ(suggest_path(paths, "old/test/b/a.c"), "test/b/a.c");
  EXPECT_EQ(suggest_path(paths, "UTIL/list.h"), "lib/util/list.h");
  EXPECT_EQ(suggest_path(paths, "src/main.java"), "src/Main.java");
  EXPECT_EQ(suggest_path(paths, "MAIN.C"), "src/main.c");
  EXPECT_EQ(suggest_path(paths, "none.c"), "");
  EXPECT_EQ(suggest_path(paths, ""), "");
  EXPECT_EQ(suggest_path({}, "a.c"), "");
}

}  // namespace
}  // namespace repomap
