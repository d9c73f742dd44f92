// SPDX-License-Identifier: Apache-2.0
#include "watcher/pattern_list.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace repomap {
namespace {

using enum IgnoreVerdict;

IgnoreVerdict verdict(std::string_view text, std::string_view path, FileType type = FileType::kRegular) {
  return PatternList(text, CaseRule::kSensitive).match(path, type);
}

TEST(PatternList, APatternWithoutASlashMatchesNamesAtAnyDepth) {
  EXPECT_EQ(verdict("*.o\n", "a.o"), kIgnored);
  EXPECT_EQ(verdict("*.o\n", "src/deep/a.o"), kIgnored);
  EXPECT_EQ(verdict("build\n", "src/build"), kIgnored);
  EXPECT_EQ(verdict("build\n", "src/builder"), kNone);
}

TEST(PatternList, ASlashAnchorsToTheDirectoryOfTheFile) {
  EXPECT_EQ(verdict("/a\n", "a"), kIgnored);
  EXPECT_EQ(verdict("/a\n", "b/a"), kNone);
  EXPECT_EQ(verdict("b/a\n", "b/a"), kIgnored);
  EXPECT_EQ(verdict("b/a\n", "c/b/a"), kNone);
  EXPECT_EQ(verdict("**/a\n", "c/b/a"), kIgnored);
}

TEST(PatternList, ATrailingSlashMatchesDirectoriesOnly) {
  EXPECT_EQ(verdict("a/\n", "a", FileType::kRegular), kNone);
  EXPECT_EQ(verdict("a/\n", "a", FileType::kSymlink), kNone);
  EXPECT_EQ(verdict("a/\n", "x/a", FileType::kDirectory), kIgnored);
}

TEST(PatternList, ASlashThatIsLeftAtTheEndMayMatchNothing) {
  EXPECT_EQ(verdict("a**//\n", "a", FileType::kDirectory), kIgnored);
  EXPECT_EQ(verdict("a**//\n", "ab", FileType::kDirectory), kNone);
  EXPECT_EQ(verdict("a//\n", "a", FileType::kDirectory), kNone);
}

TEST(PatternList, TheLastMatchDecides) {
  EXPECT_EQ(verdict("*.c\n!main.c\n", "main.c"), kKept);
  EXPECT_EQ(verdict("!main.c\n*.c\n", "main.c"), kIgnored);
  EXPECT_EQ(verdict("*.c\n!*.?\nmain*\n!*n.c\n", "main.c"), kKept);
}

TEST(PatternList, CommentsBlankLinesAndEscapes) {
  EXPECT_TRUE(PatternList("# x\n\n   \n!\n/\n\r\n", CaseRule::kSensitive).empty());
  EXPECT_EQ(verdict("\\#x\n", "#x"), kIgnored);
  EXPECT_EQ(verdict("\\!x\n", "!x"), kIgnored);
}

TEST(PatternList, TrailingSpacesCountOnlyWhenQuoted) {
  EXPECT_EQ(verdict("a  \n", "a"), kIgnored);
  EXPECT_EQ(verdict("a\\  \n", "a "), kIgnored);
  EXPECT_EQ(verdict("a\\  \n", "a"), kNone);
  EXPECT_EQ(verdict("a\t\n", "a\t"), kIgnored);
}

TEST(PatternList, LineEndsByteOrderMarkAndMissingNewline) {
  EXPECT_EQ(verdict("\xef\xbb\xbf"
                    "a\r\nb",
                    "a"),
            kIgnored);
  EXPECT_EQ(verdict("a\r\nb", "b"), kIgnored);
  EXPECT_EQ(verdict(std::string_view("a\0b\n", 4), "a"), kIgnored);
}

TEST(PatternList, FoldsCaseWhereAsked) {
  const PatternList list("Build/\n*.OBJ\nsrc/GEN*\n", CaseRule::kInsensitive);
  EXPECT_EQ(list.match("BUILD", FileType::kDirectory), kIgnored);
  EXPECT_EQ(list.match("x.obj", FileType::kRegular), kIgnored);
  EXPECT_EQ(list.match("SRC/gen.c", FileType::kRegular), kIgnored);
}

}  // namespace
}  // namespace repomap
