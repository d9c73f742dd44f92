// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/lease_table.hpp"

namespace repomap {

/// At most so many holders at once over all threads and processes. A permit is a lease: a dead holder's comes back.
///
/// While permits are held, a semaphore of that name with another number of them is refused. Borrows the table.
/// Thread-safe. Destroying it gives back the permits that were acquired through it.
class BoundedSemaphore {
 public:
  BoundedSemaphore(LeaseTable& table, std::string name, std::uint32_t permits, std::chrono::milliseconds ttl);
  ~BoundedSemaphore();
  BoundedSemaphore(const BoundedSemaphore&) = delete;
  BoundedSemaphore& operator=(const BoundedSemaphore&) = delete;

  /// Takes a permit, or gives false if none was free for the whole timeout. Errors: those of LeaseTable::acquire.
  Result<bool> try_acquire(std::chrono::nanoseconds timeout);
  /// The same without end. Errors: those of LeaseTable::acquire.
  Status acquire();
  /// Gives back a permit. Errors: kPermissionDenied if none is held through this object, or it had expired.
  Status release();
  /// Holds all its permits for another time to live from now. Errors: kPermissionDenied if one had expired.
  Status renew();

  std::size_t held() const;

 private:
  // Fixed after construction.
  LeaseTable& table_;
  const std::string name_;
  const std::uint32_t permits_;
  const std::chrono::milliseconds ttl_;

  mutable Mutex mutex_;
  std::vector<Lease> leases_ GUARDED_BY(mutex_);
};

}  // namespace repomap
