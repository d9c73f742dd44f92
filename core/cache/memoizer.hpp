// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/lease_table.hpp"
#include "core/cache/memo_key.hpp"

namespace repomap {

/// How computed values are kept.
struct MemoSettings {
  std::optional<std::chrono::milliseconds> ttl;  ///< nothing: for ever; 0 or less: values are looked up, never stored
  std::vector<CacheTag> tags;                    ///< of every value
  /// Above 0: values are computed anew before they expire, the earlier the longer that takes and the greater this is;
  /// 1 is the usual choice. 0: not before. Needs a ttl.
  double early_beta = 0.0;
  std::chrono::milliseconds lease_ttl{600'000};  ///< a computation that takes longer may be started once more
  /// How long to wait for another process that computes the same before computing here too.
  std::chrono::milliseconds patience{600'000};

  /// Errors: kInvalidArgument for a negative beta, or one without a ttl.
  Status validate() const;
};

/// What a Memoizer works with. All of it outlives the Memoizer.
struct MemoSurroundings {
  CacheBackend* values = nullptr;  ///< REQUIRES: not null
  LeaseTable* leases = nullptr;    ///< null: one computation at a time in this process only
  const Clock* clock = &system_clock();
  /// Runs a task some time, for early recomputation; it may run it at once or never. Unset: no early recomputation.
  std::function<void(std::function<void()>)> executor;
  /// Uniform in (0, 1]; called by many threads. Unset: a generator per thread.
  std::function<double()> random;
};

/// Counts since construction: hits + misses = calls.
struct MemoStats {
  std::uint64_t hits = 0;            ///< calls that were answered by a stored value
  std::uint64_t misses = 0;          ///< calls that had to compute or wait for a computation
  std::uint64_t computations = 0;    ///< started here, early ones included
  std::uint64_t failures = 0;        ///< computations that failed
  std::uint64_t early = 0;           ///< computations started before the expiry
  std::uint64_t storage_errors = 0;  ///< look-ups, stores and leases that failed; the calls went on without
};

/// Keeps what a function computes, and computes it once at a time.
///
/// Of all threads and processes that ask for a missing value, one computes and the others wait for it (a lease keeps
/// the processes apart; a dead one's lease is free at once). A failing store or lease never fails a call. A failed
/// computation is not stored: those who waited for it in this process get its error, the next call tries again. With
/// early_beta, hits near the expiry start one recomputation through the executor and return the stored value (XFetch:
/// Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", PVLDB 8(8), 2015); if that
/// fails, the old value stays until it expires.
///
/// Thread-safe. The destructor waits for tasks that the executor has begun.
class Memoizer {
 public:
  using Compute = std::function<Result<std::string>()>;

  static Result<std::unique_ptr<Memoizer>> create(MemoSurroundings surroundings, MemoSettings settings);
  ~Memoizer();
  Memoizer(const Memoizer&) = delete;
  Memoizer& operator=(const Memoizer&) = delete;

  /// The value of that key, computed if there is none. Errors: those of `compute`.
  /// REQUIRES: compute does not call get() with an equal key, and may run on a thread of the executor.
  Result<std::string> get(const CacheKey& key, const Compute& compute);

  MemoStats stats() const;

 private:
  struct State;
  explicit Memoizer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// `function` with a memory: an object that is called like it. Calls are told apart by `name` and all arguments (see
/// memo_key.hpp). Borrows the memoizer. The function returns a Result<std::string> and takes its arguments by value.
template <typename Function>
auto memoized(Memoizer& memoizer, std::string name, Function function) {
  return [&memoizer, name = std::move(name), function = std::move(function)](auto... args) -> Result<std::string> {
    return memoizer.get(memo_key(name, args...), [function, args...] { return function(args...); });
  };
}

}  // namespace repomap
