// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/file_tags.hpp"

namespace repomap {
namespace {

TEST(StringPool, StartsWithTheEmptyString) {
  StringPool pool;
  EXPECT_EQ(pool.size(), 1U);
  EXPECT_EQ(pool.at(0), "");
  EXPECT_EQ(pool.add(""), 0U);
  EXPECT_EQ(pool.size(), 1U);
}

TEST(StringPool, NumbersStringsInTheOrderOfInsertion) {
  StringPool pool;
  EXPECT_EQ(pool.add("b"), 1U);
  EXPECT_EQ(pool.add("a"), 2U);
  EXPECT_EQ(pool.add("b"), 1U);
  EXPECT_EQ(pool.add(std::string_view("a\0b", 3)), 3U);
  EXPECT_EQ(pool.at(3), std::string_view("a\0b", 3));
  EXPECT_EQ(pool.size(), 4U);
}

TEST(StringPool, TakesAStringThatIsAlreadyInside) {
  StringPool pool;
  pool.add("prefix_and_more");
  for (int i = 0; i < 100; ++i) {
    const std::string_view inside = pool.at(1).substr(static_cast<std::size_t>(i % 10), 5);
    const std::string copy(inside);
    EXPECT_EQ(pool.at(pool.add(inside)), copy);
  }
}

TEST(StringPool, AgreesWithAMapOnRandomStrings) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    StringPool pool;
    std::map<std::string, StringPool::Id> expected{{"", 0}};
    std::vector<std::string> by_id{""};
    for (int i = 0; i < 5000; ++i) {
      if (random() % 1000 == 0) {
        pool.seal();
      }
      std::string text(random() % 5, '\0');
      for (char& byte : text) {
        byte = static_cast<char>(random() % 11);
      }
      const auto [found, is_new] = expected.try_emplace(text, static_cast<StringPool::Id>(by_id.size()));
      if (is_new) {
        by_id.push_back(text);
      }
      ASSERT_EQ(pool.add(text), found->second) << "seed " << seed;
    }
    ASSERT_EQ(pool.size(), by_id.size()) << "seed " << seed;
    for (StringPool::Id id = 0; id < by_id.size(); ++id) {
      ASSERT_EQ(pool.at(id), by_id[id]) << "seed " << seed;
    }
  }
}

TEST(StringPool, KeepsItsStringsWhenSealedAndGrowsAfterwards) {
  StringPool pool;
  for (int i = 0; i < 1000; ++i) {
    pool.add("name" + std::to_string(i));
  }
  pool.seal();
  EXPECT_EQ(pool.at(1000), "name999");
  EXPECT_EQ(pool.add("name500"), 501U);
  EXPECT_EQ(pool.add("new"), 1001U);
}

}  // namespace
}  // namespace repomap
