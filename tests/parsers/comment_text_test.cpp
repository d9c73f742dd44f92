// SPDX-License-Identifier: Apache-2.0
#include "parsers/comment_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

TEST(CommentText, LeavesOutTheMarks) {
  EXPECT_EQ(strip_comment("// one\n// two\n"), "one\ntwo");
  EXPECT_EQ(strip_comment("/// one\n///   two\n"), "one\n  two");
  EXPECT_EQ(strip_comment("//! one\r\n//! two\r\n"), "one\ntwo");
  EXPECT_EQ(strip_comment("# one\n#\n# two\n"), "one\n\ntwo");
  EXPECT_EQ(strip_comment("#!/bin/sh\n# one\n"), "one");
  EXPECT_EQ(strip_comment("-- | one\n-- two\n"), "one\ntwo");
  EXPECT_EQ(strip_comment(";;; one\n"), "one");
  EXPECT_EQ(strip_comment("%% one\n"), "one");
  EXPECT_EQ(strip_comment("/* one */"), "one");
  EXPECT_EQ(strip_comment("/** one\n  * two\n  */"), "one\ntwo");
  EXPECT_EQ(strip_comment("/*\n   one\n     two\n*/"), "one\n  two");
  EXPECT_EQ(strip_comment("/* one */\n/* two */\n// three\n"), "one\ntwo\nthree");
  EXPECT_EQ(strip_comment("--[[ one\ntwo ]]"), "one\ntwo");
  EXPECT_EQ(strip_comment("<!-- one -->"), "one");
  EXPECT_EQ(strip_comment("(* one\n   two *)"), "one\ntwo");
  EXPECT_EQ(strip_comment("=begin\none\n=end\n"), "one");
}

TEST(CommentText, KeepsWhatIsNoMark) {
  EXPECT_EQ(strip_comment("// - a\n// - b * c\n"), "- a\n- b * c");
  EXPECT_EQ(strip_comment("/* a * b\n * * item\n */"), "a * b\n* item");
}

TEST(CommentText, OfNothingIsNothing) {
  for (const char* comment : {"", "//", "/**/", "/***/", "/*", "#", "\n\n", "/*\n*/", "//\n//\n", "-- "}) {
    EXPECT_EQ(strip_comment(comment), "") << comment;
  }
  for (const char* literal : {"", "''", "\"\"\"\"\"\"", "'''", "r\"\"", "\""}) {
    EXPECT_EQ(strip_docstring(literal), "") << literal;
  }
}

TEST(CommentText, StripsADocstring) {
  EXPECT_EQ(strip_docstring("'one'"), "one");
  EXPECT_EQ(strip_docstring("r'''one\n\n    two\n      three\n    '''"), "one\n\ntwo\n  three");
}

TEST(CommentText, OfAnyBytesIsShortAndValid) {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "/*#-;!<>'\"\n\r \t[]ab\xc3\xa4\xff";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& byte : text) {
      byte = kBytes[random() % kBytes.size()];
    }
    if (round % 50 == 0) {
      text.append(50'000, text.empty() ? 'x' : text[0]);
    }
    for (const std::string& stripped : {strip_comment(text), strip_docstring(text)}) {
      ASSERT_LE(stripped.size(), kMaxDocCommentBytes) << testing::PrintToString(text);
      ASSERT_TRUE(is_valid_utf8(stripped)) << testing::PrintToString(text);
    }
  }
}

}  // namespace
}  // namespace repomap
