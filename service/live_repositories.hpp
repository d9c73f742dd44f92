// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/periodic_worker.hpp"
#include "core/base/result.hpp"
#include "service/pending_indexes.hpp"
#include "service/repositories.hpp"
#include "watcher/invalidator.hpp"

namespace repomap {

class MemoryPressureSource;

/// What a request is answered from, and since when nothing that was saved is missing in it.
struct Sight {
  std::shared_ptr<const RepositorySnapshot> snapshot;
  std::chrono::system_clock::time_point as_of;
};

/// All that a service does besides answering: keeps repositories up to date, has the caches forget what has changed,
/// keeps within its memory, tells subscribers. Borrows the parts and the generations. Thread-safe.
class LiveRepositories {
 public:
  using EventSink = std::function<void(const RepositoryEvent&)>;
  /// Called from a repository's thread after each change.
  using ChangeSink = std::function<void(const FileSelection&, const RepositorySnapshot&)>;

  LiveRepositories(const RepositoryParts& parts, const LiveSettings& settings, Generations& generations,
                   ChangeSink changed);
  ~LiveRepositories();
  LiveRepositories(const LiveRepositories&) = delete;
  LiveRepositories& operator=(const LiveRepositories&) = delete;

  /// As Repository::snapshot(). A repository whose root has gone is unloaded.
  Result<Sight> look(const FileSelection& selection, const RequestContext& context);

  /// Begins to index a repository, if it is not loaded; returns at once.
  void load(const FileSelection& selection);

  /// Unloads a root, or all; what it is asked for later is loaded again.
  void unload(const std::string& root) { repositories_->unload(root); }
  void unload_all() { repositories_->unload_all(); }

  /// Loads the repositories whose indexing a killed process has not finished.
  void resume();

  /// Has these paths of a loaded repository looked at again.
  void look_again(const FileSelection& selection, const ChangeBatch& batch);

  /// How the repository learns of changes: WatcherState::to_display(); "off" if it is not loaded any more.
  std::string watcher_of(const FileSelection& selection);

  /// How many files of it have been parsed since it was loaded.
  std::size_t parsed(const FileSelection& selection);

  /// Whether nothing newer than `snapshot` is there.
  bool is_latest(const FileSelection& selection, const RepositorySnapshot& snapshot);

  std::vector<RepositoryStatus> status() const { return repositories_->status(); }
  std::size_t memory_limit_bytes() const { return repositories_->memory_limit_bytes(); }

  std::uint64_t subscribe(EventSink sink) EXCLUDES(mutex_);
  void unsubscribe(std::uint64_t subscription) EXCLUDES(mutex_);

 private:
  void tell(const RepositoryEvent& event) EXCLUDES(mutex_);
  void tidy();
  void forget(const std::vector<std::string>& files);

  const RepositoryParts parts_;
  const ChangeSink changed_;
  PendingIndexes pending_;
  const std::unique_ptr<MemoryPressureSource> memory_;  // used by the tidier
  std::atomic<bool> has_indexed_ = false;               // much, since memory was last given back

  Mutex mutex_;  // held while sinks are called, so that none is called after it has unsubscribed
  std::map<std::uint64_t, EventSink> sinks_ GUARDED_BY(mutex_);
  std::uint64_t next_subscription_ GUARDED_BY(mutex_) = 1;

  // In this order: the repositories' threads wake the worker, and the worker unloads repositories.
  std::unique_ptr<PeriodicWorker> tidier_;
  std::unique_ptr<Repositories> repositories_;
};

}  // namespace repomap
