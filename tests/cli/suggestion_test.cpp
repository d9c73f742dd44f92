// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include <gtest/gtest.h>

namespace repomap::cli {
namespace {

TEST(Suggestion, SaysNothingWhereNothingIsClose) {
  EXPECT_EQ(did_you_mean("frobnicate", {"map", "tags"}), "");
  EXPECT_EQ(did_you_mean("tgas", {"map", "tags"}), "; did you mean tags?");
}

}  // namespace
}  // namespace repomap::cli
