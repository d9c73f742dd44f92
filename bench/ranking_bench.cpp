// SPDX-License-Identifier: Apache-2.0
//
// Times of the ranking, from interned symbols to the order of a map. Without an argument the repository is synthetic,
// of the size of Go's standard library: 5,500 files, names by Zipf's law. With REPOMAP_RANKING_CASE=FILE in the
// environment it is the one in FILE, in the form of tests/ranking/symbols_text.hpp.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <unordered_map>

#include "ranking/anchors.hpp"
#include "ranking/pagerank.hpp"
#include "ranking/tag_ranker.hpp"
#include "tests/ranking/symbols_text.hpp"

namespace repomap {
namespace {

constexpr std::size_t kFiles = 5500;
constexpr std::size_t kNames = 120000;
constexpr int kDefinitionsOfFile = 18;
constexpr int kReferencesOfFile = 200;

/// A number below kNames, small ones by far the most often.
std::size_t zipf(std::mt19937& random) {
  const double uniform = std::uniform_real_distribution<double>(0, 1)(random);
  return static_cast<std::size_t>(std::pow(static_cast<double>(kNames), uniform)) - 1;
}

FileSymbols synthetic_file(std::mt19937& random, const std::vector<StringPool::Id>& names) {
  FileSymbols file;
  std::unordered_map<StringPool::Id, std::size_t> seen;
  for (int i = 0; i < kReferencesOfFile; ++i) {
    const StringPool::Id name = names[zipf(random)];
    const auto [slot, is_new] = seen.emplace(name, file.references.size());
    if (is_new) {
      file.references.push_back({name, 0});
    }
    ++file.references[slot->second].count;
  }
  seen.clear();
  for (int i = 0; i < kDefinitionsOfFile; ++i) {
    const StringPool::Id name = names[random() % names.size()];
    if (seen.emplace(name, 0).second) {
      file.definitions.push_back(name);
    }
  }
  return file;
}

RepoSymbols synthetic_symbols() {
  std::mt19937 random(1);
  RepoSymbols symbols;
  std::vector<StringPool::Id> names;
  for (std::size_t i = 0; i < kNames; ++i) {
    names.push_back(
        symbols.identifiers.add(fmt::format("{}{}", i % 3 == 0 ? "parseHeader" : "name", i * 7919 % kNames)));
  }
  for (std::size_t i = 0; i < kFiles; ++i) {
    symbols.paths.push_back(fmt::format("dir{:03}/file{:05}.go", i / 20, i));
    symbols.files.push_back(synthetic_file(random, names));
  }
  return symbols;
}

const RepoSymbols& symbols() {
  static const RepoSymbols kSymbols = [] {
    const char* path = std::getenv("REPOMAP_RANKING_CASE");
    if (path == nullptr) {
      return synthetic_symbols();
    }
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return parse_ranking_case(text.str()).symbols;
  }();
  return kSymbols;
}

const ReferenceGraph& graph() {
  static const ReferenceGraph kGraph = ReferenceGraph::build(symbols());
  return kGraph;
}

void run(benchmark::State& state, const MapRequest& request) {
  const TagRanker ranker(symbols(), graph());
  for (auto _ : state) {
    benchmark::DoNotOptimize(ranker.rank(request));
  }
}

void build_graph(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReferenceGraph::build(symbols()));
  }
  state.counters["files"] = static_cast<double>(graph().file_count());
  state.counters["shared"] = static_cast<double>(graph().shared_count());
  state.counters["edges"] = static_cast<double>(num_edges(graph().structure()));
}
BENCHMARK(build_graph)->Unit(benchmark::kMillisecond);

void pagerank_of_all(benchmark::State& state) {
  const PageRank pagerank(graph(), weigh(symbols(), graph(), resolve_anchors(symbols().paths, {}), RankMode::kAider));
  for (auto _ : state) {
    benchmark::DoNotOptimize(pagerank.compute({}));
  }
}
BENCHMARK(pagerank_of_all)->Unit(benchmark::kMillisecond);

void rank_without_anchors(benchmark::State& state) { run(state, {}); }
BENCHMARK(rank_without_anchors)->Unit(benchmark::kMillisecond);

void rank_with_chat_file(benchmark::State& state) {
  MapRequest request;
  request.rank_mode = RankMode::kAider;
  request.chat_files = {symbols().paths[symbols().paths.size() / 2]};
  run(state, request);
}
BENCHMARK(rank_with_chat_file)->Unit(benchmark::kMillisecond);

void rank_aider_with_mentions(benchmark::State& state) {
  MapRequest request;
  request.rank_mode = RankMode::kAider;
  request.mentioned_identifiers = {"parseHeader3", "ServeHTTP", "http"};
  run(state, request);
}
BENCHMARK(rank_aider_with_mentions)->Unit(benchmark::kMillisecond);

void rank_with_query(benchmark::State& state) {
  MapRequest request;
  request.query = "Why is the parsed header of a request not closed after a timeout of the server's connection?";
  run(state, request);
}
BENCHMARK(rank_with_query)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace repomap

BENCHMARK_MAIN();
