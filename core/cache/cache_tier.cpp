// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_tier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"

namespace repomap {

CacheTier::CacheTier(std::unique_ptr<CacheBackend> backend, std::size_t number, const TierRetrySettings& settings,
                     const Clock& clock)
    : backend_(std::move(backend)), number_(number), settings_(settings), clock_(clock) {}

CacheTier::~CacheTier() {
  {
    MutexLock lock(mutex_);
    if (missed_.empty()) {
      return;
    }
  }
  apply_missed();
}

std::optional<std::vector<std::optional<CacheEntry>>> CacheTier::get_many(std::span<const CacheKey> keys) {
  const Admission admission = admit({});
  if (admission == Admission::kRefused) {
    return std::nullopt;
  }
  auto entries = backend_->get_many(keys);
  if (entries && entries->size() == keys.size()) {
    succeed(admission);
    return std::move(*entries);
  }
  fail_with(entries ? Error{ErrorCode::kCorrupt, "the number of answers is not that of the keys"} : entries.error(),
            admission, {});
  return std::nullopt;
}

CacheTier::PutOutcome CacheTier::put_many(std::span<const CacheItem> items) {
  const Change change{.items = items};
  const Admission admission = admit(change);
  if (admission == Admission::kRefused) {
    return PutOutcome::kMissed;
  }
  const Status stored = backend_->put_many(items);
  if (stored || stored.error().code == ErrorCode::kLimitExceeded) {
    succeed(admission);
    return stored ? PutOutcome::kStored : PutOutcome::kTooLarge;
  }
  fail_with(stored.error(), admission, change);
  return PutOutcome::kMissed;
}

void CacheTier::offer(std::span<const CacheItem> items) {
  if (!is_out_.load(std::memory_order_acquire)) {
    (void)put_many(items);
  }
}

template <typename Work>
std::size_t CacheTier::remove(const Change& change, const Work& work) {
  const Admission admission = admit(change);
  if (admission == Admission::kRefused) {
    return 0;
  }
  const Result<std::size_t> count = work();
  if (count) {
    succeed(admission);
    return *count;
  }
  fail_with(count.error(), admission, change);
  return 0;
}

std::size_t CacheTier::erase(std::span<const CacheKey> keys) {
  return remove({.keys = keys}, [&] { return backend_->erase(keys); });
}

std::size_t CacheTier::evict(std::span<const CacheTag> tags) {
  return remove({.tags = tags}, [&] { return backend_->evict(tags); });
}

std::size_t CacheTier::clear() {
  return remove({.everything = true}, [&] { return backend_->clear(); });
}

BackendStats CacheTier::stats() const {
  BackendStats stats = backend_->stats();
  stats.errors = std::max(stats.errors, errors_.load(std::memory_order_relaxed));
  stats.skipped += skipped_.load(std::memory_order_relaxed);
  if (const std::string why = trouble(); !why.empty()) {
    stats.trouble = why;
  }
  return stats;
}

std::string CacheTier::trouble() const {
  MutexLock lock(mutex_);
  return trouble_;
}

void CacheTier::Changes::add(const Change& change, std::size_t limit) {
  Changes changes;
  changes.everything = change.everything;
  changes.keys.insert(change.keys.begin(), change.keys.end());
  changes.tags.insert(change.tags.begin(), change.tags.end());
  for (const CacheItem& item : change.items) {
    changes.keys.insert(item.key);
  }
  add(changes, limit);
}

void CacheTier::Changes::add(Changes& others, std::size_t limit) {
  keys.merge(others.keys);
  tags.merge(others.tags);
  everything = everything || others.everything || keys.size() + tags.size() > limit;
  if (everything) {
    keys.clear();
    tags.clear();
  }
}

/// Whether the tier may be used now. If not, `change` is remembered.
CacheTier::Admission CacheTier::admit(const Change& change) {
  return is_out_.load(std::memory_order_acquire) ? try_to_return(change) : Admission::kAdmitted;
}

CacheTier::Admission CacheTier::try_to_return(const Change& change) {
  {
    MutexLock lock(mutex_);
    if (!is_out_.load(std::memory_order_relaxed)) {
      return Admission::kAdmitted;
    }
    if (is_returning_ || clock_.monotonic() < retry_at_) {
      refuse_locked(change);
      return Admission::kRefused;
    }
    is_returning_ = true;
    if (missed_.empty()) {
      return Admission::kTrial;
    }
  }
  if (apply_missed()) {
    return Admission::kAdmitted;
  }
  MutexLock lock(mutex_);
  if (!is_out_.load(std::memory_order_relaxed)) {
    return Admission::kAdmitted;  // another caller was luckier meanwhile
  }
  refuse_locked(change);
  return Admission::kRefused;
}

void CacheTier::refuse_locked(const Change& change) {
  missed_.add(change, settings_.remembered_changes);
  skipped_.fetch_add(1, std::memory_order_relaxed);
}

void CacheTier::succeed(Admission admission) {
  if (admission == Admission::kTrial) {
    apply_missed();
  }
}

void CacheTier::fail_with(const Error& error, Admission admission, const Change& change) {
  bool is_news = false;
  {
    MutexLock lock(mutex_);
    missed_.add(change, settings_.remembered_changes);
    is_news = fail_locked(error, admission == Admission::kTrial);
  }
  if (is_news) {
    log_warning(fmt::format("the cache goes on without this for a while: {}", error.message));
  }
}

/// Puts the tier out of use. Whether that is the first failure of this trouble.
bool CacheTier::fail_locked(const Error& error, bool is_retry) {
  errors_.fetch_add(1, std::memory_order_relaxed);
  const bool was_out = is_out_.load(std::memory_order_relaxed);
  if (was_out && !is_retry) {
    return false;  // one failure of several requests that were under way
  }
  const std::chrono::nanoseconds now = clock_.monotonic();
  if (!was_out && now - returned_at_ >= settings_.longest_delay) {
    failures_ = 0;  // well for long: this is not the old trouble
  }
  constexpr unsigned kMostDoublings = 30;
  const auto factor = std::int64_t{1} << std::min(failures_, kMostDoublings);
  const bool is_longest = settings_.first_delay > settings_.longest_delay / factor;
  retry_at_ = now + (is_longest ? settings_.longest_delay : settings_.first_delay * factor);
  const bool is_first = failures_ == 0;
  ++failures_;
  trouble_ = fmt::format("tier {}: {}", number_, error.message);
  is_returning_ = false;
  is_out_.store(true, std::memory_order_release);
  return is_first;
}

/// Brings the backend up to date and puts the tier back into use. False if it failed again.
bool CacheTier::apply_missed() {
  while (true) {
    Changes changes;
    {
      MutexLock lock(mutex_);
      if (missed_.empty()) {
        is_out_.store(false, std::memory_order_release);
        is_returning_ = false;
        returned_at_ = clock_.monotonic();
        trouble_.clear();
        return true;
      }
      changes = std::exchange(missed_, {});
    }
    if (const Status applied = apply(changes); !applied) {
      MutexLock lock(mutex_);
      missed_.add(changes, settings_.remembered_changes);
      fail_locked(applied.error(), true);
      return false;
    }
  }
}

Status CacheTier::apply(const Changes& changes) {
  if (changes.everything) {
    REPOMAP_TRY(backend_->clear());
    return {};
  }
  if (!changes.keys.empty()) {
    REPOMAP_TRY(backend_->erase(std::vector<CacheKey>(changes.keys.begin(), changes.keys.end())));
  }
  if (!changes.tags.empty()) {
    REPOMAP_TRY(backend_->evict(std::vector<CacheTag>(changes.tags.begin(), changes.tags.end())));
  }
  return {};
}

}  // namespace repomap
