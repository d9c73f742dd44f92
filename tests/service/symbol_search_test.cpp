// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_search.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace repomap {
namespace {

struct Row {
  std::string pattern;
  std::string name;
  std::string scope;
  std::optional<int> quality;
};

void expect_all(const std::vector<Row>& rows, NameMatch match) {
  for (const Row& row : rows) {
    EXPECT_EQ(NameMatcher(row.pattern, match).match(row.name, row.scope), row.quality)
        << row.pattern << " on " << row.name << " in \"" << row.scope << '"';
  }
}

TEST(NameMatcher, RanksPatternsByHowWellTheyFit) {
  expect_all({{"map", "map", "", 0},
              {"map", "Map", "", 1},
              {"map", "mapper", "", 2},
              {"map", "MapBuilder", "", 2},
              {"map", "repo_map", "", 3},
              {"map", "RepoMap", "", 3},
              {"map", "repomap", "", 4},
              {"map", "remap_map", "", 3},
              {"map", "ma_p", "", std::nullopt},
              {"map", "", "", std::nullopt},
              {"Map", "map", "", std::nullopt},
              {"Map", "RepoMap", "", 3},
              {"repo_map", "RepoMap", "", std::nullopt},
              {"", "anything", "", 2}},
             NameMatch::kPattern);
}

TEST(NameMatcher, GlobsMatchTheWholeName) {
  expect_all({{"map*", "mapper", "", 0},
              {"map*", "Mapper", "", 0},
              {"Map*", "mapper", "", std::nullopt},
              {"map*", "remap", "", std::nullopt},
              {"*map", "RepoMap", "", 0},
              {"m?p", "map", "", 0},
              {"m?p", "mp", "", std::nullopt},
              {"m[ao]p", "mop", "", 0},
              {"*", "", "", 0},
              {"operator[]", "operator[]", "", 0}},
             NameMatch::kPattern);
}

TEST(NameMatcher, ExactNamesAreComparedAsWritten) {
  expect_all({{"map", "map", "", 0},
              {"map", "map", "Any.scope", 0},
              {"map", "Map", "", std::nullopt},
              {"map", "mapper", "", std::nullopt},
              {"m*", "map", "", std::nullopt}},
             NameMatch::kExact);
}

TEST(NameMatcher, FuzzyPatternsTakeLettersInTheirOrderInAnyCase) {
  expect_all({{"map", "map", "", 0},
              {"MAP", "map", "", 1},
              {"rm", "RepoMap", "", 10},
              {"rpmp", "repo_map", "", 9},
              {"mr", "RepoMap", "", std::nullopt},
              {"m*", "map", "", std::nullopt},
              {"Map", "RepoMap", "", 3},
              {"", "anything", "", 2}},
             NameMatch::kFuzzy);
}

TEST(NameMatcher, TellsWhichNamesMayMatchInSomeScope) {
  const NameMatcher qualified("Foo.bar", NameMatch::kExact);
  EXPECT_TRUE(qualified.may_match("bar"));
  EXPECT_TRUE(qualified.may_match("Foo.bar"));
  EXPECT_FALSE(qualified.may_match("Foo"));
  EXPECT_TRUE(NameMatcher("ar", NameMatch::kPattern).may_match("bar"));
  EXPECT_FALSE(NameMatcher("ra", NameMatch::kPattern).may_match("bar"));
}

TEST(NameMatcher, ExactNamesWithAScopeAskForItsLastNames) {
  expect_all({{"Foo.bar", "bar", "Foo", 0},
              {"Foo::bar", "bar", "Foo", 0},
              {"Foo#bar", "bar", "Foo", 0},
              {"Foo.bar", "bar", "ns::Foo", 0},
              {"Foo.bar", "bar", "ns.Foo", 0},
              {"ns.Foo.bar", "bar", "outer::ns::Foo", 0},
              {"ns::Foo::bar", "bar", "ns.Foo", 0},
              {"Foo.bar", "bar", "MyFoo", std::nullopt},
              {"Foo.bar", "bar", "My_Foo", std::nullopt},
              {"Foo.bar", "bar", "Foo.Inner", std::nullopt},
              {"Foo.bar", "bar", "", std::nullopt},
              {"Foo.bar", "baz", "Foo", std::nullopt},
              {"::bar", "bar", "", 0},
              {"Foo.", "Foo", "", std::nullopt}},
             NameMatch::kExact);
}

TEST(NameMatcher, ExactNamesMayHaveSeparatorsThemselves) {
  expect_all({{"parser.o", "parser.o", "", 0},
              {"tool.black", "tool.black", "", 0},
              {".button", ".button", "", 0},
              {"a/b.c", "a/b.c", "all", 0},
              {"::", "::", "", 0}},
             NameMatch::kExact);
}

}  // namespace
}  // namespace repomap
