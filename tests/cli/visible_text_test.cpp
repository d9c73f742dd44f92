// SPDX-License-Identifier: Apache-2.0
#include "cli/visible_text.hpp"

#include <gtest/gtest.h>

namespace repomap::cli {
namespace {

TEST(VisibleText, LeavesPrintableTextAlone) {
  EXPECT_EQ(visible("src/caf\xc3\xa9 \xe2\x82\xac.c"), "src/caf\xc3\xa9 \xe2\x82\xac.c");
}

TEST(VisibleText, EscapesControlCharacters) {
  EXPECT_EQ(visible("a\nb\rc\td\x1b[31m\x7f"), "a\\nb\\rc\\td\\x1b[31m\\x7f");
  EXPECT_EQ(visible("\xc2\x9b"), "\\xc2\\x9b");
}

TEST(VisibleText, EscapesBytesThatAreNotUtf8) { EXPECT_EQ(visible("bad\xff\xe2\x82.c"), "bad\\xff\\xe2\\x82.c"); }

}  // namespace
}  // namespace repomap::cli
