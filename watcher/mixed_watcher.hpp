// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "watcher/file_watcher.hpp"
#include "watcher/inotify_watcher.hpp"
#include "watcher/path_cover.hpp"
#include "watcher/polled_directories.hpp"

namespace repomap {

/// Watches each directory by inotify where that is to be had, and compares it where not. Owns both, and gives them one
/// set of changes. Thread-safe: what drain() does is done under one lock, so that of two callers the later one finds
/// either the events or that the earlier one has taken them.
///
/// The root may be moved or deleted by way of directories above it, of which no watch tells. So each drain() looks
/// which directory is at its place.
class MixedWatcher final : public FileWatcher {
 public:
  /// Without an instance, for the reason that its error gives, all directories are compared.
  MixedWatcher(std::string root, const WatcherSettings& settings, Result<std::unique_ptr<InotifyInstance>> instance);
  ~MixedWatcher() override;
  MixedWatcher(const MixedWatcher&) = delete;
  MixedWatcher& operator=(const MixedWatcher&) = delete;

  void watch(const std::string& path, const OpenDirectory& directory) override;
  void forget(std::string_view path) override;
  ChangeBatch drain() override;
  void wait(std::chrono::milliseconds timeout) override;
  void interrupt() override;
  WatcherState state() const override;

 private:
  enum class RootState : std::uint8_t { kNotWatched, kPresent, kMissing };

  std::optional<std::string> obstacle_locked(const std::string& path, const OpenDirectory& directory) REQUIRES(mutex_);
  const std::string& network_name_locked(const OpenDirectory& directory) REQUIRES(mutex_);
  void forget_locked(std::string_view path) REQUIRES(mutex_);
  void pump_locked() REQUIRES(mutex_);
  void compare_locked() REQUIRES(mutex_);
  void look_at_root_locked() REQUIRES(mutex_);

  // Fixed after construction.
  const std::string root_;
  const WatcherSettings settings_;
  int wake_descriptor_ = -1;    // an eventfd(2); -1 if the kernel gave none
  int events_descriptor_ = -1;  // of inotify_

  mutable Mutex mutex_;
  std::unique_ptr<InotifyWatches> inotify_ GUARDED_BY(mutex_);  // null if all is compared
  PolledDirectories polled_ GUARDED_BY(mutex_);
  std::string polling_reason_ GUARDED_BY(mutex_);                          // of the last directory that is compared
  std::map<std::uint64_t, std::string> network_names_ GUARDED_BY(mutex_);  // by device; "" for local ones
  PathCover changed_ GUARDED_BY(mutex_);
  std::vector<std::string> gone_ GUARDED_BY(mutex_);  // scratch
  std::string desync_reason_ GUARDED_BY(mutex_);
  std::uint64_t overflows_ GUARDED_BY(mutex_) = 0;
  RootState root_state_ GUARDED_BY(mutex_) = RootState::kNotWatched;
  OpenDirectory::Identity root_identity_ GUARDED_BY(mutex_);
};

}  // namespace repomap
