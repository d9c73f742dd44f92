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
  MemoryCaches caches;
  return files.scan(jobs, limits, built_in_registry(), caches).report.index;
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
  MemoryCaches caches;
  const IndexReport report = repository.scan(2, {}, no_grammars, caches).report.index;
  EXPECT_EQ(reasons(report), (Reasons{{"a.c", SkipReason::kLanguageOff}, {"b.c", SkipReason::kLanguageOff}}));
  EXPECT_EQ(report.skipped[0].detail, report.skipped[1].detail) << "so that they can be shown as one";
  EXPECT_EQ(index(repository, 2).parsed, 2U) << "nothing of it was kept";
}

TEST(Indexer, ReadsEachFileOnceAndParsesEachContentOnce) {
  std::map<std::string, std::string> contents;
  for (int i = 0; i < 200; ++i) {
    contents.emplace(fmt::format("f{}.c", i), fmt::format("int f{}(void) {{ return 0; }}\n", i));
  }
  IndexedFiles repository(contents);
  MemoryCaches caches;
  EXPECT_EQ(repository.scan(8, {}, built_in_registry(), caches).report.index.parsed, contents.size());
  const auto reads = repository.files().reads();
  EXPECT_EQ(reads.size(), contents.size());
  EXPECT_EQ(std::set<std::string>(reads.begin(), reads.end()).size(), contents.size());

  repository.put("f7.c", "int changed(void) { return 7; }\n");
  const IndexReport again = repository.scan(8, {}, built_in_registry(), caches).report.index;
  EXPECT_EQ(again.parsed, 1U);
  EXPECT_EQ(again.reused, contents.size() - 1);
}

TEST(Indexer, EqualContentsAreOneInOneLanguage) {
  IndexedFiles repository({{"a.c", "int same;\n"}, {"b.c", "int same;\n"}, {"c.cpp", "int same;\n"}});
  MemoryCaches caches;
  repository.scan(0, {}, built_in_registry(), caches);
  IndexedFiles moved({{"d.c", "int same;\n"}, {"e.cpp", "int same;\n"}, {"f.cs", "int same;\n"}});
  const IndexReport report = moved.scan(0, {}, built_in_registry(), caches).report.index;
  EXPECT_EQ(report.parsed, 1U) << "only the one in another language";
  EXPECT_EQ(report.reused, 2U);
}

TEST(Indexer, WhatWasTooSlowIsTriedAgainInANewRun) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "int f(void) { return g(1); }\n";
  }
  IndexedFiles repository({{"slow.c", text}});
  MemoryCaches caches;
  FileLimits hurried;
  hurried.time = std::chrono::milliseconds(1);
  EXPECT_EQ(repository.scan(0, hurried, built_in_registry(), caches).report.index.skipped.size(), 1U);
  FileLimits patient;
  patient.time = std::chrono::minutes(5);
  EXPECT_EQ(repository.scan(0, patient, built_in_registry(), caches).report.index.parsed, 1U);
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
  MemoryCaches caches;
  const auto real_files = make_posix_file_system();
  LanguageFingerprints fingerprints(built_in_registry(), *real_files, {}, system_clock().now());
  std::vector<std::size_t> told;
  const std::string root = "/repo";
  const auto files = repository.list();
  indexer.run(
      {root, files, fingerprints, caches.scans, caches.tags}, [](std::size_t, const FileVersion&, const FileTags*) {},
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
