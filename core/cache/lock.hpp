// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/lease_table.hpp"

namespace repomap {

/// How long an acquire waits unless told otherwise: until the lease is there.
inline constexpr std::chrono::nanoseconds kNoTimeout = std::chrono::hours(24 * 365);

/// Mutual exclusion over threads and processes: of all Locks of one name in one store, one is held at a time.
///
/// The object is the owner: any thread may release what another acquired through the same object, and nobody else's
/// release does anything. Borrows the table. Thread-safe. Destroying it releases it.
class Lock {
 public:
  Lock(LeaseTable& table, std::string name, std::chrono::milliseconds ttl);
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  /// Takes the lock, or gives false if it was held for the whole timeout. Errors: those of LeaseTable::acquire.
  Result<bool> try_acquire(std::chrono::nanoseconds timeout);
  /// The same without end. Errors: those of LeaseTable::acquire.
  Status acquire();
  /// Errors: kPermissionDenied if this object does not hold it, or no longer: it expired and another took it.
  Status release();
  /// Holds it for another time to live from now. Errors: kPermissionDenied as for release.
  Status renew();

  /// Whether anybody holds it.
  Result<bool> is_locked() const;
  /// The fencing number of the lease that this object holds; nothing if it holds none.
  std::optional<std::int64_t> fence() const;

 private:
  // Fixed after construction.
  LeaseTable& table_;
  const std::string name_;
  const std::chrono::milliseconds ttl_;

  mutable Mutex mutex_;
  std::optional<Lease> lease_ GUARDED_BY(mutex_);
};

}  // namespace repomap
