// SPDX-License-Identifier: Apache-2.0
//
// Random changes of a tree, followed by what the watcher tells, against a fresh list. REPOMAP_WATCH_ROUNDS sets how
// many groups of changes are tried with each watcher, REPOMAP_SEED repeats a run.
#include "tests/support/watched_tree.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/chosen_seed.hpp"
#include "tests/watcher/random_changes.hpp"
#include "tests/watcher/watcher_contract.hpp"

namespace repomap {
namespace {

constexpr unsigned kGroups = 1000;
constexpr unsigned kGroupsOfATree = 50;
constexpr unsigned kChangesOfAGroup = 6;

unsigned chosen_groups() {
  const char* const chosen = std::getenv("REPOMAP_WATCH_ROUNDS");
  return chosen == nullptr ? kGroups : static_cast<unsigned>(std::strtoul(chosen, nullptr, 10));
}

/// Someone who keeps the content of every file, and reads only what a WatchedTree says.
class Follower {
 public:
  Follower(const WatcherMaker& maker, const std::string& root)
      : root_(root), watcher_(maker.make(root)), tree_(root, {}, *watcher_) {}

  void follow() {
    const ChangeBatch batch = watcher_->drain();
    const auto change = tree_.rules_changed() ? tree_.relist() : tree_.apply(batch);
    ASSERT_TRUE(change) << change.error().message;
    for (const std::string& path : change->removed) {
      ASSERT_EQ(contents_.erase(path), 1U) << path;
    }
    for (const std::string& path : change->changed) {
      contents_[path] = read(path);
    }
  }

  /// Asserts that all is as a fresh look at the tree shows it.
  void expect_fresh() const {
    ListOptions options;
    options.stats = StatPolicy::kRead;
    const auto fresh = list_files(root_, options);
    ASSERT_TRUE(fresh) << fresh.error().message;
    ASSERT_EQ(lines(tree_.list()), lines(*fresh));
    ASSERT_TRUE(std::ranges::includes(tree_.list().rule_files, fresh->rule_files));
    std::map<std::string, std::string> contents;
    for (const ListedFile& file : fresh->files) {
      contents[file.path] = read(file.path);
    }
    ASSERT_EQ(contents_, contents);
  }

  WatchedTree& tree() { return tree_; }
  FileWatcher& watcher() { return *watcher_; }

 private:
  std::string read(const std::string& path) const {
    const auto content = make_posix_file_system()->read_file(join_path(root_, path), 1U << 20);
    return content ? *content : "(" + content.error().message + ")";
  }

  /// Of a link only that it is one: where it leads changes without it.
  static std::vector<std::string> lines(const FileList& list) {
    std::vector<std::string> result;
    for (const ListedFile& file : list.files) {
      result.push_back(file.path + " " + std::to_string(file.stat->size_bytes) + " " +
                       std::to_string(file.stat->inode) + " " + std::to_string(file.stat->mtime_ns) + " " +
                       std::to_string(file.stat->ctime_ns));
    }
    for (const SkippedFile& file : list.skipped) {
      result.push_back(file.path + " is skipped: " + std::string(skip_reason_name(file.reason)));
    }
    return result;
  }

  std::string root_;
  std::unique_ptr<FileWatcher> watcher_;
  WatchedTree tree_;
  std::map<std::string, std::string> contents_;
};

class WatchedTreeModel : public testing::TestWithParam<WatcherMaker> {
 protected:
  /// In memory, unless TMPDIR says otherwise: on a disk nearly all of the time goes into flushing files.
  static void SetUpTestSuite() {
    if (::access("/dev/shm", W_OK) == 0) {
      ::setenv("TMPDIR", "/dev/shm", 0);
    }
  }
};

TEST_P(WatchedTreeModel, IsAFreshListAfterEachGroupOfRandomChanges) {
  const unsigned seed = chosen_seed();
  const unsigned groups = chosen_groups();
  std::optional<TemporaryTree> tree;
  std::optional<RandomChanges> changes;
  std::optional<Follower> follower;
  for (unsigned group = 0; group < groups; ++group) {
    SCOPED_TRACE("group " + std::to_string(group));
    if (group % kGroupsOfATree == 0) {
      follower.reset();
      tree.emplace();
      changes.emplace(*tree, seed + group);
      follower.emplace(GetParam(), tree->root());
    }
    for (std::size_t i = changes->below(kChangesOfAGroup) + 1; i > 0; --i) {
      changes->make();
    }
    follower->follow();
    follower->expect_fresh();
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST_P(WatchedTreeModel, IsAFreshListAfterChangesThatWentOnWhileItWasMade) {
  const unsigned seed = chosen_seed();
  const unsigned groups = chosen_groups() / 25;
  for (unsigned group = 0; group < groups; ++group) {
    SCOPED_TRACE("group " + std::to_string(group));
    const TemporaryTree tree;
    RandomChanges changes(tree, seed + group);
    Follower follower(GetParam(), tree.root());
    auto storm = std::async(std::launch::async, [&] {
      for (int i = 0; i < 100; ++i) {
        changes.make();
      }
    });
    while (storm.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      follower.follow();
      if (HasFatalFailure()) {
        break;
      }
    }
    storm.get();
    follower.follow();
    follower.expect_fresh();
    if (HasFatalFailure()) {
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, WatchedTreeModel, testing::ValuesIn(watcher_makers()), watcher_maker_name);

}  // namespace
}  // namespace repomap
