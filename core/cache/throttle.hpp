// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

struct ThrottleRate {
  std::uint32_t count = 1;                  ///< so many calls …
  std::chrono::milliseconds period{1'000};  ///< … in so much time, and at once after a rest of that time

  /// Errors: kInvalidArgument for no calls or no time.
  Status validate() const;
};

/// A rate limit that threads and processes keep together: in any t there are at most count + count * t / period calls.
///
/// A token bucket under one key of a store: whoever makes a Throttle of that key gets the bucket as it is. Each call
/// takes its token at once, even one that is yet to come, and sleeps until it has; so nobody is overtaken for ever. If
/// the wall clock is set back, nothing is added meanwhile. The store should not evict: a lost bucket is a full one.
///
/// A handle. Borrows the store, and uses its clock. Thread-safe. Errors of every method: those of the store, and
/// kCorrupt where the key has another value.
class Throttle {
 public:
  static Result<Throttle> open(DiskStore& store, CacheKey key, ThrottleRate rate);

  /// Returns when the caller may go on, or at once with false, no token taken, if that is later than `longest` from
  /// now.
  Result<bool> try_acquire(std::chrono::nanoseconds longest);
  /// Returns when the caller may go on.
  Status acquire();

 private:
  Throttle(DiskStore& store, CacheKey key, ThrottleRate rate) : store_(&store), key_(std::move(key)), rate_(rate) {}

  DiskStore* store_;
  CacheKey key_;
  ThrottleRate rate_;
};

}  // namespace repomap
