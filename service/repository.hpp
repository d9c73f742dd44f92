// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/periodic_worker.hpp"
#include "core/base/result.hpp"
#include "service/generations.hpp"
#include "service/live_settings.hpp"
#include "service/pending_indexes.hpp"
#include "service/repository_snapshot.hpp"
#include "service/request_context.hpp"
#include "service/service_status.hpp"
#include "service/state_builder.hpp"
#include "service/symbols_origin.hpp"
#include "watcher/change_queue.hpp"
#include "watcher/file_watcher.hpp"

namespace repomap {

/// What a repository tells of itself. Called from its own thread, one call at a time, unless said otherwise.
struct RepositoryListener {
  /// These files are not what they were, or not there; the snapshot that knows it comes next. From who updates.
  std::function<void(const std::vector<std::string>&)> changing;
  /// A new generation is there, for which the paths of the batch were looked at again.
  std::function<void(std::uint64_t generation, const ChangeBatch&)> changed;
  /// The latest update has failed.
  std::function<void(const Error&)> troubled;
  /// All generations so far have been told; this is the latest.
  std::function<void(const RepositorySnapshot&)> rested;
  /// Of the files of a large update, how many are done. From the pool's threads.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// A repository that is kept up to date in memory.
///
/// The kernel has told of a change before the system call that made it returns. A request first takes in all that was
/// told, so what it is answered from has everything that was saved before the request came; small changes it takes in
/// itself, large ones are left to the repository's own thread, and it waits. That thread also takes in changes that
/// nobody asks about, once they rest. One update runs at a time; readers keep the snapshot they have.
///
/// Borrows the parts. Thread-safe.
class Repository {
 public:
  struct Origin {
    FileSelection selection;            ///< a root, wholly
    Generations::Counter& generations;  ///< of that root
  };

  Repository(const RepositoryParts& parts, Origin origin, const LiveSettings& settings, PendingIndexes& pending,
             RepositoryListener listener);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// A snapshot that has everything saved before the call. With Completeness::kPartial, and while the first index takes
  /// long, one of what is known so far. Errors: those of list_selection(); those of RequestContext::check();
  /// kLimitExceeded for a generation that was not given yet.
  Result<std::shared_ptr<const RepositorySnapshot>> snapshot(const RequestContext& context) EXCLUDES(mutex_);

  /// What is there, without looking; null before the first index is done.
  std::shared_ptr<const RepositorySnapshot> latest() const EXCLUDES(mutex_);

  /// Has these paths looked at again, "" for all; returns at once.
  void look_again(ChangeBatch batch) EXCLUDES(mutex_);

  WatcherState watcher() const { return watcher_->state(); }

  /// How many files this repository has parsed.
  std::size_t parsed() const { return parsed_; }

  RepositoryStatus status() const EXCLUDES(mutex_);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using SnapshotAnswer = std::optional<Result<std::shared_ptr<const RepositorySnapshot>>>;
  enum class Step : std::uint8_t { kAgain, kUpdate };
  enum class UpdateSize : std::uint8_t { kSmall, kWhole };
  class Waiting;
  struct Partial;
  struct Announcement {
    std::uint64_t generation = 0;
    ChangeBatch batch;
  };
  struct RuleStat {
    std::string path;
    std::optional<FileStat> stat;  // nothing: it does not exist
    bool is_doubtful = false;      // changed while it was read
  };
  using RuleStats = std::vector<RuleStat>;

  void drain(TimePoint asked) EXCLUDES(mutex_, drain_mutex_);
  bool have_rules_changed() EXCLUDES(mutex_);
  void remember_rules(const RepoScan& scan) EXCLUDES(mutex_);
  std::uint64_t aim() EXCLUDES(mutex_);
  Step step(std::uint64_t target, std::uint64_t min_generation, SnapshotAnswer& answer) EXCLUDES(mutex_);
  void update() EXCLUDES(mutex_);
  Result<RepoScan> look(const RepositorySnapshot* former, const ChangeBatch& batch,
                        const std::shared_ptr<SymbolsCollector>& fresh) EXCLUDES(mutex_);
  Result<RepoScan> look_at_everything(const std::shared_ptr<SymbolsCollector>& fresh) EXCLUDES(mutex_);
  void rest(std::chrono::nanoseconds worked) const;
  ScanHooks hooks(const std::shared_ptr<SymbolsCollector>& fresh, UpdateSize size);
  std::shared_ptr<const RepositorySnapshot> succeed(const RepositorySnapshot* former, RepoScan scan,
                                                    SymbolsCollector& fresh) EXCLUDES(mutex_);
  bool are_settled(RepoScan& scan, std::span<const std::size_t> changed) EXCLUDES(mutex_);
  std::pair<std::shared_ptr<const SymbolGraph>, SymbolsOrigin> symbols_of(const RepositorySnapshot* former,
                                                                          const RepoScan& scan,
                                                                          SymbolsCollector& fresh);
  std::shared_ptr<const RepositorySnapshot> partial_snapshot() EXCLUDES(mutex_);
  void work() EXCLUDES(mutex_);
  bool update_when_due() EXCLUDES(mutex_);
  void announce() EXCLUDES(mutex_);

  // Fixed after construction.
  const RepositoryParts parts_;
  const StateBuilder builder_;
  const FileSelection selection_;
  const LiveSettings settings_;
  PendingIndexes& pending_;
  const RepositoryListener listener_;
  Generations::Counter& generations_;
  const std::unique_ptr<FileWatcher> watcher_;

  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> parsed_ = 0;
  std::atomic<std::size_t> waiting_ = 0;  // requests
  std::atomic<std::size_t> done_ = 0;     // of the files of a large update
  std::atomic<std::size_t> total_ = 0;    // 0: none is under way
  std::size_t names_at_first_ = 0;        // used by whoever updates: names when the symbols were last built anew
  std::size_t unsettled_ = 0;             // likewise: updates in a row whose symbols are not those of their scan

  Mutex drain_mutex_;  // held while the watcher is drained into the queue; before mutex_
  TimePoint drained_ GUARDED_BY(drain_mutex_){};

  mutable Mutex mutex_;
  CondVar changed_;
  ChangeQueue queue_ GUARDED_BY(mutex_);
  std::uint64_t added_ GUARDED_BY(mutex_) = 1;    // batches given to the queue; the first is the whole tree
  std::uint64_t applied_ GUARDED_BY(mutex_) = 0;  // batches of these that the snapshot has
  bool is_updating_ GUARDED_BY(mutex_) = false;
  bool has_lost_changes_ GUARDED_BY(mutex_) = false;  // the latest update has failed, and its batch is gone
  bool is_wanted_ GUARDED_BY(mutex_) = false;         // somebody waits for the updater
  bool has_much_queued_ GUARDED_BY(mutex_) = false;   // the queue holds the whole tree
  std::shared_ptr<const RepositorySnapshot> snapshot_ GUARDED_BY(mutex_);
  std::shared_ptr<Partial> partial_ GUARDED_BY(mutex_);        // while everything is looked at for the first time
  std::optional<Error> trouble_ GUARDED_BY(mutex_);            // of the latest update
  std::shared_ptr<const RuleStats> rules_ GUARDED_BY(mutex_);  // FileList::rule_files; null before the first scan
  std::vector<Announcement> announcements_ GUARDED_BY(mutex_);
  std::uint64_t batches_ GUARDED_BY(mutex_) = 0;

  // The last members: stopped before what they use is destroyed.
  std::unique_ptr<PeriodicWorker> updater_;
  std::unique_ptr<PeriodicWorker> drainer_;
};

}  // namespace repomap
