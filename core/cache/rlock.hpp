// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/lease_table.hpp"

namespace repomap {

/// A lock that its thread can take again, through any RLock of that name: it is free when as often released as taken.
///
/// The owner is the thread, in this process, on this machine. Borrows the table. Thread-safe. REQUIRES: the calling
/// thread holds nothing through it when it is destroyed; otherwise that is held until it expires.
class RLock {
 public:
  RLock(LeaseTable& table, std::string name, std::chrono::milliseconds ttl);
  RLock(const RLock&) = delete;
  RLock& operator=(const RLock&) = delete;

  /// Takes the lock, or gives false if another thread held it for the whole timeout. Taking it again renews it.
  /// Errors: those of LeaseTable::acquire.
  Result<bool> try_acquire(std::chrono::nanoseconds timeout);
  /// The same without end. Errors: those of LeaseTable::acquire.
  Status acquire();
  /// Takes back one acquire. Errors: kPermissionDenied if the calling thread does not hold it, or no longer.
  Status release();

 private:
  struct Held {
    Lease lease;
    std::uint32_t times = 0;
  };

  // Fixed after construction.
  LeaseTable& table_;
  const std::string name_;
  const std::chrono::milliseconds ttl_;

  Mutex mutex_;
  std::map<std::uint64_t, Held> held_ GUARDED_BY(mutex_);  // by this_thread_number()
};

}  // namespace repomap
