// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/change_batch.hpp"
#include "tests/support/temporary_tree.hpp"
#include "watcher/file_watcher.hpp"

namespace repomap {

/// How a suite makes a watcher of a root.
struct WatcherMaker {
  std::string name;  ///< letters and digits
  std::function<std::unique_ptr<FileWatcher>(const std::string& root)> make;
};

inline void PrintTo(const WatcherMaker& maker, std::ostream* stream) { *stream << maker.name; }

/// The kernel's events; comparing alone; and most of it compared because there are few watches.
std::vector<WatcherMaker> watcher_makers();

/// What every FileWatcher promises. The tree is a git work tree without anything in it.
class WatcherContract : public testing::TestWithParam<WatcherMaker> {
 protected:
  WatcherContract();

  const TemporaryTree& tree() const { return tree_; }
  FileWatcher& watcher() { return *watcher_; }

  /// Lists the tree, so that its directories are watched, and takes what that tells.
  void start();

  /// Lists what a batch names, as who uses a watcher does.
  void follow(const ChangeBatch& batch);

  /// What has been told since, as drain() gives it. The directories are watched again.
  ChangeBatch take();

  /// Waits until nothing is told any more: what is compared tells of what changed a moment ago once more.
  void settle();

  void expect_told(std::string_view path);

  /// Moves `from` to `to`, relative to the root or absolute.
  void move(std::string_view from, std::string_view to) const;
  void remove(std::string_view path) const;

 private:
  TemporaryTree tree_;
  std::unique_ptr<FileWatcher> watcher_;
};

/// Whether the batch tells of `path`, by itself or by a directory above it.
bool tells(const ChangeBatch& batch, std::string_view path);

inline std::string watcher_maker_name(const testing::TestParamInfo<WatcherMaker>& info) { return info.param.name; }

}  // namespace repomap
