// SPDX-License-Identifier: Apache-2.0
#include "ranking/rank_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace repomap {
namespace {

using Positions = std::vector<std::uint32_t>;

TEST(RankSort, OrdersByFallingRankAndKeepsTies) {
  EXPECT_EQ(order_by_falling_rank(std::vector<double>{0.5, 2, 0, 0.5, 1e-300, -0.0}), (Positions{1, 0, 3, 4, 2, 5}));
  EXPECT_EQ(order_by_falling_rank({}), Positions{});
  EXPECT_EQ(order_by_falling_rank(std::vector<double>{7}), Positions{0});
}

TEST(RankSort, EqualsASortByComparison) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> ranks(random() % 5000);
    for (double& rank : ranks) {
      rank = std::ldexp(static_cast<double>(random() % 100), -static_cast<int>(random() % 300));
    }
    Positions expected(ranks.size());
    std::iota(expected.begin(), expected.end(), 0U);
    std::sort(expected.begin(), expected.end(), [&ranks](std::uint32_t a, std::uint32_t b) {
      return ranks[a] != ranks[b] ? ranks[a] > ranks[b] : a < b;
    });
    EXPECT_EQ(order_by_falling_rank(ranks), expected);
  }
}

}  // namespace
}  // namespace repomap
