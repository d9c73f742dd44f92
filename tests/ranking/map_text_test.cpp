// SPDX-License-Identifier: Apache-2.0
#include "ranking/map_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace repomap {
namespace {

std::string repeat(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

std::string cut(const std::string& text) {
  std::string result;
  append_cut_lines(result, text);
  return result;
}

TEST(MapText, KeepsLinesOfAHundredCharacters) {
  EXPECT_EQ(cut(repeat("x", 100) + "\nshort\n"), repeat("x", 100) + "\nshort\n");
  EXPECT_EQ(cut(""), "");
  EXPECT_EQ(cut("\n\n"), "\n\n");
  EXPECT_EQ(cut("no newline"), "no newline");
}

TEST(MapText, CutsEachLineOnACharacterBoundary) {
  for (const char* character : {"x", "é", "⋮", "🙂"}) {
    EXPECT_EQ(cut(repeat(character, 101) + "\n" + repeat(character, 150)),
              repeat(character, 100) + "\n" + repeat(character, 100));
  }
  EXPECT_EQ(cut("│" + repeat("ä", 200) + "\n"), "│" + repeat("ä", 99) + "\n");
}

TEST(MapText, TakesEachInvalidByteForOneCharacter) {
  EXPECT_EQ(cut("a\xff\xfe"
                "b"),
            "a\ufffd\ufffdb");
  EXPECT_EQ(cut(repeat("\xff", 150)), repeat("\ufffd", 100));
  // Truncated, overlong, surrogate, above U+10FFFF, lone continuation.
  EXPECT_EQ(cut("\xe2\x82"), "\ufffd\ufffd");
  EXPECT_EQ(cut("\xc0\xaf"), "\ufffd\ufffd");
  EXPECT_EQ(cut("\xe0\x80\xaf"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(cut("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(cut("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(cut("\x80 "), "\ufffd ");
  EXPECT_EQ(cut("\xf4\x8f\xbf\xbf\xed\x9f\xbf"), "\xf4\x8f\xbf\xbf\xed\x9f\xbf");
}

TEST(MapText, KeepsOrdinaryPathsAsTheyAre) {
  EXPECT_EQ(visible_path("src/größe 量/a\\b'\".c"), "src/größe 量/a\\b'\".c");
}

TEST(MapText, EscapesWhatWouldBreakALineOrDeceiveAReader) {
  EXPECT_EQ(visible_path("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(visible_path("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  EXPECT_EQ(visible_path("\u0085\u2028\u202e\u2066\ufeff"), "\\u0085\\u2028\\u202e\\u2066\\ufeff");
  EXPECT_EQ(visible_path("caf\xe9"), "caf\\xe9");
}

}  // namespace
}  // namespace repomap
