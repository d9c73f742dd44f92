// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/model/change_batch.hpp"
#include "watcher/file_watcher.hpp"

namespace repomap {

/// A watcher that tells what a test has it tell, and remembers what it was asked to watch. Thread-safe.
class FakeFileWatcher final : public FileWatcher {
 public:
  /// Adds to what the next drain() gives, and wakes a wait().
  void tell(std::vector<std::string> paths);

  /// As after the loss of events: the next drain() gives a desynced batch.
  void desync(std::string reason);

  void set_state(WatcherState state);

  /// The directories watched, sorted.
  std::vector<std::string> watched() const;

  /// Calls of drain() so far.
  std::size_t drains() const;

  void watch(const std::string& path, const OpenDirectory& directory) override;
  void forget(std::string_view path) override;
  ChangeBatch drain() override;
  void wait(std::chrono::milliseconds timeout) override;
  void interrupt() override;
  WatcherState state() const override;

 private:
  mutable Mutex mutex_;
  CondVar woken_;
  bool is_interrupted_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> paths_ GUARDED_BY(mutex_);
  std::string desync_reason_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> watched_ GUARDED_BY(mutex_);
  WatcherState state_ GUARDED_BY(mutex_);
  std::size_t drains_ GUARDED_BY(mutex_) = 0;
};

}  // namespace repomap
