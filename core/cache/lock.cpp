// SPDX-License-Identifier: Apache-2.0
#include "core/cache/lock.hpp"

#include <fmt/format.h>

#include <utility>

namespace repomap {

Lock::Lock(LeaseTable& table, std::string name, std::chrono::milliseconds ttl)
    : table_(table), name_(std::move(name)), ttl_(ttl) {}

Lock::~Lock() {
  const MutexLock lock(mutex_);
  if (lease_) {
    static_cast<void>(table_.release(*lease_));  // refused only where it is another's by now
  }
}

Result<bool> Lock::try_acquire(std::chrono::nanoseconds timeout) {
  LeaseRequest request;
  request.name = name_;
  request.ttl = ttl_;
  request.timeout = timeout;
  REPOMAP_ASSIGN(auto lease, table_.acquire(request));
  if (!lease) {
    return false;
  }
  const MutexLock lock(mutex_);
  lease_ = std::move(lease);
  return true;
}

Status Lock::acquire() {
  while (true) {
    REPOMAP_ASSIGN(const bool is_taken, try_acquire(kNoTimeout));
    if (is_taken) {
      return {};
    }
  }
}

Status Lock::release() {
  std::optional<Lease> lease;
  {
    const MutexLock lock(mutex_);
    lease = std::exchange(lease_, std::nullopt);
  }
  if (!lease) {
    return fail(ErrorCode::kPermissionDenied, fmt::format("lock \"{}\" is not held by this owner", name_));
  }
  return table_.release(*lease);
}

Status Lock::renew() {
  std::optional<Lease> lease;
  {
    const MutexLock lock(mutex_);
    lease = lease_;
  }
  if (!lease) {
    return fail(ErrorCode::kPermissionDenied, fmt::format("lock \"{}\" is not held by this owner", name_));
  }
  REPOMAP_TRY(table_.renew(*lease, ttl_));
  return {};
}

Result<bool> Lock::is_locked() const {
  REPOMAP_ASSIGN(const auto holders, table_.holders(name_));
  return !holders.empty();
}

std::optional<std::int64_t> Lock::fence() const {
  const MutexLock lock(mutex_);
  return lease_ ? std::optional(lease_->fence) : std::nullopt;
}

}  // namespace repomap
