// SPDX-License-Identifier: Apache-2.0
//
// What cannot be had from a kernel on demand: its limits, the loss of events, and events that make no sense.
#include "watcher/mixed_watcher.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/chosen_seed.hpp"
#include "tests/watcher/fake_inotify.hpp"
#include "watcher/inotify_watcher.hpp"

namespace repomap {
namespace {

using Paths = std::vector<std::string>;

class MixedWatcherTest : public testing::Test {
 protected:
  MixedWatcherTest() : watcher_(tree_.root(), {}, std::make_unique<FakeInotify>(kernel_)) {}

  /// Watches a directory, which is made, and gives its watch; 0 if the kernel has none.
  int watch(const std::string& path) {
    tree_.make_directory(path);
    const auto directory = OpenDirectory::open(tree_.path(path));
    watcher_.watch(path, *directory);
    const auto found = kernel_.watches.find(directory->identity()->inode);
    return found == kernel_.watches.end() ? 0 : found->second;
  }

  TemporaryTree tree_;
  FakeKernel kernel_;
  MixedWatcher watcher_;
};

TEST_F(MixedWatcherTest, ComparesWhatTheKernelHasNoWatchesFor) {
  kernel_.limit = 2;
  watch("");
  watch("a");
  EXPECT_EQ(watcher_.state().to_display(), "ok");
  EXPECT_EQ(watch("b"), 0);
  const WatcherState state = watcher_.state();
  EXPECT_EQ(state.mode, WatchMode::kPolling);
  EXPECT_EQ(state.watches, 2U);
  EXPECT_EQ(state.polled, 1U);
  EXPECT_TRUE(state.reason.contains("raise fs.inotify.max_user_watches")) << state.reason;
  EXPECT_TRUE(state.to_display().starts_with("polling(")) << state.to_display();
  watcher_.drain();  // what was made a moment ago is told as a whole
  tree_.write("b/x.c");
  EXPECT_EQ(watcher_.drain().paths, Paths{"b/x.c"});
}

TEST_F(MixedWatcherTest, ReturnsToTheKernelWhenItHasWatchesAgain) {
  kernel_.limit = 1;
  watch("");
  EXPECT_EQ(watch("a"), 0);
  kernel_.limit = 2;
  EXPECT_NE(watch("a"), 0);
  EXPECT_EQ(watcher_.state().mode, WatchMode::kEvents);
  EXPECT_EQ(watcher_.state().polled, 0U);
}

TEST_F(MixedWatcherTest, ComparesEverythingWhenThereIsNoInstance) {
  MixedWatcher watcher(tree_.root(), {}, fail(ErrorCode::kLimitExceeded, "the limit is reached"));
  EXPECT_EQ(watcher.state().to_display(), "polling(the limit is reached)");
  watcher.watch("", *OpenDirectory::open(tree_.root()));
  EXPECT_EQ(watcher.state().polled, 1U);
  watcher.drain();  // what was made a moment ago is told as a whole
  tree_.write("x.c");
  EXPECT_EQ(watcher.drain().paths, Paths{"x.c"});
}

TEST_F(MixedWatcherTest, TellsOnceThatEventsWereLost) {
  const int root = watch("");
  kernel_.tell(root, IN_MODIFY, "a.c");
  kernel_.tell(-1, IN_Q_OVERFLOW);
  const ChangeBatch batch = watcher_.drain();
  EXPECT_TRUE(batch.desync_reason.contains("max_queued_events")) << batch.desync_reason;
  EXPECT_EQ(batch.paths, Paths{""});
  EXPECT_EQ(watcher_.state().overflows, 1U);
  EXPECT_EQ(watcher_.state().mode, WatchMode::kEvents);
  EXPECT_TRUE(watcher_.drain().empty());
}

TEST_F(MixedWatcherTest, IsDegradedUntilTheLossIsHandedOut) {
  watch("");
  watch("a");
  kernel_.tell(-1, IN_Q_OVERFLOW);
  watcher_.forget("a");
  EXPECT_EQ(watcher_.state().mode, WatchMode::kDegraded);
  EXPECT_TRUE(watcher_.state().to_display().starts_with("degraded(")) << watcher_.state().to_display();
  EXPECT_TRUE(watcher_.drain().is_desynced());
  EXPECT_EQ(watcher_.state().mode, WatchMode::kEvents);
}

TEST_F(MixedWatcherTest, AnInstanceThatCannotBeReadIsALoss) {
  watch("");
  kernel_.is_unreadable = true;
  EXPECT_TRUE(watcher_.drain().is_desynced());
}

TEST_F(MixedWatcherTest, GivesUpOnAWriterThatIsFasterThanItReads) {
  const int root = watch("");
  kernel_.queue.assign(1000, event_bytes(root, IN_MODIFY, "a.c"));
  kernel_.is_endless = true;
  EXPECT_TRUE(watcher_.drain().is_desynced());
}

TEST_F(MixedWatcherTest, NamesTheDirectoriesWhenTooManyFilesChange) {
  const int root = watch("");
  const int directory = watch("a");
  kernel_.queue_limit = 100'000;
  for (int i = 0; i < 30'000; ++i) {
    kernel_.tell(directory, IN_CREATE, fmt::format("{}.c", i));
  }
  kernel_.tell(root, IN_MODIFY, "b.c");
  EXPECT_EQ(watcher_.drain().paths, (Paths{"a", "b.c"}));
}

TEST_F(MixedWatcherTest, EndsManyWatchesWithoutFloodingTheQueueItself) {
  kernel_.queue_limit = 3000;
  watch("");
  watch("a");
  for (int i = 0; i < 5000; ++i) {
    watch(fmt::format("a/{}", i));
  }
  const int root = watch("");
  kernel_.tell(root, IN_MOVED_FROM | IN_ISDIR, "a");
  const ChangeBatch batch = watcher_.drain();
  EXPECT_FALSE(batch.is_desynced()) << batch.desync_reason;
  EXPECT_EQ(batch.paths, Paths{"a"});
  EXPECT_EQ(kernel_.ended.size(), 5001U);
  EXPECT_EQ(watcher_.state().watches, 1U);
}

TEST_F(MixedWatcherTest, OneDirectoryUnderTwoPathsTellsBoth) {
  watch("");
  const int inode = watch("a");
  watcher_.watch("b", *OpenDirectory::open(tree_.path("a")));
  EXPECT_EQ(watcher_.state().watches, 2U);
  kernel_.tell(inode, IN_MODIFY, "x.c");
  EXPECT_EQ(watcher_.drain().paths, (Paths{"a/x.c", "b/x.c"}));
  watcher_.forget("a");
  EXPECT_TRUE(kernel_.ended.empty());
  kernel_.tell(inode, IN_MODIFY, "x.c");
  EXPECT_EQ(watcher_.drain().paths, Paths{"b/x.c"});
}

TEST_F(MixedWatcherTest, AnUnmountedDirectoryIsTold) {
  watch("");
  const int inode = watch("a");
  kernel_.tell(inode, IN_UNMOUNT);
  kernel_.tell(inode, IN_IGNORED);
  EXPECT_EQ(watcher_.drain().paths, Paths{"a"});
  EXPECT_EQ(watcher_.state().watches, 1U);
}

TEST_F(MixedWatcherTest, EventsOfWatchesThatHaveEndedAreNothing) {
  watch("");
  const int inode = watch("a");
  watcher_.forget("a");
  watcher_.drain();
  kernel_.tell(inode, IN_MODIFY, "x.c");
  kernel_.tell(inode, IN_IGNORED);
  kernel_.tell(12345, IN_CREATE, "y.c");
  EXPECT_TRUE(watcher_.drain().empty());
}

TEST(InotifyEvents, AreTakenOneByOne) {
  const std::string bytes = event_bytes(1, IN_CREATE, "a") + event_bytes(2, IN_DELETE_SELF, {}) +
                            event_bytes(3, IN_MODIFY, "exactly16bytes!!");
  std::string_view rest = bytes;
  EXPECT_EQ(take_event(rest)->name, "a");
  EXPECT_EQ(take_event(rest)->mask, IN_DELETE_SELF);
  EXPECT_EQ(take_event(rest)->name, "exactly16bytes!!");
  EXPECT_TRUE(rest.empty());
  EXPECT_FALSE(take_event(rest));
}

TEST(InotifyEvents, OfAnyBytesStayWithinThem) {
  std::mt19937 random(chosen_seed());
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 96, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(random() % 4 == 0 ? random() % 256 : 0); });
    const std::string copy = bytes;
    std::string_view rest = copy;
    std::size_t left = rest.size();
    while (const auto event = take_event(rest)) {
      ASSERT_LT(rest.size(), left);
      ASSERT_LE(event->name.size(), left - rest.size());
      left = rest.size();
    }
    ASSERT_EQ(rest.size(), left);
  }
}

TEST(InotifyEvents, OfAnyBytesChangeNoMoreThanWhatIsWatched) {
  const TemporaryTree tree;
  FakeKernel kernel;
  std::mt19937 random(chosen_seed());
  InotifyWatches watches(std::make_unique<FakeInotify>(kernel));
  const auto root = OpenDirectory::open(tree.root());
  constexpr std::uint32_t kBits[] = {IN_MODIFY, IN_MOVED_FROM, IN_DELETE, IN_ISDIR, IN_DELETE_SELF, IN_Q_OVERFLOW};
  for (int round = 0; round < 2000; ++round) {
    ASSERT_TRUE(watches.watch("", *root));
    for (int events = 0; events < 5; ++events) {
      const std::uint32_t mask = kBits[random() % 6] | kBits[random() % 6];
      std::string bytes = event_bytes(static_cast<int>(random() % 5), mask, random() % 2 == 0 ? "" : "name");
      if (random() % 8 == 0) {
        bytes.resize(random() % (bytes.size() + 1));
      }
      kernel.queue.push_back(std::move(bytes));
    }
    PathCover changed(100);
    Paths gone;
    while (watches.read(changed, gone) != InotifyWatches::Outcome::kNothing) {
    }
    ASSERT_LE(changed.size(), 100U);
    ASSERT_LE(watches.size(), 1U);
  }
}

}  // namespace
}  // namespace repomap
