// SPDX-License-Identifier: Apache-2.0
#include "service/symbols_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "service/file_signatures.hpp"
#include "tests/service/indexed_files.hpp"

namespace repomap {
namespace {

using Files = std::map<std::string, std::string>;

std::string random_text(std::mt19937& random) {
  std::string text = fmt::format("int f{}(void) {{\n", random() % 500);
  for (auto call = random() % 6; call > 0; --call) {
    text += fmt::format("  f{}();\n", random() % 500);
  }
  return text + "}\n";
}

/// Names instead of ids: what two tables under different sets of names have in common.
std::string in_words(const RepoSymbols& symbols) {
  std::string words;
  for (std::size_t i = 0; i < symbols.paths.size(); ++i) {
    words += symbols.paths[i] + ":";
    for (const StringPool::Id id : symbols.files[i].definitions) {
      words += fmt::format(" {}", symbols.identifiers.at(id));
    }
    words += " |";
    for (const ReferenceCount& reference : symbols.files[i].references) {
      words += fmt::format(" {}*{}", symbols.identifiers.at(reference.identifier), reference.count);
    }
    words += "\n";
  }
  return words;
}

/// States of one repository, one after the other, in the same caches.
class Symbols : public testing::Test {
 protected:
  std::pair<RepoSymbols, SymbolsOrigin> build(const Files& contents, MemoryCaches& caches) {
    const IndexedFiles files(contents);
    const RepoScan scan = files.scan(0, {}, built_in_registry(), caches);
    TagLoader loader(files.files(), built_in_registry(), pool_, {}, caches.tags);
    SymbolsCollector nothing;
    return SymbolsBuilder(caches.graphs, caches.bases, loader).build(scan, "line", nothing);
  }

  std::string fresh(const Files& contents) {
    MemoryCaches empty;
    return in_words(build(contents, empty).first);
  }

  static Files many_files(std::mt19937& random) {
    Files files;
    for (int i = 0; i < 100; ++i) {
      files[fmt::format("d{}/f{:03}.c", i % 7, i)] = random_text(random);
    }
    files["notes.txt"] = "no language";
    return files;
  }

  TaskPool pool_{2};
  MemoryCaches caches_;
};

TEST_F(Symbols, OfAStateSeenBeforeAreTakenAsTheyAre) {
  std::mt19937 random(1);  // NOLINT: the same files on every run
  const Files files = many_files(random);
  const auto first = build(files, caches_);
  EXPECT_EQ(first.second.renewed, 100U);
  const auto second = build(files, caches_);
  EXPECT_EQ(second.second.renewed, 0U);
  EXPECT_EQ(in_words(second.first), in_words(first.first));
}

TEST_F(Symbols, AreRenewedForChangedFilesOnly) {
  std::mt19937 random(2);  // NOLINT: the same files on every run
  Files files = many_files(random);
  build(files, caches_);
  files["d1/f001.c"] = "int brand_new(void) { return f1(); }\n";
  files["d9/added.c"] = "int added(void) { return brand_new(); }\n";
  files.erase("d2/f002.c");
  files["d3/f003.c"] = "\n\n" + files["d3/f003.c"];
  const auto [symbols, origin] = build(files, caches_);
  EXPECT_EQ(origin.renewed, 2U) << "moved lines are no change of the symbols";
  EXPECT_TRUE(origin.is_exact);
  EXPECT_EQ(in_words(symbols), fresh(files));
}

TEST_F(Symbols, AreTheSameWhicheverWayTheyCameAbout) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  Files files = many_files(random);
  for (int round = 0; round < 60; ++round) {
    for (auto changes = random() % 50; changes > 0; --changes) {
      const std::string path = fmt::format("d{}/f{:03}.c", random() % 7, random() % 120);
      if (random() % 4 == 0) {
        files.erase(path);
      } else {
        files[path] = random_text(random);
      }
    }
    ASSERT_EQ(in_words(build(files, caches_).first), fresh(files)) << "seed " << seed << " round " << round;
  }
}

TEST_F(Symbols, AreBuiltFromTagsIfTheBaseIsGoneOrDoesNotFit) {
  std::mt19937 random(3);  // NOLINT: the same files on every run
  Files files = many_files(random);
  build(files, caches_);
  ASSERT_TRUE(caches_.graph_memory.clear());
  files["d1/f001.c"] = "int one;\n";
  const auto rebuilt = build(files, caches_);
  EXPECT_EQ(rebuilt.second.renewed, 100U);
  EXPECT_EQ(in_words(rebuilt.first), fresh(files));

  SymbolsBase wrong = *caches_.bases.get("line");
  wrong.symbols.pop_back();
  caches_.bases.set("line", wrong);
  files["d1/f001.c"] = "int two;\n";
  EXPECT_EQ(in_words(build(files, caches_).first), fresh(files));
}

TEST_F(Symbols, AreExtractedAnewIfTheTagsAreGoneToo) {
  std::mt19937 random(4);  // NOLINT: the same files on every run
  const Files files = many_files(random);
  const IndexedFiles repository(files);
  const RepoScan scan = repository.scan(0, {}, built_in_registry(), caches_);
  ASSERT_TRUE(caches_.tag_memory.clear());
  TagLoader loader(repository.files(), built_in_registry(), pool_, {}, caches_.tags);
  SymbolsCollector nothing;
  const auto built = SymbolsBuilder(caches_.graphs, caches_.bases, loader).build(scan, "line", nothing);
  EXPECT_EQ(in_words(built.first), fresh(files));
  EXPECT_TRUE(built.second.is_exact);
}

TEST_F(Symbols, OfAFileChangedSinceTheScanAreNotKept) {
  std::mt19937 random(5);  // NOLINT: the same files on every run
  const Files files = many_files(random);
  IndexedFiles repository(files);
  const RepoScan scan = repository.scan(0, {}, built_in_registry(), caches_);
  ASSERT_TRUE(caches_.tag_memory.clear());
  repository.put("d1/f001.c", "int changed_since;\n");
  TagLoader loader(repository.files(), built_in_registry(), pool_, {}, caches_.tags);
  SymbolsCollector nothing;
  SymbolsBuilder builder(caches_.graphs, caches_.bases, loader);
  EXPECT_FALSE(builder.build(scan, "line", nothing).second.is_exact);
  EXPECT_FALSE(caches_.bases.get("line"));
  EXPECT_FALSE(caches_.graphs.get(scan.symbols_state()));
}

TEST_F(Symbols, ThatFollowOthersKeepTheIdsOfTheirNamesAlsoAfterThereWasNoFile) {
  std::mt19937 random(6);  // NOLINT: the same files on every run
  const IndexedFiles repository(many_files(random));
  const RepoScan scan = repository.scan(0, {}, built_in_registry(), caches_);
  TagLoader loader(repository.files(), built_in_registry(), pool_, {}, caches_.tags);
  SymbolsBuilder builder(caches_.graphs, caches_.bases, loader);
  FormerSymbols former;
  const auto gone = former.symbols.identifiers.add("gone_with_its_file");
  const Signature signature = tags_signature(scan.versions[0].content, scan.fingerprints.at(scan.versions[0].language));
  SymbolsCollector parsed;
  parsed.add(0, caches_.tags.get(signature)->tags);
  const RepoSymbols symbols = builder.patch(scan, std::move(former), parsed.take()).first;
  ASSERT_GT(symbols.identifiers.size(), gone);
  EXPECT_EQ(symbols.identifiers.at(gone), "gone_with_its_file");
}

TEST_F(Symbols, OfWhichNobodyKnowsWhoseTheyAreAreNotTakenOver) {
  std::mt19937 random(7);  // NOLINT: the same files on every run
  const Files files = many_files(random);
  IndexedFiles repository(files);
  RepoScan scan = repository.scan(0, {}, built_in_registry(), caches_);
  ASSERT_TRUE(caches_.tag_memory.clear());
  repository.put("d1/f001.c", "int changed_since;\n");
  TagLoader loader(repository.files(), built_in_registry(), pool_, {}, caches_.tags);
  SymbolsBuilder builder(caches_.graphs, caches_.bases, loader);
  const auto [wrong, origin] = builder.patch(scan, {}, {});
  ASSERT_EQ(origin.changed.size(), 1U);
  const std::size_t file = origin.changed.front();
  EXPECT_EQ(scan.paths[file], "d1/f001.c");

  repository.put("d1/f001.c", files.at("d1/f001.c"));
  FormerSymbols former{wrong, {}};
  scan.versions[file].symbols = kUnknownSymbols;
  std::ranges::transform(scan.versions, std::back_inserter(former.digests), &FileVersion::symbols);
  const auto right = builder.patch(scan, std::move(former), {});
  EXPECT_TRUE(right.second.is_exact);
  EXPECT_EQ(in_words(right.first), fresh(files));
}

}  // namespace
}  // namespace repomap
