// SPDX-License-Identifier: Apache-2.0
#include "tests/watcher/watcher_contract.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/file_system.hpp"
#include "watcher/open_directory.hpp"
#include "watcher/path_cover.hpp"

namespace repomap {
namespace {

TEST_P(WatcherContract, TellsOfAFileThatIsMade) {
  tree().write("src/a.c");
  start();
  tree().write("src/b.c");
  expect_told("src/b.c");
}

TEST_P(WatcherContract, TellsOfAWriteThatChangesNeitherSizeNorName) {
  tree().write("src/a.c", "old\n");
  start();
  tree().write("src/a.c", "new\n");
  expect_told("src/a.c");
}

TEST_P(WatcherContract, TellsOfEachOfManyQuickWrites) {
  tree().write("src/a.c", "0\n");
  start();
  for (int i = 0; i < 50; ++i) {
    tree().write("src/a.c", i % 2 == 0 ? "1\n" : "0\n");
    expect_told("src/a.c");
  }
}

TEST_P(WatcherContract, TellsOfBytesWrittenByWhoKeepsTheFileOpen) {
  tree().write("a.c");
  start();
  std::ofstream stream(tree().path("a.c"), std::ios::app);
  stream << "more" << std::flush;
  expect_told("a.c");
  stream << "and more" << std::flush;
  expect_told("a.c");
}

TEST_P(WatcherContract, TellsOfWritesThroughAMappingWhenTheFileIsClosed) {
  tree().write("a.c", std::string(4096, 'x'));
  start();
  const int file = ::open(tree().path("a.c").c_str(), O_RDWR | O_CLOEXEC);
  void* const memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ASSERT_NE(memory, MAP_FAILED);
  static_cast<char*>(memory)[0] = 'y';
  ::msync(memory, 4096, MS_SYNC);
  ::munmap(memory, 4096);
  ::close(file);
  expect_told("a.c");
}

TEST_P(WatcherContract, TellsOfADeletedFile) {
  tree().write("src/a.c");
  start();
  remove("src/a.c");
  expect_told("src/a.c");
}

// vim with 'backupcopy=no': the old file becomes the backup, the new one is written in its place.
TEST_P(WatcherContract, TellsOfASaveThatMovesTheOldFileAway) {
  tree().write("a.c", "old\n");
  start();
  tree().write("4913");
  remove("4913");
  move("a.c", "a.c~");
  tree().write("a.c", "new\n");
  remove("a.c~");
  expect_told("a.c");
}

// VS Code, and editors that save atomically: a new file is moved over the old one.
TEST_P(WatcherContract, TellsOfASaveThatMovesANewFileOverTheOld) {
  tree().write("a.c", "old\n");
  start();
  tree().write("a.c.tmp", "new\n");
  move("a.c.tmp", "a.c");
  expect_told("a.c");
}

// JetBrains' "safe write": the new content first, then both renames.
TEST_P(WatcherContract, TellsOfASaveWithTwoRenames) {
  tree().write("a.c", "old\n");
  start();
  tree().write("a.c___jb_tmp___", "new\n");
  move("a.c", "a.c___jb_old___");
  move("a.c___jb_tmp___", "a.c");
  remove("a.c___jb_old___");
  expect_told("a.c");
}

TEST_P(WatcherContract, TellsOfADirectoryMovedIntoTheTreeAndOfWhatHappensThere) {
  std::filesystem::create_directories(tree().outside() + "/lib/deep");
  start();
  move(tree().outside() + "/lib", "lib");
  expect_told("lib");
  tree().write("lib/deep/a.c");
  expect_told("lib/deep/a.c");
}

TEST_P(WatcherContract, TellsOfADirectoryMovedOutAndOfNothingThatHappensThere) {
  tree().write("lib/deep/a.c");
  start();
  move("lib", tree().outside() + "/lib");
  expect_told("lib");
  take();
  std::ofstream(tree().outside() + "/lib/deep/b.c") << "x";
  const ChangeBatch batch = watcher().drain();
  EXPECT_FALSE(tells(batch, "lib/deep/b.c")) << testing::PrintToString(batch.paths);
}

TEST_P(WatcherContract, TellsOfBothPlacesOfADirectoryMovedWithin) {
  tree().write("a/lib/deep/a.c");
  tree().write("b/x.c");
  start();
  move("a/lib", "b/lib");
  const ChangeBatch batch = take();
  EXPECT_TRUE(tells(batch, "a/lib"));
  EXPECT_TRUE(tells(batch, "b/lib"));
  tree().write("b/lib/deep/b.c");
  expect_told("b/lib/deep/b.c");
}

TEST_P(WatcherContract, FollowsADirectoryThatIsMovedAgainBeforeTheFirstMoveWasRead) {
  tree().write("a/deep/a.c");
  start();
  move("a", "b");
  follow({{"b"}, ""});
  move("b", "c");
  const ChangeBatch batch = take();
  EXPECT_TRUE(tells(batch, "a") && tells(batch, "b") && tells(batch, "c")) << testing::PrintToString(batch.paths);
  tree().write("c/deep/b.c");
  expect_told("c/deep/b.c");
}

TEST_P(WatcherContract, TellsWhatHappensInADirectoryMadeAnewUnderTheSameName) {
  tree().write("a/deep/a.c");
  start();
  remove("a");
  tree().write("a/deep/a.c", "other\n");
  expect_told("a/deep/a.c");
  tree().write("a/deep/b.c");
  expect_told("a/deep/b.c");
}

TEST_P(WatcherContract, TellsOfWhatIsInADirectoryThatIsMade) {
  start();
  tree().write("a/b/c/d.c");
  expect_told("a/b/c/d.c");
  tree().write("a/b/c/e.c");
  expect_told("a/b/c/e.c");
}

TEST_P(WatcherContract, TellsOfTwoDirectoriesThatChangePlaces) {
  tree().write("a/x.c");
  tree().write("b/y.c");
  start();
  ASSERT_EQ(::renameat2(AT_FDCWD, tree().path("a").c_str(), AT_FDCWD, tree().path("b").c_str(), RENAME_EXCHANGE), 0);
  const ChangeBatch batch = take();
  EXPECT_TRUE(tells(batch, "a") && tells(batch, "b")) << testing::PrintToString(batch.paths);
  tree().write("a/z.c");
  expect_told("a/z.c");
}

TEST_P(WatcherContract, TellsOfChangedPermissions) {
  tree().write("a.c");
  tree().write("src/b.c");
  start();
  ::chmod(tree().path("a.c").c_str(), 0600);
  expect_told("a.c");
  ::chmod(tree().path("src/b.c").c_str(), 0);
  expect_told("src/b.c");
}

TEST_P(WatcherContract, TellsOfASymlinkThatLeadsElsewhere) {
  tree().write("a.c");
  tree().link("link", "a.c");
  start();
  remove("link");
  tree().link("link", "none");
  expect_told("link");
}

TEST_P(WatcherContract, TellsOfBothSpellingsOfARenameThatChangesOnlyTheCase) {
  tree().write("src/readme");
  start();
  move("src/readme", "src/README");
  const ChangeBatch batch = take();
  EXPECT_TRUE(tells(batch, "src/readme") && tells(batch, "src/README")) << testing::PrintToString(batch.paths);
}

TEST_P(WatcherContract, TellsTheDirectoryWhenARepositoryAppearsOrVanishesInIt) {
  tree().write("lib/deep/a.c");
  start();
  tree().git({"init", "-q", "--template="}, "lib");
  expect_told("lib");
  remove("lib/.git");
  expect_told("lib");
}

TEST_P(WatcherContract, TellsTheDirectoryWhoseIgnoreRulesChange) {
  for (const char* name : {".gitignore", ".repomapignore"}) {
    tree().write("src/deep/a.c");
    start();
    tree().write(fmt::format("src/{}", name), "deep/\n");
    expect_told("src");
    tree().write("src/deep/b.c");
    take();
    tree().write(fmt::format("src/{}", name), "\n");
    expect_told("src");
    tree().write("src/deep/c.c");
    expect_told("src/deep/c.c");
    remove(fmt::format("src/{}", name));
    expect_told("src");
  }
}

TEST_P(WatcherContract, TellsNothingOfWhatTheRulesLeaveOut) {
  tree().write(".gitignore", "out/\n");
  tree().write("out/deep/a.o");
  start();
  settle();
  tree().write("out/deep/b.o");
  const ChangeBatch batch = watcher().drain();
  EXPECT_FALSE(tells(batch, "out/deep/b.o")) << testing::PrintToString(batch.paths);
}

TEST_P(WatcherContract, TellsAllOfABurst) {
  constexpr int kFiles = 2000;
  tree().write("base/a.c");
  start();
  for (int i = 0; i < kFiles; ++i) {
    tree().write(fmt::format("base/{}/{}.c", i % 20, i));
  }
  const ChangeBatch batch = take();
  for (int i = 0; i < kFiles; ++i) {
    ASSERT_TRUE(tells(batch, fmt::format("base/{}/{}.c", i % 20, i)));
  }
  for (int i = 0; i < 20; ++i) {
    tree().write(fmt::format("base/{}/later.c", i));
  }
  const ChangeBatch later = take();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(tells(later, fmt::format("base/{}/later.c", i)));
  }
}

TEST_P(WatcherContract, TellsOfAHardLinkAndOfWritesThroughTheNameUsed) {
  tree().write("a/x.c");
  tree().write("b/y.c");
  start();
  std::filesystem::create_hard_link(tree().path("a/x.c"), tree().path("b/x.c"));
  expect_told("b/x.c");
  tree().write("b/x.c", "through the link\n");
  expect_told("b/x.c");
}

TEST_P(WatcherContract, TellsTheRootWhenItIsDeletedAndWhenItIsBack) {
  tree().write("src/a.c");
  start();
  std::filesystem::remove_all(tree().root());
  expect_told("");
  EXPECT_EQ(watcher().state().mode, WatchMode::kDegraded);
  EXPECT_TRUE(take().empty());
  tree().write("src/b.c");
  expect_told("");
  tree().write("src/c.c");
  expect_told("src/c.c");
  EXPECT_NE(watcher().state().mode, WatchMode::kDegraded);
}

TEST_P(WatcherContract, TellsTheRootWhenItIsRenamed) {
  tree().write("src/a.c");
  start();
  move(tree().root(), tree().outside() + "/moved");
  expect_told("");
  EXPECT_EQ(watcher().state().mode, WatchMode::kDegraded);
  move(tree().outside() + "/moved", tree().root());
  expect_told("");
  tree().write("src/c.c");
  expect_told("src/c.c");
}

TEST_P(WatcherContract, TellsTheRootWhenAnotherTakesItsPlaceByWayOfADirectoryAbove) {
  const std::string above = tree().path("above");
  std::filesystem::create_directories(above + "/root/src");
  const auto inner = GetParam().make(above + "/root");
  const auto directory = OpenDirectory::open(above + "/root");
  inner->watch("", *directory);
  inner->drain();
  move("above", "elsewhere");
  std::filesystem::create_directories(above + "/root/src");
  EXPECT_EQ(inner->drain().paths, std::vector<std::string>{""});
}

TEST_P(WatcherContract, WatchesOnceWhatIsWatchedTwice) {
  tree().write("src/a.c");
  start();
  const WatcherState before = watcher().state();
  start();
  EXPECT_EQ(watcher().state().watches, before.watches);
  EXPECT_EQ(watcher().state().polled, before.polled);
  EXPECT_EQ(before.watches + before.polled, 2U);
}

TEST_P(WatcherContract, ForgetsADirectoryAndWhatIsBelow) {
  tree().write("src/deep/a.c");
  tree().write("src-other/a.c");
  start();
  watcher().forget("src");
  watcher().drain();
  EXPECT_EQ(watcher().state().watches + watcher().state().polled, 2U);
  tree().write("src/deep/b.c");
  EXPECT_FALSE(tells(watcher().drain(), "src/deep/b.c"));
  tree().write("src-other/b.c");
  EXPECT_TRUE(tells(watcher().drain(), "src-other/b.c"));
}

TEST_P(WatcherContract, TellsOfWhatHappenedBeforeADirectoryWasForgotten) {
  tree().write("src/a.c");
  tree().write("other/a.c");
  start();
  tree().write("other/b.c");
  watcher().forget("src");
  watcher().wait(std::chrono::minutes(5));
  EXPECT_TRUE(tells(watcher().drain(), "other/b.c"));
}

TEST_P(WatcherContract, OfTwoWhoDrainAtOnceOneIsToldOfEachChange) {
  constexpr int kFiles = 300;
  tree().write("src/a.c");
  start();
  std::atomic<bool> is_written = false;
  const auto drain_all = [&] {
    PathCover told(PathCover::kUnlimited);
    while (!is_written) {
      for (std::string& path : watcher().drain().paths) {
        told.add(std::move(path));
      }
    }
    return told.take();
  };
  auto one = std::async(std::launch::async, drain_all);
  auto other = std::async(std::launch::async, drain_all);
  for (int i = 0; i < kFiles; ++i) {
    tree().write(fmt::format("src/{}.c", i));
  }
  is_written = true;
  ChangeBatch all = watcher().drain();
  for (auto* part : {&one, &other}) {
    std::ranges::move(part->get(), std::back_inserter(all.paths));
  }
  for (int i = 0; i < kFiles; ++i) {
    ASSERT_TRUE(tells(all, fmt::format("src/{}.c", i))) << i;
  }
}

TEST_P(WatcherContract, AWaitEndsWhenSomethingHappens) {
  tree().write("src/a.c");
  start();
  auto waiting = std::async(std::launch::async, [this] { watcher().wait(std::chrono::minutes(5)); });
  tree().write("src/b.c");
  waiting.get();
  expect_told("src/b.c");
}

TEST_P(WatcherContract, AnInterruptEndsTheWaitUnderWayOrTheNext) {
  watcher().interrupt();
  watcher().wait(std::chrono::minutes(5));
  auto waiting = std::async(std::launch::async, [this] { watcher().wait(std::chrono::minutes(5)); });
  watcher().interrupt();
  waiting.get();
}

TEST_P(WatcherContract, AWaitEndsWithItsTime) {
  watcher().wait(std::chrono::milliseconds(1));
  watcher().wait(std::chrono::milliseconds(0));
  watcher().wait(std::chrono::milliseconds(-5));
}

TEST_P(WatcherContract, SaysHowItWatches) {
  tree().write("src/deep/a.c");
  start();
  const WatcherState state = watcher().state();
  EXPECT_EQ(state.watches + state.polled, 3U);
  EXPECT_EQ(state.mode == WatchMode::kEvents, state.polled == 0);
  EXPECT_EQ(state.mode == WatchMode::kEvents, state.reason.empty());
}

INSTANTIATE_TEST_SUITE_P(All, WatcherContract, testing::ValuesIn(watcher_makers()), watcher_maker_name);

}  // namespace
}  // namespace repomap
