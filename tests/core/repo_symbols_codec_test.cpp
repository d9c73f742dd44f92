// SPDX-License-Identifier: Apache-2.0
#include "core/model/repo_symbols_codec.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace repomap {
namespace {

RepoSymbols random_symbols(std::mt19937& random) {
  RepoSymbols symbols;
  for (std::size_t i = random() % 20; i > 0; --i) {
    symbols.identifiers.add(fmt::format("name{}", random() % 1000));
  }
  const std::size_t files = random() % 10;
  for (std::size_t file = 0; file < files; ++file) {
    symbols.paths.push_back(fmt::format("d/{:02}.c", file));
    FileSymbols row;
    for (StringPool::Id id = 1; id < symbols.identifiers.size(); ++id) {
      if (random() % 3 == 0) {
        row.definitions.push_back(id);
      }
      if (random() % 2 == 0) {
        row.references.push_back({id, static_cast<std::uint32_t>(random() % 9 + 1)});
      }
    }
    std::ranges::shuffle(row.references, random);
    symbols.files.push_back(row);
  }
  return symbols;
}

RepoSymbols example() {
  RepoSymbols symbols;
  symbols.paths = {"a.c", "b.c"};
  symbols.identifiers.add("one");
  symbols.identifiers.add("two");
  symbols.files.push_back(FileSymbols{{1}, {{2, 5}}});
  symbols.files.push_back(FileSymbols{{2}, {{1, 1}, {2, 2}}});
  return symbols;
}

std::string text_of(const RepoSymbols& symbols) {
  std::string text;
  for (std::size_t file = 0; file < symbols.paths.size(); ++file) {
    text += symbols.paths[file] + ':';
    for (const StringPool::Id id : symbols.files[file].definitions) {
      text += fmt::format(" {}={}", id, symbols.identifiers.at(id));
    }
    for (const ReferenceCount& reference : symbols.files[file].references) {
      text +=
          fmt::format(" {}={}*{}", reference.identifier, symbols.identifiers.at(reference.identifier), reference.count);
    }
    text += '\n';
  }
  return text;
}

/// REQUIRES, checked: a value that decodes keeps the promises of RepoSymbols.
void expect_sound(const RepoSymbols& symbols) {
  ASSERT_EQ(symbols.files.size(), symbols.paths.size());
  EXPECT_TRUE(std::ranges::is_sorted(symbols.paths, std::ranges::less_equal{})) << "paths are not distinct and rising";
  for (const FileSymbolsView row : symbols.files.rows()) {
    for (const StringPool::Id id : row.definitions) {
      EXPECT_TRUE(id > 0 && id < symbols.identifiers.size());
    }
    for (const ReferenceCount& reference : row.references) {
      EXPECT_TRUE(reference.identifier > 0 && reference.identifier < symbols.identifiers.size());
      EXPECT_GT(reference.count, 0U);
    }
  }
  EXPECT_EQ(text_of(symbols).size(), text_of(*decode_repo_symbols(encode(symbols))).size());
}

TEST(RepoSymbolsCodec, GivesBackRandomSymbolsWithTheirIds) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const RepoSymbols symbols = random_symbols(random);
    const auto decoded = decode_repo_symbols(encode(symbols));
    ASSERT_TRUE(decoded) << decoded.error().message << ", seed " << seed;
    ASSERT_EQ(text_of(*decoded), text_of(symbols)) << "seed " << seed;
    ASSERT_EQ(decoded->identifiers.size(), symbols.identifiers.size()) << "seed " << seed;
  }
}

TEST(RepoSymbolsCodec, TakesARepositoryWithoutFiles) {
  const auto decoded = decode_repo_symbols(encode(RepoSymbols()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->files.size(), 0U);
  EXPECT_EQ(decoded->identifiers.size(), 1U);
}

TEST(RepoSymbolsCodec, RefusesAnotherVersion) {
  std::string bytes = encode(example());
  bytes[0] = static_cast<char>(bytes[0] + 1);
  EXPECT_EQ(decode_repo_symbols(bytes).error().code, ErrorCode::kUnsupported);
}

TEST(RepoSymbolsCodec, RefusesBytesCutOffAnywhereAndBytesToSpare) {
  const std::string bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = decode_repo_symbols(bytes.substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_FALSE(decode_repo_symbols(bytes + '\0'));
}

TEST(RepoSymbolsCodec, SurvivesEveryChangeOfAByte) {
  const std::string bytes = encode(example());
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    for (unsigned value = 0; value < 256; ++value) {
      std::string changed = bytes;
      changed[position] = static_cast<char>(value);
      if (const auto decoded = decode_repo_symbols(changed)) {
        expect_sound(*decoded);
      }
    }
  }
}

TEST(RepoSymbolsCodec, RefusesWhatRankingCouldNotRead) {
  RepoSymbols unsorted = example();
  std::swap(unsorted.paths[0], unsorted.paths[1]);
  EXPECT_FALSE(decode_repo_symbols(encode(unsorted))) << "falling paths";
  RepoSymbols repeated = example();
  repeated.paths[1] = repeated.paths[0];
  EXPECT_FALSE(decode_repo_symbols(encode(repeated))) << "a path twice";
  RepoSymbols unknown = example();
  unknown.files.push_back(FileSymbols{{3}, {}});
  unknown.paths.emplace_back("c.c");
  EXPECT_FALSE(decode_repo_symbols(encode(unknown))) << "an identifier beyond the last";
  RepoSymbols unnamed = example();
  unnamed.files.push_back(FileSymbols{{}, {{0, 1}}});
  unnamed.paths.emplace_back("c.c");
  EXPECT_FALSE(decode_repo_symbols(encode(unnamed))) << "the identifier without a name";
  RepoSymbols uncounted = example();
  uncounted.files.push_back(FileSymbols{{}, {{1, 0}}});
  uncounted.paths.emplace_back("c.c");
  EXPECT_FALSE(decode_repo_symbols(encode(uncounted))) << "no reference counted as one";
}

TEST(SymbolTable, RefusesRowsThatDoNotFit) {
  using Arrays = SymbolTable::Arrays;
  EXPECT_TRUE(SymbolTable::restore({{1, 1}, {0, 1}, {1}, {{1, 1}}}, 2));
  EXPECT_FALSE(SymbolTable::restore(Arrays{{1}, {0, 1}, {1}, {{1, 1}}}, 2)) << "rows of one list only";
  EXPECT_FALSE(SymbolTable::restore(Arrays{{1, 0}, {0, 1}, {1}, {{1, 1}}}, 2)) << "a row that ends before it starts";
  EXPECT_FALSE(SymbolTable::restore(Arrays{{1, 2}, {0, 1}, {1}, {{1, 1}}}, 2)) << "a row beyond the end";
  EXPECT_FALSE(SymbolTable::restore(Arrays{{0, 0}, {0, 1}, {1}, {{1, 1}}}, 2)) << "a definition of no row";
  EXPECT_FALSE(SymbolTable::restore(Arrays{{}, {}, {1}, {}}, 2)) << "a definition without rows";
}

TEST(StringPool, IsRestoredFromItsBytesAndEnds) {
  StringPool pool;
  pool.add("a");
  pool.add("bc");
  auto restored = StringPool::restore(std::string(pool.bytes()), {pool.ends().begin(), pool.ends().end()});
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->at(2), "bc");
  EXPECT_EQ(restored->add("a"), 1U);
  EXPECT_EQ(restored->add("d"), 3U);
  EXPECT_FALSE(StringPool::restore("abc", {1, 1, 3})) << "an empty string";
  EXPECT_FALSE(StringPool::restore("abc", {2, 1, 3})) << "falling ends";
  EXPECT_FALSE(StringPool::restore("abc", {1, 4})) << "an end beyond the bytes";
  EXPECT_FALSE(StringPool::restore("abc", {1, 2})) << "bytes of no string";
  EXPECT_FALSE(StringPool::restore("abc", {})) << "bytes without strings";
}

}  // namespace
}  // namespace repomap
