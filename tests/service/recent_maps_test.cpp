// SPDX-License-Identifier: Apache-2.0
#include "service/recent_maps.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace repomap {
namespace {

constexpr RecentMaps::TimePoint kStart{};

MapQuery query(const std::string& text, const std::string& root = "/r") {
  MapQuery query;
  query.selection.root = root;
  query.request.query = text;
  return query;
}

std::vector<std::string> texts(const RecentMaps& maps, RecentMaps::TimePoint now, const std::string& root = "/r") {
  std::vector<std::string> texts;
  for (const MapQuery& each : maps.of(root, now)) {
    texts.push_back(each.request.query);
  }
  return texts;
}

TEST(RecentMaps, GivesTheLatestFirstAndEachOnce) {
  RecentMaps maps;
  maps.note(query("a"), kStart);
  maps.note(query("b"), kStart);
  maps.note(query("a"), kStart);
  maps.note(query("elsewhere", "/other"), kStart);
  EXPECT_EQ(texts(maps, kStart), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(texts(maps, kStart, "/unknown").empty());
}

TEST(RecentMaps, RemembersAFew) {
  RecentMaps maps;
  for (const char* text : {"a", "b", "c", "d", "e"}) {
    maps.note(query(text), kStart);
  }
  EXPECT_EQ(texts(maps, kStart), (std::vector<std::string>{"e", "d", "c", "b"}));
}

TEST(RecentMaps, ForgetsWhatNobodyAsksForAnyMore) {
  RecentMaps maps;
  maps.note(query("old"), kStart);
  maps.note(query("new"), kStart + std::chrono::minutes(1));
  EXPECT_EQ(texts(maps, kStart + RecentMaps::kLifetime), std::vector<std::string>{"new"});
}

}  // namespace
}  // namespace repomap
