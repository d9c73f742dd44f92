// SPDX-License-Identifier: Apache-2.0
#include "ranking/important_files.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

TEST(ImportantFiles, KnowsNamesAtTheRootOnly) {
  EXPECT_TRUE(is_important_file("README.md"));
  EXPECT_TRUE(is_important_file(".circleci/config.yml"));
  EXPECT_TRUE(is_important_file("yarn.lock"));
  EXPECT_FALSE(is_important_file("docs/README.md"));
  EXPECT_FALSE(is_important_file("readme.md"));
  EXPECT_FALSE(is_important_file(""));
}

TEST(ImportantFiles, KnowsWorkflows) {
  EXPECT_TRUE(is_important_file(".github/workflows/build.yml"));
  EXPECT_FALSE(is_important_file(".github/workflows/build.yaml"));
  EXPECT_FALSE(is_important_file(".github/workflows/old/build.yml"));
  EXPECT_FALSE(is_important_file("a/.github/workflows/build.yml"));
}

}  // namespace
}  // namespace repomap
