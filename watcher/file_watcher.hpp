// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/model/change_batch.hpp"
#include "watcher/open_directory.hpp"
#include "watcher/watcher_state.hpp"

namespace repomap {

/// Tells which paths below one root may have changed.
///
/// Watched are single directories, named by whoever lists them: so what ignore rules leave out costs nothing. A
/// directory is given to watch() before its entries are read; then a change is either seen by that reading or told by
/// drain(). What drain() gives is never too little: each change of an entry of a watched directory (made, written,
/// deleted, renamed, its mode or link target changed) that had happened when drain() was called is in it, or in a
/// former batch, or the batch is desynced. It may be too much. Each change is given to one caller of drain().
///
/// The contract with who lists: every path that a batch names is listed again, with the directories below it given to
/// watch() again, since the watches of what was moved or deleted have ended; and so is a listing that was given up.
/// Where the entry is `.gitignore`, `.repomapignore` or `.git`, the path told is that of its directory.
///
/// Thread-safe. Never fails: what cannot be watched is polled, and state() says so.
class FileWatcher {
 public:
  virtual ~FileWatcher() = default;

  /// From now on changes of the entries of this directory are told. `path` is relative to the root, "" for the root
  /// itself; `directory` is that directory, open. Watching twice is no error.
  virtual void watch(const std::string& path, const OpenDirectory& directory) = 0;

  /// Ends the watches at and below `path`.
  virtual void forget(std::string_view path) = 0;

  /// Everything told since the last call, up to now. Where directories are polled this compares them.
  virtual ChangeBatch drain() = 0;

  /// Blocks until drain() may have something to give, `timeout` is over, or interrupt() was called. With directories
  /// that are polled it returns after the polling interval at the latest. For one thread.
  virtual void wait(std::chrono::milliseconds timeout) = 0;

  /// Makes a wait() that is under way, or else the next one, return at once. From any thread.
  virtual void interrupt() = 0;

  virtual WatcherState state() const = 0;
};

/// Watches by inotify(7), and by comparing where that is not to be had: on file systems that other machines write to,
/// and when the kernel gives no more watches. `root` is absolute and resolved.
std::unique_ptr<FileWatcher> make_file_watcher(const std::string& root, const WatcherSettings& settings);

/// Watches by comparing alone.
std::unique_ptr<FileWatcher> make_polling_watcher(const std::string& root, const WatcherSettings& settings);

}  // namespace repomap
