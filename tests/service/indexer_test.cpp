// SPDX-License-Identifier: Apache-2.0
#include "service/indexer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/service/indexed_files.hpp"

namespace repomap {
namespace {

using Reasons = std::map<std::string, SkipReason>;

Reasons reasons(const IndexReport& report) {
  Reasons found;
  for (const SkippedFile& file : report.skipped) {
    EXPECT_FALSE(file.detail.empty()) << file.path;
    found.emplace(file.path, file.reason);
  }
  return found;
}

IndexReport index(const IndexedFiles& files, std::size_t jobs, FileLimits limits = {}) {
  return files.state(jobs, limits).report.index;
}

TEST(Indexer, GoesOnPastEveryKindOfFileThatItCannotTake) {
  IndexedFiles repository({{"a.c", "int f(void) { return g(); }\n"},
                           {"binary.c", std::string("int x;\0", 7)},
                           {"forbidden.c", ""},
                           {"gone.c", ""},
                           {"large.c", std::string(3000, ' ')},
                           {"minified.js", std::string(2000, 'x') + std::string(40'000, ';')},
                           {"pipe.c", ""},
                           {"torn.c", ""},
                           {"unknown.xyz", "?"},
                           {"z.py", "def h(): pass\n"}});
  repository.files().fail_with("/repo/forbidden.c", {ErrorCode::kPermissionDenied, "no right"});
  repository.files().fail_with("/repo/torn.c", {ErrorCode::kIo, "the disk is broken"});
  repository.files().fail_with("/repo/pipe.c", {ErrorCode::kUnsupported, "not a regular file"});
  repository.files().remove("/repo/gone.c");
  const Reasons expected{{"binary.c", SkipReason::kBinary},   {"forbidden.c", SkipReason::kUnreadable},
                         {"gone.c", SkipReason::kVanished},   {"minified.js", SkipReason::kMinified},
                         {"pipe.c", SkipReason::kNotRegular}, {"torn.c", SkipReason::kUnreadable}};
  for (const std::size_t jobs : {0U, 1U, 2U, 8U}) {
    const IndexReport report = index(repository, jobs);
    EXPECT_EQ(reasons(report), expected) << jobs;
    EXPECT_TRUE(std::ranges::is_sorted(report.skipped, {}, &SkippedFile::path));
    EXPECT_EQ(report.parsed, 3U);
    EXPECT_EQ(report.unknown, 1U);
    EXPECT_EQ(report.tags, 3U);
    EXPECT_EQ(report.bytes, 28U + 3000U + 14U);
  }
  FileLimits limits;
  limits.size_bytes = 2999;
  EXPECT_EQ(reasons(index(repository, 2, limits)).at("large.c"), SkipReason::kTooLarge);
}

TEST(Indexer, GivesUpAFileThatTakesTooLong) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "int f(void) { return g(1); }\n";
  }
  FileLimits limits;
  limits.time = std::chrono::milliseconds(1);
  EXPECT_EQ(reasons(index(IndexedFiles({{"slow.c", text}}), 1, limits)).at("slow.c"), SkipReason::kTooSlow);
}

TEST(Indexer, ALineOfManyMegabytesIsRefusedUnparsed) {
  const std::string line(std::size_t{100} << 20U, 'x');
  IndexedFiles repository({{"line.js", line}, {"small.js", "f();\n"}});
  EXPECT_EQ(reasons(index(repository, 2)), (Reasons{{"line.js", SkipReason::kTooLarge}}));
  FileLimits limits;
  limits.size_bytes = std::uint64_t{1} << 30U;
  EXPECT_EQ(reasons(index(repository, 2, limits)), (Reasons{{"line.js", SkipReason::kMinified}}));
}

TEST(Indexer, ReportsTheFilesOfALanguageThatIsOff) {
  const LanguageRegistry no_grammars({"/no/such/directory", "/no/such/directory"}, {});
  const IndexedFiles repository({{"a.c", "int x;\n"}, {"b.c", "int y;\n"}});
  TaskPool pool(2);
  Indexer indexer(repository.files(), no_grammars, pool, {});
  const auto report = indexer.run("/repo", repository.list(), [](std::size_t, FileTags) { FAIL(); }, nullptr);
  EXPECT_EQ(reasons(report), (Reasons{{"a.c", SkipReason::kLanguageOff}, {"b.c", SkipReason::kLanguageOff}}));
  EXPECT_EQ(report.skipped[0].detail, report.skipped[1].detail) << "so that they can be shown as one";
}

TEST(Indexer, ReadsEachFileOnceAndParsesEachOnce) {
  std::map<std::string, std::string> contents;
  for (int i = 0; i < 200; ++i) {
    contents.emplace(fmt::format("f{}.c", i), fmt::format("int f{}(void) {{ return 0; }}\n", i));
  }
  IndexedFiles repository(contents);
  TaskPool pool(8);
  Indexer indexer(repository.files(), built_in_registry(), pool, {});
  std::vector<std::atomic<int>> taken(contents.size());
  const auto report =
      indexer.run("/repo", repository.list(), [&](std::size_t file, const FileTags&) { ++taken[file]; }, nullptr);
  EXPECT_EQ(report.parsed, contents.size());
  EXPECT_TRUE(std::ranges::all_of(taken, [](const std::atomic<int>& times) { return times == 1; }));
  const auto reads = repository.files().reads();
  EXPECT_EQ(reads.size(), contents.size());
  EXPECT_EQ(std::set<std::string>(reads.begin(), reads.end()).size(), contents.size());
}

TEST(Indexer, ReadsNothingThatItCannotKnow) {
  IndexedFiles repository({{"a.png", "x"}, {"b.tar.gz", "x"}, {"LICENSE", "Permission"}});
  EXPECT_EQ(index(repository, 0).unknown, 3U);
  EXPECT_EQ(repository.files().reads(), (std::vector<std::string>{"/repo/LICENSE"}))
      << "only a first line can tell what a file without extension is";
}

TEST(Indexer, StartsWithTheLargestFile) {
  IndexedFiles repository({{"a.c", "int a;\n"},
                           {"b.c", "int b; /* longest of them */\n"},
                           {"c.c", "int c; // long\n"},
                           {"d.c", "int d;\n"}});
  index(repository, 0);
  EXPECT_EQ(repository.files().reads(), (std::vector<std::string>{"/repo/b.c", "/repo/c.c", "/repo/a.c", "/repo/d.c"}));
}

TEST(Indexer, TellsHowManyFilesAreDone) {
  IndexedFiles repository({{"a.c", "int a;\n"}, {"b.png", ""}, {"c.c", std::string(1, '\0')}});
  TaskPool pool(0);
  Indexer indexer(repository.files(), built_in_registry(), pool, {});
  std::vector<std::size_t> told;
  indexer.run(
      "/repo", repository.list(), [](std::size_t, const FileTags&) {},
      [&](std::size_t done, std::size_t total) {
        EXPECT_EQ(total, 3U);
        told.push_back(done);
      });
  EXPECT_EQ(told, (std::vector<std::size_t>{1, 2, 3}));
}

TEST(Indexer, DoesNothingForAnEmptyList) {
  const IndexReport report = index(IndexedFiles({}), 2);
  EXPECT_EQ(report.parsed, 0U);
  EXPECT_TRUE(report.skipped.empty());
}

}  // namespace
}  // namespace repomap
