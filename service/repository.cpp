// SPDX-License-Identifier: Apache-2.0
//
// Batches of changes are counted: `added_` when one goes into the queue, `applied_` when a snapshot has it. A request
// drains the watcher, remembers `added_`, and is done when `applied_` has come that far, whoever did the work. Whoever
// sets is_updating_ owns the update until it has cleared it again.
#include "service/repository.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/log.hpp"
#include "service/repo_manifest.hpp"

namespace repomap {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Batches of up to so many paths are taken in by the request that meets them.
constexpr std::size_t kFewPaths = 64;

/// How long a request waits before it looks whether it was cancelled.
constexpr std::chrono::milliseconds kLookUp{50};

bool is_everything(const ChangeBatch& batch) {
  return batch.is_desynced() || (!batch.paths.empty() && batch.paths.front().empty());
}

/// Whether files are what they were, but for what it took to read them.
bool are_equal(const FileVersion& a, const FileVersion& b) {
  return a.outcome == b.outcome && a.content == b.content && a.language == b.language && a.symbols == b.symbols &&
         a.reason == b.reason && a.detail == b.detail;
}

bool are_equal(const SkippedFile& a, const SkippedFile& b) {
  return a.path == b.path && a.reason == b.reason && a.detail == b.detail;
}

bool are_equal(const RepoScan& a, const RepoScan& b) {
  const auto versions = [](const FileVersion& x, const FileVersion& y) { return are_equal(x, y); };
  const auto skipped = [](const SkippedFile& x, const SkippedFile& y) { return are_equal(x, y); };
  return a.paths == b.paths && std::ranges::equal(a.versions, b.versions, versions) &&
         std::ranges::equal(a.report.skipped, b.report.skipped, skipped) && a.report.notices == b.report.notices &&
         a.fingerprints == b.fingerprints;
}

bool have_equal_symbols(const RepoScan& a, const RepoScan& b) {
  return a.paths == b.paths &&
         std::ranges::equal(a.versions, b.versions, {}, &FileVersion::symbols, &FileVersion::symbols);
}

/// The files of the former scan that are not what they were, or not there.
std::vector<std::string> changed_files(const RepoScan& former, const RepoScan& next) {
  std::vector<std::string> changed;
  std::size_t at = 0;
  for (std::size_t i = 0; i < former.paths.size(); ++i) {
    while (at < next.paths.size() && next.paths[at] < former.paths[i]) {
      ++at;
    }
    if (at == next.paths.size() || next.paths[at] != former.paths[i] ||
        !are_equal(former.versions[i], next.versions[at])) {
      changed.push_back(former.paths[i]);
    }
  }
  return changed;
}

}  // namespace

// Counts a request for as long as it lasts.
class Repository::Waiting {
 public:
  explicit Waiting(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Waiting() { --count_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

// What is known while everything is looked at for the first time.
struct Repository::Partial {
  Partial(RepoScan listed, std::span<const std::size_t> unread, std::shared_ptr<const SymbolsCollector> collector)
      : scan(std::move(listed)), pending(unread.size()), fresh(std::move(collector)) {}

  void settle(std::size_t file, const FileVersion& version) EXCLUDES(mutex) {
    MutexLock lock(mutex);
    scan.versions[file] = version;
    --pending;
  }

  Mutex mutex;
  RepoScan scan GUARDED_BY(mutex);
  std::size_t pending GUARDED_BY(mutex);
  const std::shared_ptr<const SymbolsCollector> fresh;
};

Repository::Repository(const RepositoryParts& parts, Origin origin, const LiveSettings& settings,
                       PendingIndexes& pending, RepositoryListener listener)
    : parts_(parts),
      builder_(parts),
      selection_(std::move(origin.selection)),
      settings_(settings),
      pending_(pending),
      listener_(std::move(listener)),
      generations_(origin.generations),
      watcher_(make_file_watcher(selection_.root, settings.watcher)),
      queue_(ChangeQueueSettings{.debounce = settings.debounce}) {
  constexpr std::chrono::hours kForever{24};
  updater_ = std::make_unique<PeriodicWorker>("update", kForever, [this] { work(); });
  drainer_ = std::make_unique<PeriodicWorker>("watch", std::chrono::nanoseconds(0), [this, kForever] {
    if (is_stopping_) {
      return;
    }
    watcher_->wait(kForever);
    if (!is_stopping_) {
      drain(SteadyClock::now());
      updater_->wake();
    }
  });
  updater_->wake();
}

Repository::~Repository() {
  is_stopping_ = true;
  watcher_->interrupt();
  changed_.notify_all();
}

std::shared_ptr<const RepositorySnapshot> Repository::latest() const {
  MutexLock lock(mutex_);
  return snapshot_;
}

void Repository::look_again(ChangeBatch batch) {
  {
    MutexLock lock(mutex_);
    has_much_queued_ = has_much_queued_ || is_everything(batch);
    queue_.add(std::move(batch), parts_.clock.monotonic());
    ++added_;
  }
  updater_->wake();
}

/// Gives the queue what the watcher was told since `asked`, unless somebody else has begun to do so after that.
void Repository::drain(TimePoint asked) {
  MutexLock draining(drain_mutex_);
  if (drained_ > asked) {
    return;
  }
  const TimePoint start = SteadyClock::now();
  ChangeBatch batch = watcher_->drain();
  if (have_rules_changed()) {
    batch.desync_reason = "what decides which files are listed has changed";
  }
  drained_ = start;
  if (!batch.empty()) {
    MutexLock lock(mutex_);  // the second of two locks: drain_mutex_ comes first, everywhere
    has_much_queued_ = has_much_queued_ || is_everything(batch);
    queue_.add(std::move(batch), parts_.clock.monotonic());
    ++added_;
  }
}

bool Repository::have_rules_changed() {
  std::shared_ptr<const RuleStats> known;
  {
    MutexLock lock(mutex_);
    known = rules_;
  }
  if (!known) {
    return false;
  }
  RuleStats current = *known;
  bool is_changed = false;
  for (RuleStat& rule : current) {
    const auto stat = parts_.file_system.stat(rule.path);
    const auto now = stat ? std::optional(*stat) : std::nullopt;
    is_changed = is_changed || now != rule.stat || rule.is_doubtful;
    rule.stat = now;
    rule.is_doubtful = false;
  }
  if (is_changed) {
    MutexLock lock(mutex_);
    rules_ = std::make_shared<const RuleStats>(std::move(current));
  }
  return is_changed;
}

/// REQUIRES: the scan has just been made. A rule file that was changed or deleted while it was read proves nothing, and
/// what follows from it is looked at once more.
void Repository::remember_rules(const RepoScan& scan) {
  std::shared_ptr<const RuleStats> former;
  {
    MutexLock lock(mutex_);
    former = rules_;
  }
  const auto was_there = [&former](const std::string& path) {
    return former &&
           std::ranges::any_of(*former, [&path](const RuleStat& rule) { return rule.path == path && rule.stat; });
  };
  RuleStats rules;
  const auto as_of = std::chrono::time_point_cast<std::chrono::microseconds>(scan.report.freshness.as_of);
  for (const std::string& path : scan.rule_files) {
    const auto stat = parts_.file_system.stat(path);
    const bool is_doubtful = stat ? !is_proof(*stat, as_of) : was_there(path);
    rules.push_back({path, stat ? std::optional(*stat) : std::nullopt, is_doubtful});
  }
  MutexLock lock(mutex_);
  rules_ = std::make_shared<const RuleStats>(std::move(rules));
}

Result<std::shared_ptr<const RepositorySnapshot>> Repository::snapshot(const RequestContext& context) {
  const TimePoint asked = SteadyClock::now();
  const Waiting waiting(waiting_);
  drain(asked);
  const std::uint64_t target = aim();
  while (true) {
    REPOMAP_TRY(context.check());
    std::optional<Result<std::shared_ptr<const RepositorySnapshot>>> answer;
    if (step(target, context.min_generation, answer) == Step::kUpdate) {
      update();
    }
    if (answer) {
      return std::move(*answer);
    }
    if (context.progress && total_ > 0) {
      context.progress(done_, total_);
    }
    if (context.completeness == Completeness::kPartial && context.min_generation == 0 &&
        SteadyClock::now() - asked >= settings_.partial_after) {
      if (auto partial = partial_snapshot()) {
        return partial;
      }
    }
  }
}

/// The batch that must be applied for everything that was drained to be in. What has failed is tried again.
std::uint64_t Repository::aim() {
  MutexLock lock(mutex_);
  if (trouble_ && applied_ == added_) {
    trouble_.reset();
    has_much_queued_ = true;
    queue_.add({{""}, ""}, parts_.clock.monotonic());
    ++added_;
  }
  return added_;
}

/// Answers if the target is reached; else gives the update to the caller, or waits a little for somebody else's.
Repository::Step Repository::step(std::uint64_t target, std::uint64_t min_generation,
                                  std::optional<Result<std::shared_ptr<const RepositorySnapshot>>>& answer) {
  bool must_wake = false;
  {
    MutexLock lock(mutex_);
    if (applied_ >= target && trouble_) {
      answer = std::unexpected(*trouble_);
      return Step::kAgain;
    }
    if (applied_ >= target && snapshot_) {
      // Nobody was told of a generation that is not there when all is in: it may never come.
      if (const std::uint64_t latest = generations_; latest < min_generation) {
        answer = fail(ErrorCode::kLimitExceeded,
                      fmt::format("generation {} was not reached yet: the latest is {}", min_generation, latest));
      } else {
        answer = snapshot_;
      }
      return Step::kAgain;
    }
    if (!is_updating_ && applied_ < added_) {
      if (snapshot_ && !has_much_queued_ && queue_.size() <= kFewPaths) {
        is_updating_ = true;
        return Step::kUpdate;
      }
      must_wake = !std::exchange(is_wanted_, true);
    }
    if (!must_wake) {
      changed_.wait_for(mutex_, kLookUp);
    }
  }
  if (must_wake) {
    updater_->wake();
  }
  return Step::kAgain;
}

void Repository::update() {
  ChangeBatch batch;
  std::uint64_t sequence = 0;
  std::shared_ptr<const RepositorySnapshot> former;
  {
    MutexLock lock(mutex_);
    batch = queue_.take();
    sequence = added_;
    former = snapshot_;
    if (has_lost_changes_) {
      batch.desync_reason = "the update before has failed";
    }
    has_much_queued_ = false;
    is_wanted_ = false;
  }
  const auto fresh = std::make_shared<SymbolsCollector>();
  auto scan = look(former.get(), batch, fresh);
  std::shared_ptr<const RepositorySnapshot> next = former;
  if (scan) {
    next = succeed(former.get(), std::move(*scan), *fresh);
    next = next ? next : former;
  }
  if (next != former && former) {
    listener_.changing(changed_files(former->state.scan, next->state.scan));
  }
  {
    MutexLock lock(mutex_);
    is_updating_ = false;
    applied_ = sequence;
    partial_.reset();
    has_lost_changes_ = !scan;
    trouble_ = scan ? std::nullopt : std::optional(std::move(scan).error());
    if (next != former) {
      snapshot_ = next;
      announcements_.push_back({next->generation, std::move(batch)});
    }
    ++batches_;
  }
  done_ = 0;
  total_ = 0;
  changed_.notify_all();
  updater_->wake();
}

Result<RepoScan> Repository::look(const RepositorySnapshot* former, const ChangeBatch& batch,
                                  const std::shared_ptr<SymbolsCollector>& fresh) {
  if (former != nullptr) {
    for (const std::string& path : batch.paths) {
      if (!std::ranges::binary_search(former->state.scan.paths, path)) {
        watcher_->forget(path);
      }
    }
    REPOMAP_ASSIGN(auto scan, builder_.apply(former->state.scan, batch, selection_, hooks(fresh, UpdateSize::kSmall)));
    if (scan) {
      return std::move(*scan);
    }
  }
  return look_at_everything(fresh);
}

Result<RepoScan> Repository::look_at_everything(const std::shared_ptr<SymbolsCollector>& fresh) {
  pending_.add(selection_);
  watcher_->forget("");
  auto scan = builder_.scan(selection_, hooks(fresh, UpdateSize::kWhole));
  if (!scan && scan.error().code == ErrorCode::kCancelled) {
    return scan;  // it stays on the list for the next process
  }
  pending_.remove(selection_);
  if (scan) {
    remember_rules(*scan);
  }
  return scan;
}

ScanHooks Repository::hooks(const std::shared_ptr<SymbolsCollector>& fresh, UpdateSize size) {
  ScanHooks hooks;
  hooks.check = [this]() -> Status {
    return is_stopping_ ? fail(ErrorCode::kCancelled, fmt::format("{}: indexing was cancelled", selection_.root))
                        : Status();
  };
  hooks.directory = [this](const std::string& path, const OpenDirectory& directory) {
    watcher_->watch(path, directory);
  };
  hooks.order = IndexOrder::kRecentFirst;
  hooks.rest = [this](std::chrono::nanoseconds worked) { rest(worked); };
  hooks.tags = [this, fresh](std::size_t file, const FileTags& tags) {
    ++parsed_;
    fresh->add(file, tags);
  };
  if (size == UpdateSize::kSmall) {
    return hooks;
  }
  hooks.progress = [this](std::size_t done, std::size_t total) {
    total_ = total;
    done_ = done;
    listener_.progress(done, total);
  };
  auto partial = std::make_shared<std::shared_ptr<Partial>>();
  hooks.listed = [this, fresh, partial](const RepoScan& scan, std::span<const std::size_t> pending) {
    *partial = std::make_shared<Partial>(scan, pending, fresh);
    MutexLock lock(mutex_);
    partial_ = *partial;
  };
  hooks.settled = [partial](std::size_t file, const FileVersion& version) { (*partial)->settle(file, version); };
  return hooks;
}

/// Keeps a thread that indexes within its share of the processor, unless somebody waits for what it does.
void Repository::rest(std::chrono::nanoseconds worked) const {
  constexpr std::chrono::nanoseconds kAtMost = std::chrono::milliseconds(200);
  const int share = settings_.cpu_percent;
  if (share < 100 && share > 0 && waiting_ == 0) {
    parts_.clock.sleep_for(std::min(kAtMost, worked * (100 - share) / share));
  }
}

/// The snapshot that follows, or null if nothing has changed.
std::shared_ptr<const RepositorySnapshot> Repository::succeed(const RepositorySnapshot* former, RepoScan scan,
                                                              SymbolsCollector& fresh) {
  if (former != nullptr && former->is_exact && are_equal(former->state.scan, scan)) {
    return nullptr;
  }
  auto next = std::make_shared<RepositorySnapshot>();
  if (former != nullptr && former->is_exact && have_equal_symbols(former->state.scan, scan)) {
    next->state.symbols = former->state.symbols;
    next->symbols_digest = former->symbols_digest;
  } else {
    auto [symbols, origin] = symbols_of(former, scan, fresh);
    next->state.symbols = std::move(symbols);
    next->is_exact = are_settled(scan, origin.changed);
    next->symbols_digest = scan.symbols_state();
  }
  next->content_digest = scan.content_state();
  next->state.scan = std::move(scan);
  next->definitions = std::make_shared<const DefinitionNames>(former == nullptr ? nullptr : former->definitions.get());
  next->generation = ++generations_;
  return next;
}

/// Whether the symbols are those of the scan. Files of which that is not known, as they changed while their tags were
/// read, are looked at again, until they have done so too often: then the watcher will tell.
bool Repository::are_settled(RepoScan& scan, std::span<const std::size_t> changed) {
  constexpr std::size_t kAttempts = 3;
  for (const std::size_t file : changed) {
    scan.versions[file].symbols = kUnknownSymbols;
  }
  ChangeBatch doubtful;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    if (scan.versions[i].symbols == kUnknownSymbols) {
      doubtful.paths.push_back(scan.paths[i]);
    }
  }
  if (doubtful.paths.empty()) {
    unsettled_ = 0;
    return true;
  }
  if (++unsettled_ <= kAttempts) {
    look_again(std::move(doubtful));
  }
  return false;
}

std::pair<std::shared_ptr<const SymbolGraph>, SymbolsOrigin> Repository::symbols_of(const RepositorySnapshot* former,
                                                                                    const RepoScan& scan,
                                                                                    SymbolsCollector& fresh) {
  // Names that no file has any more are left behind by building anew, once they could be half of all.
  if (former == nullptr || former->state.symbols->symbols().identifiers.size() > 2 * names_at_first_) {
    auto [symbols, origin] = builder_.symbols(scan, selection_, fresh);
    names_at_first_ = symbols.identifiers.size();
    return {std::make_shared<const SymbolGraph>(std::move(symbols), SymbolsUse::kOften), std::move(origin)};
  }
  FormerSymbols known{former->state.symbols->symbols(), {}};
  known.digests.reserve(former->state.scan.versions.size());
  std::ranges::transform(former->state.scan.versions, std::back_inserter(known.digests), &FileVersion::symbols);
  auto [symbols, origin] = builder_.patch_symbols(scan, std::move(known), fresh.take());
  return {std::make_shared<const SymbolGraph>(std::move(symbols), *former->state.symbols), std::move(origin)};
}

/// What is known while the first index runs, or null.
std::shared_ptr<const RepositorySnapshot> Repository::partial_snapshot() {
  std::shared_ptr<Partial> partial;
  {
    MutexLock lock(mutex_);
    partial = partial_;
  }
  if (!partial) {
    return nullptr;
  }
  auto snapshot = std::make_shared<RepositorySnapshot>();
  std::size_t pending = 0;
  {
    MutexLock lock(partial->mutex);
    snapshot->state.scan = partial->scan;
    pending = partial->pending;
  }
  RepoScan& scan = snapshot->state.scan;
  // The rows may be of files that have settled since the copy was made; their names do no harm.
  SymbolsCollector::Rows rows = partial->fresh->copy();
  std::erase_if(rows.rows,
                [&scan](const auto& row) { return scan.versions[row.first].outcome != FileOutcome::kTagged; });
  snapshot->state.symbols =
      std::make_shared<const SymbolGraph>(builder_.patch_symbols(scan, {}, std::move(rows)).first);
  const auto as_of = std::chrono::time_point_cast<std::chrono::microseconds>(scan.report.freshness.as_of);
  complete_report(scan, {}, as_of);
  scan.report.freshness.pending = std::max<std::size_t>(pending, 1);
  snapshot->generation = 0;
  return snapshot;
}

void Repository::work() {
  announce();
  while (!is_stopping_ && update_when_due()) {
    announce();
  }
}

/// Takes changes in once they rest, or somebody waits for them. False if there is nothing to do.
bool Repository::update_when_due() {
  {
    MutexLock lock(mutex_);
    if (is_updating_ || applied_ == added_) {
      return false;  // who updates will wake this thread
    }
    const auto due = queue_.due_in(parts_.clock.monotonic());
    if (snapshot_ && !is_wanted_ && due && *due > std::chrono::nanoseconds::zero()) {
      changed_.wait_for(mutex_, *due);
      return true;
    }
    is_updating_ = true;
  }
  update();
  return true;
}

void Repository::announce() {
  std::vector<Announcement> announcements;
  std::optional<Error> trouble;
  {
    MutexLock lock(mutex_);
    announcements.swap(announcements_);
    trouble = trouble_;
  }
  for (const Announcement& announcement : announcements) {
    listener_.changed(announcement.generation, announcement.batch);
  }
  if (const auto snapshot = announcements.empty() ? nullptr : latest()) {
    listener_.rested(*snapshot);
  }
  if (trouble) {
    listener_.troubled(*trouble);
  }
}

RepositoryStatus Repository::status() const {
  RepositoryStatus status;
  status.root = selection_.root;
  status.is_loaded = true;
  status.watcher = watcher_->state();
  std::shared_ptr<const RepositorySnapshot> snapshot;
  std::shared_ptr<Partial> partial;
  {
    MutexLock lock(mutex_);
    snapshot = snapshot_;
    partial = partial_;
    status.generation = generations_;
    status.queued = queue_.size();
    status.batches = batches_;
    status.trouble = trouble_ ? trouble_->message : "";
  }
  if (snapshot) {
    const FileReport& report = snapshot->state.scan.report;
    status.files = report.listed;
    status.indexed = report.freshness.indexed;
    status.skipped = report.skipped.size();
    status.memory_bytes = snapshot->memory_bytes();
    status.as_of = std::chrono::time_point_cast<std::chrono::microseconds>(report.freshness.as_of);
  } else if (partial) {
    MutexLock lock(partial->mutex);
    status.files = partial->scan.paths.size();
    status.pending = partial->pending;
    status.indexed = status.files - status.pending;
  }
  return status;
}

}  // namespace repomap
