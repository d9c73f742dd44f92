// SPDX-License-Identifier: Apache-2.0
//
// A write that leaves size and times as they were cannot be had from every kernel. So these tests see that what was
// examined too early is told again.
#include "watcher/racy_time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/fake_file_watcher.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/support/watched_tree.hpp"
#include "watcher/polled_directories.hpp"

namespace repomap {
namespace {

using Paths = std::vector<std::string>;

constexpr std::int64_t kMillisecondNs = 1'000'000;
constexpr std::int64_t kChangeNs = 1'720'000'000'123'456'789;

FileStat changed_at(std::int64_t ctime_ns) {
  FileStat stat;
  stat.ctime_ns = ctime_ns;
  return stat;
}

TEST(RacyTime, IsWithinATickAfterTheLastChange) {
  EXPECT_TRUE(is_racy(changed_at(kChangeNs), kChangeNs));
  EXPECT_TRUE(is_racy(changed_at(kChangeNs), kChangeNs + 10 * kMillisecondNs));
  EXPECT_FALSE(is_racy(changed_at(kChangeNs), kChangeNs + 11 * kMillisecondNs));
}

TEST(RacyTime, IsLongerWhereTheFileSystemKeepsWholeSeconds) {
  const std::int64_t whole_ns = 1'720'000'000'000'000'000;
  EXPECT_TRUE(is_racy(changed_at(whole_ns), whole_ns + 2000 * kMillisecondNs));
  EXPECT_FALSE(is_racy(changed_at(whole_ns), whole_ns + 2001 * kMillisecondNs));
}

TEST(RacyTime, HoldsForChangesThatSeemToComeLater) {
  EXPECT_TRUE(is_racy(changed_at(kChangeNs), kChangeNs - 5000 * kMillisecondNs));
}

// A machine under load may take longer than a tick from the write to the look: then it is tried again.
constexpr int kTries = 1000;

TEST(RacyTime, AComparisonTellsAgainWhatItExaminedWithinTheTick) {
  const TemporaryTree tree;
  bool is_told = false;
  for (int i = 0; i < kTries && !is_told; ++i) {
    tree.write("a.c", fmt::format("{}\n", i));
    PolledDirectories polled(tree.root());
    polled.watch("", *OpenDirectory::open(tree.root()));
    PathCover changed(PathCover::kUnlimited);
    Paths gone;
    polled.compare(changed, gone);
    is_told = changed.covers("a.c");
  }
  EXPECT_TRUE(is_told);
}

TEST(RacyTime, AComparisonEndsToTellWhatStaysAsItIs) {
  const TemporaryTree tree;
  tree.write("a.c");
  PolledDirectories polled(tree.root());
  polled.watch("", *OpenDirectory::open(tree.root()));
  PathCover changed(PathCover::kUnlimited);
  Paths gone;
  do {
    changed.take();
    polled.compare(changed, gone);
  } while (!changed.empty());
}

TEST(RacyTime, AListSaysToReadAgainWhatItExaminedWithinTheTick) {
  const TemporaryTree tree;
  bool is_changed = false;
  for (int i = 0; i < kTries && !is_changed; ++i) {
    tree.write("a.c", fmt::format("{}\n", i));
    FakeFileWatcher watcher;
    WatchedTree watched(tree.root(), {}, watcher);
    ASSERT_EQ(watched.relist()->changed, Paths{"a.c"});
    is_changed = !watched.relist()->changed.empty();
  }
  EXPECT_TRUE(is_changed);
}

TEST(WatchedTree, WatchesTheDirectoriesItLists) {
  const TemporaryTree tree;
  tree.write(".gitignore", "out/\n");
  tree.write("src/deep/a.c");
  tree.write("out/b.o");
  FakeFileWatcher watcher;
  WatchedTree watched(tree.root(), {}, watcher);
  ASSERT_TRUE(watched.apply({}));
  EXPECT_EQ(watcher.watched(), (Paths{"", "src", "src/deep"}));
}

TEST(WatchedTree, ListsEverythingAfterALossAndAfterAFailure) {
  const TemporaryTree tree;
  tree.write("a.c");
  FakeFileWatcher watcher;
  WatchedTree watched(tree.root(), {}, watcher);
  ASSERT_TRUE(watched.relist());
  tree.write("b.c");
  watcher.desync("lost");
  EXPECT_EQ(watched.apply(watcher.drain())->changed.back(), "b.c");
  const ChangeBatch impossible{{"../c.c"}, ""};
  EXPECT_FALSE(watched.apply(impossible));
  tree.write("d.c");
  EXPECT_EQ(watched.apply({})->changed.back(), "d.c");
}

TEST(WatchedTree, SaysWhichFilesAreGoneAndWhichAreNew) {
  const TemporaryTree tree;
  for (const char* path : {"a", "a-b/x", "a.c", "b/x", "b/y"}) {
    tree.write(path);
  }
  FakeFileWatcher watcher;
  WatchedTree watched(tree.root(), {}, watcher);
  ASSERT_TRUE(watched.relist());
  run_program({"rm", "-r", tree.path("a"), tree.path("b")});
  tree.write("a/new");
  tree.write("b");
  watcher.tell({"a", "b"});
  const auto change = watched.apply(watcher.drain());
  ASSERT_TRUE(change);
  EXPECT_EQ(change->removed, (Paths{"a", "b/x", "b/y"}));
  EXPECT_EQ(change->changed, (Paths{"a/new", "b"}));
  EXPECT_EQ(watched.list().files.size(), 4U);
}

}  // namespace
}  // namespace repomap
