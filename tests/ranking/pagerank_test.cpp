// SPDX-License-Identifier: Apache-2.0
#include "ranking/pagerank.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/ranking/random_symbols.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

RequestWeights plain_weights(const ReferenceGraph& graph) {
  return {std::vector<double>(graph.identifier_weights().begin(), graph.identifier_weights().end()),
          std::vector<double>(graph.file_count(), 1)};
}

/// PageRank edge by edge over the dense matrix of files: the obvious form of what PageRank factorises.
class DensePageRank {
 public:
  DensePageRank(const RepoSymbols& symbols, const ReferenceGraph& graph, const RequestWeights& weights)
      : size_(symbols.files.size()), weight_(size_, std::vector<double>(size_, 0)), is_node_(size_, false) {
    for (std::size_t from = 0; from < size_; ++from) {
      for (const ReferenceCount& reference : symbols.files[from].references) {
        const std::uint32_t shared = graph.shared_index(reference.identifier);
        for (std::size_t to = 0; to < size_; ++to) {
          for (const StringPool::Id identifier : symbols.files[to].definitions) {
            if (identifier == reference.identifier) {
              connect(from, to, weights.identifiers[shared] * weights.referencers[from] * std::sqrt(reference.count));
            }
          }
        }
      }
      for (const StringPool::Id identifier : symbols.files[from].definitions) {
        if (graph.shared_index(identifier) == ReferenceGraph::kNotShared) {
          connect(from, from, 0.1);
        }
      }
    }
  }

  std::vector<double> compute(const std::vector<double>& restart_weights) const {
    const auto nodes = static_cast<double>(std::count(is_node_.begin(), is_node_.end(), true));
    std::vector<double> restart(size_, 0);
    std::vector<double> ranks(size_, 0);
    double sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      restart[i] = is_node_[i] ? restart_weights[i] : 0;
      ranks[i] = is_node_[i] ? 1 / nodes : 0;
      sum += restart[i];
    }
    for (double change = 1e9; change >= nodes * 1e-6;) {
      std::vector<double> next(size_, 0);
      for (std::size_t from = 0; from < size_; ++from) {
        double total = 0;
        for (const double weight : weight_[from]) {
          total += weight;
        }
        for (std::size_t to = 0; to < size_; ++to) {
          next[to] += ranks[from] * (total > 0 ? weight_[from][to] / total : restart[to] / sum);
        }
      }
      change = 0;
      for (std::size_t i = 0; i < size_; ++i) {
        next[i] = 0.85 * next[i] + 0.15 * restart[i] / sum;
        change += std::abs(next[i] - ranks[i]);
      }
      ranks = next;
    }
    return ranks;
  }

 private:
  void connect(std::size_t from, std::size_t to, double weight) {
    weight_[from][to] += weight;
    is_node_[from] = true;
    is_node_[to] = true;
  }

  std::size_t size_;
  std::vector<std::vector<double>> weight_;
  std::vector<bool> is_node_;
};

TEST(PageRank, GivesTheStationaryDistributionOfATinyGraph) {
  // a refers to b's symbol and b to a's: symmetric, so both have half from the first step on.
  const auto symbols = parse_ranking_case("file\ta\ndef\tx\nref\ty\t1\nfile\tb\ndef\ty\nref\tx\t1\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  const auto ranks = pagerank.compute({});
  ASSERT_TRUE(ranks);
  EXPECT_DOUBLE_EQ((*ranks)[0], 0.5);
  EXPECT_DOUBLE_EQ((*ranks)[1], 0.5);
}

TEST(PageRank, SplitsByTheSquareRootOfTheReferences) {
  const auto symbols = parse_ranking_case("file\ta\nref\tx\t9\nref\ty\t1\nfile\tb\ndef\tx\nfile\tc\ndef\ty\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  const std::vector<double> through = pagerank.identifier_ranks(std::vector<double>{0.4, 0, 0});
  EXPECT_DOUBLE_EQ(through[0], 0.3);
  EXPECT_DOUBLE_EQ(through[1], 0.1);
}

TEST(PageRank, GivesEachDefinerTheWholeWeight) {
  // Two definers of x and one of y: three edges of equal weight.
  const auto symbols =
      parse_ranking_case("file\ta\nref\tx\t1\nref\ty\t1\nfile\tb\ndef\tx\nfile\tc\ndef\tx\ndef\ty\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  const std::vector<double> through = pagerank.identifier_ranks(std::vector<double>{0.6, 0, 0});
  EXPECT_DOUBLE_EQ(through[0], 0.2);
  EXPECT_DOUBLE_EQ(through[1], 0.2);
}

TEST(PageRank, LoneDefinitionsKeepTheirFilesRank) {
  // One reference of weight 1 and two lone definitions of weight 0.1.
  const auto symbols = parse_ranking_case("file\ta\ndef\tp\ndef\tq\nref\tx\t1\nfile\tb\ndef\tx\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  EXPECT_DOUBLE_EQ(pagerank.lone_rank(0, 1.2), 0.1);
  EXPECT_DOUBLE_EQ(pagerank.lone_rank(1, 1.2), 0) << "it has none";
}

TEST(PageRank, FactorsOfReferencersRaiseReferencesOverLoneDefinitions) {
  const auto symbols = parse_ranking_case("file\ta\ndef\tp\nref\tx\t1\nfile\tb\ndef\tx\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  RequestWeights weights = plain_weights(graph);
  weights.referencers[0] = 50;
  const PageRank pagerank(graph, weights);
  EXPECT_DOUBLE_EQ(pagerank.lone_rank(0, 50.1), 0.1);
  EXPECT_DOUBLE_EQ(pagerank.identifier_ranks(std::vector<double>{50.1, 0})[0], 50);
  EXPECT_DOUBLE_EQ(pagerank.contribution(0, 50.1, 0, 1), 50);
}

TEST(PageRank, DanglingFilesFollowThePersonalization) {
  // b refers to nothing: its rank goes where the restart goes, to a.
  const auto symbols = parse_ranking_case("file\ta\nref\tx\t1\nfile\tb\ndef\tx\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  const auto ranks = pagerank.compute(std::vector<double>{3, 0});
  ASSERT_TRUE(ranks);
  EXPECT_NEAR((*ranks)[0], 1 / 1.85, 2e-6);
  EXPECT_NEAR((*ranks)[1], 0.85 / 1.85, 2e-6);
}

TEST(PageRank, FailsWithoutWeightOnAnyNode) {
  const auto symbols = parse_ranking_case("file\ta\nref\tx\t1\nfile\tb\ndef\tx\nfile\tc\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  EXPECT_FALSE(pagerank.compute(std::vector<double>{0, 0, 1}));
  EXPECT_TRUE(pagerank.compute({}));
}

TEST(PageRank, FailsWhereTheIterationDoesNotSettleInTime) {
  const auto symbols = parse_ranking_case("file\ta\nref\tx\t1\nfile\tb\ndef\tx\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  EXPECT_FALSE(pagerank.compute({}, PageRankSettings{.max_iterations = 2}));
}

TEST(PageRank, OfNothingIsNothing) {
  const auto symbols = parse_ranking_case("file\ta\nfile\tb\n").symbols;
  const auto graph = ReferenceGraph::build(symbols);
  const PageRank pagerank(graph, plain_weights(graph));
  EXPECT_EQ(pagerank.compute({}), (std::vector<double>{0, 0}));
}

TEST(PageRank, EqualsTheDenseFormOnRandomGraphs) {
  const unsigned first_seed = std::random_device()();
  for (unsigned seed = first_seed; seed != first_seed + 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const RepoSymbols symbols = parse_ranking_case(random_ranking_case(seed)).symbols;
    const ReferenceGraph graph = ReferenceGraph::build(symbols);
    bool any_reference = false;
    for (const FileSymbolsView file : symbols.files.rows()) {
      any_reference = any_reference || !file.references.empty();
    }
    if (!any_reference || graph.node_count() == 0) {
      continue;
    }
    std::mt19937 random(seed);
    RequestWeights weights = plain_weights(graph);
    std::vector<double> restart(symbols.files.size());
    for (std::size_t i = 0; i < restart.size(); ++i) {
      weights.referencers[i] = random() % 4 == 0 ? 50 : 1;
      restart[i] = static_cast<double>(random() % 5) + 0.5;
    }
    const auto ranks = PageRank(graph, weights).compute(restart);
    const std::vector<double> expected = DensePageRank(symbols, graph, weights).compute(restart);
    ASSERT_TRUE(ranks);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR((*ranks)[i], expected[i], 1e-12) << "file " << i;
    }
  }
}

}  // namespace
}  // namespace repomap
