// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "service/generations.hpp"
#include "service/live_settings.hpp"
#include "service/pending_indexes.hpp"
#include "service/repository.hpp"
#include "service/service_status.hpp"

namespace repomap {

/// The repositories that a service keeps up to date in memory. Those used least recently are unloaded when all together
/// occupy more than they may; what was found out about them stays in the caches, and the next request loads them
/// again. Owns them; borrows the parts and the generations. Thread-safe.
class Repositories {
 public:
  /// What the owner is told of each repository, from that repository's threads.
  struct Listener {
    std::function<void(const FileSelection&, const RepositorySnapshot&)> rested;  ///< RepositoryListener::rested
    std::function<void(const std::vector<std::string>& files)> changing;          ///< RepositoryListener::changing
    std::function<void()> gone;  ///< a root was not there at the latest update
    std::function<void(const RepositoryEvent&)> event;
  };

  Repositories(const RepositoryParts& parts, const LiveSettings& settings, PendingIndexes& pending,
               Generations& generations, Listener listener);
  ~Repositories();
  Repositories(const Repositories&) = delete;
  Repositories& operator=(const Repositories&) = delete;

  /// The repository of a whole root, loaded if it is not; it begins to index itself.
  std::shared_ptr<Repository> get(const FileSelection& selection) EXCLUDES(mutex_);

  /// The same if it is loaded, else null.
  std::shared_ptr<Repository> find(const FileSelection& selection) const EXCLUDES(mutex_);

  /// Unloads a repository; nothing is lost but time.
  void unload(const FileSelection& selection) EXCLUDES(mutex_);

  /// Unloads all repositories of a root, and forgets that they were loaded.
  void unload(const std::string& root) EXCLUDES(mutex_);

  /// Unloads all.
  void unload_all() EXCLUDES(mutex_);

  /// Unloads what is no more, and then what has not been used for longest, until the rest is within the limit; the one
  /// used last stays.
  void trim() EXCLUDES(mutex_);

  /// Whether nothing newer than `snapshot` is there; loads nothing.
  bool is_latest(const FileSelection& selection, const RepositorySnapshot& snapshot) const EXCLUDES(mutex_);

  /// Unloads all without telling anybody, and waits until their threads have ended.
  void stop() EXCLUDES(mutex_);

  /// All that have ever been loaded, by root.
  std::vector<RepositoryStatus> status() const EXCLUDES(mutex_);

  std::size_t memory_limit_bytes() const { return limit_bytes_; }

 private:
  using Key = std::pair<std::string, SubmodulePolicy>;
  struct Slot {
    std::shared_ptr<Repository> repository;  // null: unloaded
    bool is_gone = false;                    // its root was not there at the latest update
    std::chrono::steady_clock::time_point used;
    RepositoryStatus last;  // when it was unloaded
  };

  std::vector<FileSelection> loaded() const EXCLUDES(mutex_);
  RepositoryListener listener_of(const FileSelection& selection);
  void note_gone(const FileSelection& selection) EXCLUDES(mutex_);

  // Fixed after construction.
  const RepositoryParts parts_;
  const LiveSettings settings_;
  PendingIndexes& pending_;
  Generations& generations_;
  const Listener listener_;
  std::size_t limit_bytes_ = 0;

  mutable Mutex mutex_;
  std::map<Key, Slot> slots_ GUARDED_BY(mutex_);
};

}  // namespace repomap
