// SPDX-License-Identifier: Apache-2.0
//
// Times and sizes of the encodings of tags and of a repository's symbols, of all files of the directory tree in
// REPOMAP_CODEC_TREE that are in a known language. Each value is decoded from its own bytes, on one thread. First every
// value is encoded, decoded and compared.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/compression.hpp"
#include "core/model/file_tags_codec.hpp"
#include "core/model/repo_symbols_codec.hpp"
#include "parsers/tag_extractor.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kLimit = std::uint64_t{1} << 30U;

struct Tree {
  std::vector<FileTags> tags;
  std::vector<std::string> encoded;
  std::vector<std::string> compressed;
  std::size_t tag_count = 0;
  std::size_t bytes = 0;
  std::size_t compressed_bytes = 0;
  RepoSymbols symbols;
};

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void add(Tree& tree, FileTags tags) {
  tree.encoded.push_back(encode(tags));
  tree.compressed.push_back(compress(tree.encoded.back()));
  tree.tag_count += tags.tags.size();
  tree.bytes += tree.encoded.back().size();
  tree.compressed_bytes += tree.compressed.back().size();
  const auto decoded = decode_file_tags(tree.encoded.back());
  if (!decoded || visible_text(*decoded) != visible_text(tags)) {
    fmt::print(stderr, "a file does not come back as it was\n");
    std::abort();
  }
  tree.symbols.paths.push_back(fmt::format("{:08}", tree.tags.size()));
  tree.symbols.files.push_back(to_file_symbols(tags, tree.symbols.identifiers));
  tree.tags.push_back(std::move(tags));
}

const Tree& tree() {
  static const Tree kTree = [] {
    Tree tree;
    const char* directory = std::getenv("REPOMAP_CODEC_TREE");
    LanguageRegistry registry({REPOMAP_GRAMMARS_DIR, REPOMAP_QUERIES_DIR}, {});
    TagExtractor extractor(registry, std::chrono::seconds(5));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory == nullptr ? "." : directory)) {
      if (!entry.is_regular_file() || entry.file_size() > (4U << 20U)) {
        continue;
      }
      const std::string text = content_of(entry.path());
      const auto language = registry.load(registry.detector().detect(entry.path().string(), text));
      if (!language) {
        continue;
      }
      if (auto tags = extractor.extract(**language, text)) {
        add(tree, std::move(*tags));
      }
    }
    fmt::print("{} files, {} tags, {} bytes, {} compressed\n", tree.tags.size(), tree.tag_count, tree.bytes,
               tree.compressed_bytes);
    return tree;
  }();
  return kTree;
}

template <typename Decode>
void decode_all(benchmark::State& state, const std::vector<std::string>& values, const Decode& decode) {
  for (auto _ : state) {
    for (const std::string& value : values) {
      benchmark::DoNotOptimize(decode(value));
    }
  }
}

void encode_tags(benchmark::State& state) {
  tree();  // outside of the time
  for (auto _ : state) {
    for (const FileTags& tags : tree().tags) {
      benchmark::DoNotOptimize(encode(tags));
    }
  }
}
BENCHMARK(encode_tags)->Unit(benchmark::kMillisecond);

void compress_tags(benchmark::State& state) { decode_all(state, tree().encoded, compress); }
BENCHMARK(compress_tags)->Unit(benchmark::kMillisecond);

void decode_tags(benchmark::State& state) { decode_all(state, tree().encoded, decode_file_tags); }
BENCHMARK(decode_tags)->Unit(benchmark::kMillisecond);

void decode_outlines(benchmark::State& state) { decode_all(state, tree().encoded, decode_outline); }
BENCHMARK(decode_outlines)->Unit(benchmark::kMillisecond);

void decompress_tags(benchmark::State& state) {
  decode_all(state, tree().compressed, [](const std::string& bytes) { return decompress(bytes, kLimit); });
}
BENCHMARK(decompress_tags)->Unit(benchmark::kMillisecond);

void encode_symbols(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(encode(tree().symbols));
  }
}
BENCHMARK(encode_symbols)->Unit(benchmark::kMillisecond);

void decode_symbols(benchmark::State& state) {
  const std::string bytes = encode(tree().symbols);
  decode_all(state, {bytes}, decode_repo_symbols);
  state.counters["bytes"] = static_cast<double>(bytes.size());
  state.counters["names"] = static_cast<double>(tree().symbols.identifiers.size());
}
BENCHMARK(decode_symbols)->Unit(benchmark::kMillisecond);

void compress_symbols(benchmark::State& state) { decode_all(state, {encode(tree().symbols)}, compress); }
BENCHMARK(compress_symbols)->Unit(benchmark::kMillisecond);

void decompress_symbols(benchmark::State& state) {
  const std::string bytes = compress(encode(tree().symbols));
  decode_all(state, {bytes}, [](const std::string& value) { return decompress(value, kLimit); });
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(decompress_symbols)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace repomap

BENCHMARK_MAIN();
