// SPDX-License-Identifier: Apache-2.0
#include "service/repo_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/service/indexed_files.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Paths = std::vector<std::string>;

/// The files of the machine, with a list of what was read.
class WatchedFiles final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) const override {
    MutexLock lock(mutex_);
    reads_.insert(path);
    return files_->read_file(path, limit_bytes);
  }
  Result<FileStat> stat(const std::string& path) const override { return files_->stat(path); }
  Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) const override {
    return files_->list_directory(path);
  }
  std::set<std::string> take_reads() const {
    MutexLock lock(mutex_);
    return std::exchange(reads_, {});
  }

 private:
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
  mutable Mutex mutex_;
  mutable std::set<std::string> reads_ GUARDED_BY(mutex_);
};

/// A work tree on disk, scanned some hours after its files were written unless a test says otherwise.
class Scans : public testing::Test {
 protected:
  Scans() { clock_.set_wall(system_clock().now() + std::chrono::hours(5)); }

  RepoScan scan(FileSelection selection = {}, FileLimits limits = {}) {
    if (selection.root.empty()) {
      selection.root = tree_.root();
    }
    Indexer indexer(files_, built_in_registry(), pool_, limits);
    RepoScanner scanner(files_, built_in_registry(), indexer, caches_.for_scanner(), clock_);
    auto scan = scanner.scan(selection, {});
    EXPECT_TRUE(scan) << scan.error().message;
    return scan ? std::move(*scan) : RepoScan();
  }

  /// What the files read since the last call are called in the tree.
  Paths reads() const {
    Paths paths;
    for (const std::string& path : files_.take_reads()) {
      paths.push_back(path.substr(tree_.root().size() + 1));
    }
    return paths;
  }

  TemporaryTree tree_;
  WatchedFiles files_;
  TaskPool pool_{2};
  MemoryCaches caches_;
  FakeClock clock_;
};

TEST_F(Scans, HoldEveryListedFile) {
  tree_.write("b/used.c", "int used(void) { return 0; }\n");
  tree_.write("a.c", "int main(void) { return used(); }\n");
  tree_.write("notes.txt", "x\n");
  tree_.write("broken.c", std::string(1, '\0'));
  tree_.link("link.c", "a.c");
  const RepoScan found = scan();
  EXPECT_EQ(found.root, tree_.root());
  EXPECT_EQ(found.paths, (Paths{"a.c", "b/used.c", "broken.c", "notes.txt"}));
  EXPECT_EQ(found.versions[0].outcome, FileOutcome::kTagged);
  EXPECT_EQ(found.versions[0].language, "c");
  EXPECT_EQ(found.versions[0].tags, 2U);
  EXPECT_EQ(found.versions[2].outcome, FileOutcome::kRefused);
  EXPECT_EQ(found.versions[3].outcome, FileOutcome::kUnknownLanguage);
  EXPECT_EQ(found.report.listed, 4U);
  ASSERT_EQ(found.report.skipped.size(), 2U);
  EXPECT_EQ(found.report.skipped[0].path, "broken.c");
  EXPECT_EQ(found.report.skipped[1].path, "link.c");
  EXPECT_EQ(found.report.freshness.indexed, 2U);
  EXPECT_EQ(found.report.freshness.skipped, 2U);
}

TEST_F(Scans, ReadNothingWhereNothingChanged) {
  tree_.write("a.c", "int a;\n");
  tree_.write("script", "#!/bin/sh\nf() { :; }\n");
  tree_.write("broken.c", std::string(1, '\0'));
  const RepoScan first = scan();
  EXPECT_EQ(reads(), (Paths{"a.c", "broken.c", "script"}));
  const RepoScan second = scan();
  EXPECT_EQ(reads(), Paths{});
  EXPECT_EQ(second.versions, first.versions);
  EXPECT_EQ(second.symbols_state(), first.symbols_state());
  EXPECT_EQ(second.content_state(), first.content_state());
  EXPECT_EQ(second.report.index.parsed, 0U);
  EXPECT_EQ(second.report.index.reused, 2U);
  EXPECT_EQ(second.report.skipped.size(), first.report.skipped.size());
}

TEST_F(Scans, ReadOnlyWhatChanged) {
  tree_.write("a.c", "int a;\n");
  tree_.write("b.c", "int b;\n");
  tree_.write("gone.c", "int g;\n");
  scan();
  reads();
  tree_.write("b.c", "int b2;\n");
  tree_.write("new.c", "int n;\n");
  std::filesystem::remove(tree_.path("gone.c"));
  clock_.advance(std::chrono::hours(1));
  const RepoScan found = scan();
  EXPECT_EQ(reads(), (Paths{"b.c", "new.c"}));
  EXPECT_EQ(found.paths, (Paths{"a.c", "b.c", "new.c"}));
  scan();
  EXPECT_EQ(reads(), Paths{});
}

TEST_F(Scans, ReadWhatIsTooYoungToBeKnownByItsStat) {
  tree_.write("a.c", "int a;\n");
  clock_.set_wall(system_clock().now());
  const RepoScan first = scan();
  reads();
  const RepoScan second = scan();
  EXPECT_EQ(reads(), Paths{"a.c"}) << "it was changed in the tick in which it was read";
  EXPECT_EQ(second.versions, first.versions);
  clock_.advance(std::chrono::hours(1));
  scan();
  EXPECT_EQ(reads(), Paths{"a.c"});
  scan();
  EXPECT_EQ(reads(), Paths{}) << "now the stat is proof";
}

TEST_F(Scans, SeeAChangeOfTheSameSizeWithTheOldModificationTime) {
  tree_.write("a.c", "int a;\n");
  const auto time = std::filesystem::last_write_time(tree_.path("a.c"));
  const RepoScan first = scan();
  tree_.write("a.c", "int b;\n");
  std::filesystem::last_write_time(tree_.path("a.c"), time);
  clock_.advance(std::chrono::hours(1));
  const RepoScan second = scan();
  EXPECT_NE(second.versions[0].content, first.versions[0].content);
}

TEST_F(Scans, ParseNothingWhenAnOldContentIsBack) {
  tree_.write("a.c", "int a;\n");
  scan();
  tree_.write("a.c", "int other;\n");
  EXPECT_EQ(scan().report.index.parsed, 1U);
  tree_.write("a.c", "int a;\n");
  const RepoScan back = scan();
  EXPECT_EQ(back.report.index.parsed, 0U);
  EXPECT_EQ(back.report.index.reused, 1U);
}

TEST_F(Scans, ASecondWorkTreeParsesNothing) {
  tree_.write("a.c", "int a;\n");
  tree_.write("copy/a.c", "int a;\n");
  scan();
  const RepoScan copy = scan({.root = tree_.path("copy"), .subtrees = {}});
  EXPECT_EQ(copy.paths, Paths{"a.c"});
  EXPECT_EQ(copy.report.index.parsed, 0U);
  EXPECT_EQ(copy.report.index.reused, 1U);
}

TEST_F(Scans, OfAPartLeaveTheRestOfTheManifest) {
  tree_.write("a/a.c", "int a;\n");
  tree_.write("b/b.c", "int b;\n");
  tree_.write("b/c.c", "int c;\n");
  scan();
  reads();
  tree_.write("b/b.c", "int b2;\n");
  clock_.advance(std::chrono::hours(1));
  const RepoScan part = scan({.root = tree_.root(), .subtrees = {"b"}});
  EXPECT_EQ(part.paths, (Paths{"b/b.c", "b/c.c"}));
  EXPECT_EQ(reads(), Paths{"b/b.c"});
  const RepoScan one = scan({.root = tree_.root(), .subtrees = {}, .paths = {"b/c.c"}});
  EXPECT_EQ(one.paths, Paths{"b/c.c"});
  EXPECT_EQ(scan().paths.size(), 3U);
  EXPECT_EQ(reads(), Paths{});
}

TEST_F(Scans, TryUnreadableFilesAgain) {
  tree_.write("a.c", "int a;\n");
  std::filesystem::permissions(tree_.path("a.c"), std::filesystem::perms::none);
  const bool is_root = files_.read_file(tree_.path("a.c"), 100).has_value();
  if (is_root) {
    GTEST_SKIP() << "the superuser reads everything";
  }
  EXPECT_EQ(scan().report.skipped.size(), 1U);
  std::filesystem::permissions(tree_.path("a.c"), std::filesystem::perms::owner_read);
  EXPECT_EQ(scan().report.skipped.size(), 0U);
}

TEST_F(Scans, OtherLimitsAreOtherAnswers) {
  tree_.write("a.c", "int a_rather_long_name;\n");
  FileLimits small;
  small.size_bytes = 5;
  EXPECT_EQ(scan().report.skipped.size(), 0U);
  EXPECT_EQ(scan({}, small).report.skipped.size(), 1U);
  EXPECT_EQ(scan().report.skipped.size(), 0U);
}

TEST_F(Scans, AnEditThatMovesSymbolsLeavesTheSymbolsState) {
  tree_.write("a.c", "int f(void) { return g(); }\n");
  const RepoScan first = scan();
  tree_.write("a.c", "\n/* moved */\nint f(void) { return g(); }\n");
  const RepoScan second = scan();
  EXPECT_EQ(second.symbols_state(), first.symbols_state());
  EXPECT_NE(second.content_state(), first.content_state());
  tree_.write("a.c", "int f(void) { return g() + g(); }\n");
  EXPECT_NE(scan().symbols_state(), first.symbols_state());
}

TEST_F(Scans, SayThatTheRootOrAPathIsMissing) {
  Indexer indexer(files_, built_in_registry(), pool_, {});
  RepoScanner scanner(files_, built_in_registry(), indexer, caches_.for_scanner(), clock_);
  EXPECT_EQ(scanner.scan({.root = tree_.path("missing"), .subtrees = {}}, {}).error().code, ErrorCode::kNotFound);
  tree_.write("a.c", "int a;\n");
  const auto missing = scanner.scan({.root = tree_.root(), .subtrees = {}, .paths = {"b.c"}}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("b.c"), std::string::npos);
}

}  // namespace
}  // namespace repomap
