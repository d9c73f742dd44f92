// SPDX-License-Identifier: Apache-2.0
#include "ranking/reference_graph.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

using Vertices = std::vector<ReferenceGraph::Vertex>;

Vertices row(const ReferenceGraph& graph, ReferenceGraph::Vertex vertex) {
  const auto [begin, end] = adjacent_vertices(vertex, graph.structure());
  return {begin, end};
}

std::vector<std::string> names(const RepoSymbols& symbols, std::span<const StringPool::Id> ids) {
  std::vector<std::string> result;
  for (const StringPool::Id id : ids) {
    result.emplace_back(symbols.identifiers.at(id));
  }
  return result;
}

constexpr auto kThreeFiles =
    "file\ta\ndef\tzeta\ndef\talone\ndef\tabandoned\nref\tbeta\t4\nref\tunknown\t7\n"
    "file\tb\ndef\tbeta\ndef\tzeta\nref\tzeta\t9\nref\tbeta\t1\n"
    "file\tc\nref\tunknown\t1\n";

TEST(ReferenceGraph, LeadsFromFilesThroughSharedIdentifiersToDefiners) {
  const RepoSymbols symbols = parse_ranking_case(kThreeFiles).symbols;
  const ReferenceGraph graph = ReferenceGraph::build(symbols);
  ASSERT_EQ(graph.file_count(), 3U);
  EXPECT_EQ(names(symbols, graph.identifiers()), (std::vector<std::string>{"zeta", "beta"}));
  EXPECT_EQ(row(graph, 0), (Vertices{4}));
  EXPECT_EQ(row(graph, 1), (Vertices{3, 4})) << "in the order of the file's first references";
  EXPECT_EQ(row(graph, 2), Vertices{});
  EXPECT_EQ(row(graph, 3), (Vertices{0, 1}));
  EXPECT_EQ(row(graph, 4), (Vertices{1}));
  EXPECT_EQ(std::vector<double>(graph.root_counts().begin(), graph.root_counts().end()),
            (std::vector<double>{2, 3, 1}));
}

TEST(ReferenceGraph, KeepsLoneDefinitions) {
  const RepoSymbols symbols = parse_ranking_case(kThreeFiles).symbols;
  const ReferenceGraph graph = ReferenceGraph::build(symbols);
  EXPECT_EQ(names(symbols, graph.lone_definitions(0)), (std::vector<std::string>{"alone", "abandoned"}));
  EXPECT_TRUE(graph.lone_definitions(1).empty());
}

TEST(ReferenceGraph, CountsFilesWithEdgesAsNodes) {
  const ReferenceGraph graph = ReferenceGraph::build(parse_ranking_case(kThreeFiles).symbols);
  EXPECT_TRUE(graph.has_edges(0));
  EXPECT_TRUE(graph.has_edges(1));
  EXPECT_FALSE(graph.has_edges(2)) << "it refers only to what nobody defines";
  EXPECT_EQ(graph.node_count(), 2U);
}

TEST(ReferenceGraph, TakesDefinitionsForReferencesWhereThereAreNone) {
  const auto symbols = parse_ranking_case("file\ta\ndef\tx\ndef\ty\nfile\tb\ndef\tx\n").symbols;
  const ReferenceGraph graph = ReferenceGraph::build(symbols);
  EXPECT_EQ(row(graph, 0), (Vertices{2, 3}));
  EXPECT_EQ(row(graph, 1), (Vertices{2}));
  EXPECT_EQ(row(graph, 2), (Vertices{0, 1}));
  EXPECT_TRUE(graph.lone_definitions(0).empty());
}

TEST(ReferenceGraph, OfNothingIsEmpty) {
  const ReferenceGraph graph = ReferenceGraph::build(RepoSymbols{});
  EXPECT_EQ(graph.file_count(), 0U);
  EXPECT_EQ(graph.node_count(), 0U);
}

TEST(ReferenceGraph, DoesNotDependOnInterning) {
  const RepoSymbols symbols = parse_ranking_case(kThreeFiles).symbols;
  const ReferenceGraph graph = ReferenceGraph::build(symbols);
  for (unsigned seed = 0; seed < 20; ++seed) {
    const RepoSymbols other_symbols = reinterned(symbols, seed);
    const ReferenceGraph other = ReferenceGraph::build(other_symbols);
    EXPECT_EQ(names(symbols, graph.identifiers()), names(other_symbols, other.identifiers()));
    for (ReferenceGraph::Vertex vertex = 0; vertex < 5; ++vertex) {
      EXPECT_EQ(row(graph, vertex), row(other, vertex)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace repomap
