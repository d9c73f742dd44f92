// SPDX-License-Identifier: Apache-2.0
#include "watcher/glob_pattern.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

namespace repomap {
namespace {

bool matches(std::string_view pattern, std::string_view path, CaseRule case_rule = CaseRule::kSensitive) {
  return GlobPattern(pattern, case_rule).matches(path);
}

TEST(GlobPattern, MatchesLiteralBytes) {
  EXPECT_TRUE(matches("a/b.c", "a/b.c"));
  EXPECT_FALSE(matches("a/b.c", "a/b.cc"));
  EXPECT_FALSE(matches("a/b.c", "a/b"));
  EXPECT_TRUE(matches("\xff\n", "\xff\n"));
}

TEST(GlobPattern, StarAndQuestionMarkStopAtASlash) {
  EXPECT_TRUE(matches("*.c", "main.c"));
  EXPECT_FALSE(matches("*.c", "src/main.c"));
  EXPECT_TRUE(matches("src/*/main.c", "src/x/main.c"));
  EXPECT_FALSE(matches("src/*/main.c", "src/x/y/main.c"));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "a/c"));
  EXPECT_TRUE(matches("*", ""));
}

TEST(GlobPattern, DoubleStarSpansDirectories) {
  EXPECT_TRUE(matches("**/b", "b"));
  EXPECT_TRUE(matches("**/b", "a/x/b"));
  EXPECT_FALSE(matches("**/b", "a/xb"));
  EXPECT_TRUE(matches("a/**", "a/x/y"));
  EXPECT_FALSE(matches("a/**", "a"));
  EXPECT_TRUE(matches("a/**/b", "a/b"));
  EXPECT_TRUE(matches("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(matches("a/**/b", "a/xb"));
  EXPECT_TRUE(matches("**/a/**/b*", "x/a/y/bc"));
}

TEST(GlobPattern, DoubleStarInsideANameIsAStar) {
  EXPECT_TRUE(matches("x**y", "x12y"));
  EXPECT_FALSE(matches("x**y", "x1/2y"));
}

TEST(GlobPattern, ReadsBracketExpressions) {
  EXPECT_TRUE(matches("[abc]", "b"));
  EXPECT_FALSE(matches("[!abc]", "b"));
  EXPECT_TRUE(matches("[^abc]", "d"));
  EXPECT_TRUE(matches("[a-c]x", "bx"));
  EXPECT_TRUE(matches("[]a]", "]"));
  EXPECT_TRUE(matches("[a-]", "-"));
  EXPECT_TRUE(matches("[\\]]", "]"));
  EXPECT_TRUE(matches("[[:digit:]_]", "7"));
  EXPECT_FALSE(matches("[[:digit:]]", "x"));
  EXPECT_TRUE(matches("[[:x]", ":"));
  EXPECT_FALSE(matches("a[!b]c", "a/c"));
}

TEST(GlobPattern, MalformedPatternsMatchNothing) {
  for (const std::string_view pattern : {"[a", "[", "a[!", "x\\", "[[:nonsense:]]", "[a-", "[\\"}) {
    EXPECT_FALSE(matches(pattern, "a")) << pattern;
    EXPECT_FALSE(matches(pattern, pattern)) << pattern;
  }
}

TEST(GlobPattern, BackslashQuotes) {
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("a\\b", "ab"));
}

TEST(GlobPattern, FoldsCaseWhereAsked) {
  EXPECT_FALSE(matches("*.TXT", "a.txt"));
  EXPECT_TRUE(matches("*.TXT", "a.txt", CaseRule::kInsensitive));
  EXPECT_TRUE(matches("[A-F]?", "dX", CaseRule::kInsensitive));
}

TEST(GlobPattern, ManyStarsTakeNoExponentialTime) {
  const std::string path = std::string(2000, 'a') + "/" + std::string(2000, 'a');
  std::string stars;
  for (int i = 0; i < 30; ++i) {
    stars += "a*";
  }
  EXPECT_FALSE(matches("**/**/**a*a*a*b", path));
  EXPECT_FALSE(matches("**/" + stars + "b", path));
  EXPECT_FALSE(matches("*" + stars + "b", std::string(4000, 'a')));
  EXPECT_TRUE(matches("**/" + stars, path));
}

/// The definition of the language, word for word, without care for time.
bool obviously_matches(std::string_view pattern, std::string_view path, bool at_component = true) {
  if (pattern.empty()) {
    return path.empty();
  }
  if (at_component && pattern.starts_with("**/")) {
    for (std::size_t slash = 0; slash < path.size(); ++slash) {
      if (path[slash] == '/' && obviously_matches(pattern.substr(3), path.substr(slash + 1))) {
        return true;
      }
    }
    return obviously_matches(pattern.substr(3), path);
  }
  if (at_component && pattern == "**") {
    return true;
  }
  if (pattern.front() == '*') {
    const std::string_view rest = pattern.substr(std::min(pattern.find_first_not_of('*'), pattern.size()));
    for (std::size_t length = 0; length <= path.size(); ++length) {
      if (obviously_matches(rest, path.substr(length), false)) {
        return true;
      }
      if (length < path.size() && path[length] == '/') {
        return false;
      }
    }
    return false;
  }
  if (path.empty() || (pattern.front() == '?' ? path.front() == '/' : path.front() != pattern.front())) {
    return false;
  }
  return obviously_matches(pattern.substr(1), path.substr(1), pattern.front() == '/');
}

TEST(GlobPattern, AgreesWithTheDefinitionOnRandomInput) {
  const char* const fixed = std::getenv("REPOMAP_SEED");
  const auto seed = fixed != nullptr ? static_cast<unsigned>(std::atoi(fixed)) : std::random_device{}();
  std::cout << "REPOMAP_SEED=" << seed << '\n';
  std::mt19937 random(seed);
  const auto text = [&random](std::string_view alphabet, std::size_t most) {
    std::string result;
    for (std::size_t length = random() % (most + 1); length > 0; --length) {
      result += alphabet[random() % alphabet.size()];
    }
    return result;
  };
  unsigned matched = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string pattern = text("ab/**?", 9);
    while (pattern.find("***") != std::string::npos) {  // any number of stars over two is two
      pattern.erase(pattern.find("***"), 1);
    }
    const std::string path = text("aab/", 9);
    const bool expected = obviously_matches(pattern, path);
    matched += expected ? 1 : 0;
    ASSERT_EQ(matches(pattern, path), expected) << "pattern '" << pattern << "' path '" << path << "'";
  }
  EXPECT_GT(matched, 1000U);
}

}  // namespace
}  // namespace repomap
