// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

/// When a tier that has failed is tried again.
struct TierRetrySettings {
  std::chrono::nanoseconds first_delay = std::chrono::milliseconds(100);  ///< doubled with each failure in a row
  std::chrono::nanoseconds longest_delay = std::chrono::seconds(30);
  std::size_t remembered_changes = 10'000;  ///< of a tier that is out; if there are more it is cleared on its return
};

/// A backend as a part of a TieredCache: a failure puts it out of order for a while instead of failing the request.
///
/// While it is out it is not asked, and what it should have changed is remembered: the keys that got another value or
/// none, the tags that were evicted. When its time has come one caller applies that, or if there is nothing to apply
/// makes its own request the trial; only then is it used again. So it never gives what is out of date. What it missed
/// is not known to the next process: the destructor tries once more. Owns the backend. Thread-safe.
class CacheTier {
 public:
  enum class PutOutcome : std::uint8_t { kStored, kTooLarge, kMissed };

  /// `clock` outlives the tier. `number` is for messages; the nearest tier is 1.
  CacheTier(std::unique_ptr<CacheBackend> backend, std::size_t number, const TierRetrySettings& settings,
            const Clock& clock);
  ~CacheTier();
  CacheTier(const CacheTier&) = delete;
  CacheTier& operator=(const CacheTier&) = delete;

  /// As of a backend; nothing if the tier could not be asked.
  std::optional<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys);

  PutOutcome put_many(std::span<const CacheItem> items);

  /// Stores what another tier has: where the tier is out that is no loss.
  void offer(std::span<const CacheItem> items);

  // How many entries went; 0 if the tier is out, which will remember.
  std::size_t erase(std::span<const CacheKey> keys);
  std::size_t evict(std::span<const CacheTag> tags);
  std::size_t clear();

  /// Those of the backend, with what this tier knows of its failures.
  BackendStats stats() const;

  /// Why the tier is out of order, with its number; "" if it is well.
  std::string trouble() const;

 private:
  enum class Admission : std::uint8_t { kRefused, kAdmitted, kTrial };

  /// What a request changes: entries of these keys, entries with these tags, or all. Borrows.
  struct Change {
    std::span<const CacheItem> items = {};
    std::span<const CacheKey> keys = {};
    std::span<const CacheTag> tags = {};
    bool everything = false;
  };

  /// What the backend has to remove before it is asked again.
  struct Changes {
    bool everything = false;
    std::unordered_set<CacheKey> keys;
    std::set<CacheTag> tags;

    bool empty() const { return !everything && keys.empty() && tags.empty(); }
    void add(const Change& change, std::size_t limit);
    void add(Changes& others, std::size_t limit);
  };

  Admission admit(const Change& change);
  Admission try_to_return(const Change& change) EXCLUDES(mutex_);
  void refuse_locked(const Change& change) REQUIRES(mutex_);
  void succeed(Admission admission);
  void fail_with(const Error& error, Admission admission, const Change& change) EXCLUDES(mutex_);
  bool fail_locked(const Error& error, bool is_retry) REQUIRES(mutex_);
  bool apply_missed() EXCLUDES(mutex_);
  Status apply(const Changes& changes);
  template <typename Work>
  std::size_t remove(const Change& change, const Work& work);

  // Fixed after construction.
  const std::unique_ptr<CacheBackend> backend_;
  const std::size_t number_;
  const TierRetrySettings settings_;
  const Clock& clock_;

  // Have their own synchronisation; is_out_ changes under mutex_ only.
  std::atomic<bool> is_out_ = false;
  std::atomic<std::uint64_t> errors_ = 0;
  std::atomic<std::uint64_t> skipped_ = 0;

  mutable Mutex mutex_;
  Changes missed_ GUARDED_BY(mutex_);  // empty unless the tier is out
  bool is_returning_ GUARDED_BY(mutex_) = false;
  unsigned failures_ GUARDED_BY(mutex_) = 0;  // in a row
  std::chrono::nanoseconds retry_at_ GUARDED_BY(mutex_){};
  std::chrono::nanoseconds returned_at_ GUARDED_BY(mutex_){};
  std::string trouble_ GUARDED_BY(mutex_);
};

}  // namespace repomap
