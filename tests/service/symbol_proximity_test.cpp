// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_proximity.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace repomap {
namespace {

FileTags importing(std::string language, const std::vector<std::string_view>& names) {
  FileTags tags;
  tags.language = std::move(language);
  for (const std::string_view name : names) {
    Tag tag;
    tag.name = tags.strings.add(name);
    tag.role = Role::kReference;
    tag.kind = SymbolKind::kImport;
    tags.tags.push_back(tag);
  }
  return tags;
}

struct Row {
  std::string_view path;
  std::string_view name;
  Nearness nearness;
};

void expect_all(const SymbolProximity& proximity, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(proximity.of(row.path, row.name), row.nearness) << row.name << " in " << row.path;
  }
}

TEST(SymbolProximity, FollowsModulesAndNamesOfPython) {
  const SymbolProximity near("app/main.py", importing("python", {"parser", "Token", "pkg"}));
  expect_all(near, {{"app/main.py", "run", Nearness::kSameFile},
                    {"app/parser.py", "parse", Nearness::kImported},
                    {"lib/tokens.py", "Token", Nearness::kImportedName},
                    {"lib/pkg/__init__.py", "x", Nearness::kImported},
                    {"app/other.py", "parse", Nearness::kElsewhere},
                    {"app/parser_test.py", "parse", Nearness::kElsewhere}});
}

TEST(SymbolProximity, FollowsIncludedHeadersAndWhatImplementsThem) {
  const SymbolProximity near("src/main.c", importing("c", {"core/list.h", "util.h", "../up/x.h"}));
  expect_all(near, {{"core/list.h", "push", Nearness::kImported},
                    {"src/core/list.c", "push", Nearness::kImported},
                    {"other/list.h", "push", Nearness::kElsewhere},
                    {"score/list.h", "push", Nearness::kElsewhere},
                    {"src/util.c", "push", Nearness::kImported},
                    {"up/x.h", "push", Nearness::kImported},
                    {"src/side.c", "push", Nearness::kElsewhere}});
}

TEST(SymbolProximity, TakesADirectoryForAPackageWhereTheLanguageDoes) {
  const SymbolProximity near("net/http/server.go", importing("go", {"url"}));
  expect_all(near, {{"net/http/client.go", "Get", Nearness::kImported},
                    {"net/url/url.go", "Parse", Nearness::kImported},
                    {"net/dial.go", "Dial", Nearness::kElsewhere}});
  const SymbolProximity script("a/b.js", importing("javascript", {"c"}));
  expect_all(script, {{"a/d.js", "x", Nearness::kElsewhere}, {"a/c/index.js", "x", Nearness::kImported}});
}

TEST(SymbolProximity, KnowsOnlyThePathOfAFileWithoutTags) {
  const SymbolProximity near("a.py");
  expect_all(near, {{"a.py", "x", Nearness::kSameFile}, {"b.py", "x", Nearness::kElsewhere}});
}

TEST(SymbolProximity, SortsByMatchThenNearnessThenRank) {
  std::vector<SymbolHit> hits(5);
  const auto set = [&](std::size_t index, const char* name, Nearness nearness, double rank, const char* path) {
    hits[index].name = name;
    hits[index].nearness = nearness;
    hits[index].rank = rank;
    hits[index].path = path;
  };
  set(0, "parse_all", Nearness::kSameFile, 1, "a");
  set(1, "parse", Nearness::kElsewhere, 0.1, "b");
  set(2, "parse", Nearness::kElsewhere, 0.2, "c");
  set(3, "parse", Nearness::kImported, 0.1, "d");
  set(4, "parse", Nearness::kElsewhere, 0.2, "b");
  sort_by_proximity(hits, NameMatcher("parse", NameMatch::kPattern));
  std::string order;
  for (const SymbolHit& hit : hits) {
    order += hit.path;
  }
  EXPECT_EQ(order, "dbcba");
}

}  // namespace
}  // namespace repomap
