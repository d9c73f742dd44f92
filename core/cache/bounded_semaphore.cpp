// SPDX-License-Identifier: Apache-2.0
#include "core/cache/bounded_semaphore.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/cache/lock.hpp"

namespace repomap {

BoundedSemaphore::BoundedSemaphore(LeaseTable& table, std::string name, std::uint32_t permits,
                                   std::chrono::milliseconds ttl)
    : table_(table), name_(std::move(name)), permits_(permits), ttl_(ttl) {}

BoundedSemaphore::~BoundedSemaphore() {
  const MutexLock lock(mutex_);
  for (const Lease& lease : leases_) {
    static_cast<void>(table_.release(lease));  // refused only where it is another's by now
  }
}

Result<bool> BoundedSemaphore::try_acquire(std::chrono::nanoseconds timeout) {
  LeaseRequest request;
  request.name = name_;
  request.permits = permits_;
  request.ttl = ttl_;
  request.timeout = timeout;
  REPOMAP_ASSIGN(auto lease, table_.acquire(request));
  if (!lease) {
    return false;
  }
  const MutexLock lock(mutex_);
  leases_.push_back(*std::move(lease));
  return true;
}

Status BoundedSemaphore::acquire() {
  while (true) {
    REPOMAP_ASSIGN(const bool is_taken, try_acquire(kNoTimeout));
    if (is_taken) {
      return {};
    }
  }
}

Status BoundedSemaphore::release() {
  Lease lease;
  {
    const MutexLock lock(mutex_);
    if (leases_.empty()) {
      return fail(ErrorCode::kPermissionDenied, fmt::format("no permit of \"{}\" is held by this owner", name_));
    }
    lease = std::move(leases_.back());
    leases_.pop_back();
  }
  return table_.release(lease);
}

Status BoundedSemaphore::renew() {
  std::vector<Lease> leases;
  {
    const MutexLock lock(mutex_);
    leases = leases_;
  }
  for (const Lease& lease : leases) {
    REPOMAP_TRY(table_.renew(lease, ttl_));
  }
  return {};
}

std::size_t BoundedSemaphore::held() const {
  const MutexLock lock(mutex_);
  return leases_.size();
}

}  // namespace repomap
