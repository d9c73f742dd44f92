// SPDX-License-Identifier: Apache-2.0
#include "ranking/mentions.hpp"

#include <gtest/gtest.h>

namespace repomap {
namespace {

using Words = std::unordered_set<std::string_view>;
using Files = std::vector<std::uint32_t>;

Files files(std::string_view text, const std::vector<std::string>& paths, const Files& chat = {}) {
  std::vector<bool> in_chat(paths.size(), false);
  for (const std::uint32_t file : chat) {
    in_chat[file] = true;
  }
  return mentioned_files(text, paths, in_chat);
}

TEST(MentionedIdentifiers, AreTheWordsOfAText) {
  EXPECT_EQ(mentioned_identifiers("fix parse_it() in a/b.c, twice: parse_it"),
            (Words{"fix", "parse_it", "in", "a", "b", "c", "twice"}));
  EXPECT_EQ(mentioned_identifiers("größe=数据 naïve-x²"), (Words{"größe", "数据", "naïve", "x²"}));
  EXPECT_TRUE(mentioned_identifiers(" .,; ").empty());
}

TEST(MentionedFiles, ByFullPath) {
  const std::vector<std::string> paths = {"Makefile", "a/run", "b/run"};
  EXPECT_EQ(files("look at `a/run`, please", paths), (Files{1}));
  EXPECT_EQ(files("look at \"b\\run\"!", paths), (Files{2}));
  EXPECT_EQ(files("(a/run)", paths), Files{}) << "parentheses are no quotes";
  EXPECT_EQ(files("see Makefile.", paths), (Files{0}));
}

TEST(MentionedFiles, ByUniqueBaseName) {
  const std::vector<std::string> paths = {"a/x.c", "b/run", "b/x.c", "b/y.c"};
  EXPECT_EQ(files("why does y.c fail?", paths), (Files{3}));
  EXPECT_EQ(files("why does x.c fail?", paths), Files{}) << "two files bear the name";
  EXPECT_EQ(files("I run it", paths), Files{}) << "a plain word is no mention";
}

TEST(MentionedFiles, BaseNameOfAChatFileMentionsNoOther) {
  const std::vector<std::string> paths = {"a/x.c", "b/x.c", "b/y.c"};
  EXPECT_EQ(files("x.c", paths, {0}), Files{});
  EXPECT_EQ(files("b/x.c", paths, {0}), (Files{1}));
  EXPECT_EQ(files("b/y.c y.c", paths, {2}), Files{}) << "a chat file is no mention";
}

TEST(MentionedFiles, ByStemOfFiveCodePointsInAnyCase) {
  const std::vector<std::string> paths = {"a/PARSER.py", "a/größe.c", "a/lex.py", "b/Parser.old.py", "b/parser.py"};
  EXPECT_EQ(files("the Parser is slow", paths), (Files{0, 4}));
  EXPECT_EQ(files("the lex is slow", paths), Files{});
  EXPECT_EQ(files("GRÖSSE GRÖßE", paths), (Files{1}));
}

TEST(PathParts, AreDirectoriesNameAndRoot) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(path_parts("a/b.d/c.tar.gz"), (Parts{"a", "b.d", "c.tar.gz", "c.tar"}));
  EXPECT_EQ(path_parts("Makefile"), (Parts{"Makefile"}));
  EXPECT_EQ(path_parts(".hidden"), (Parts{".hidden"}));
  EXPECT_EQ(path_parts("..x.y"), (Parts{"..x.y", "..x"}));
  EXPECT_EQ(path_parts("end."), (Parts{"end.", "end"}));
}

}  // namespace
}  // namespace repomap
