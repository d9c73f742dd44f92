// SPDX-License-Identifier: Apache-2.0
#include "core/cache/rlock.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/base/process_identity.hpp"
#include "core/cache/lock.hpp"

namespace repomap {

RLock::RLock(LeaseTable& table, std::string name, std::chrono::milliseconds ttl)
    : table_(table), name_(std::move(name)), ttl_(ttl) {}

Result<bool> RLock::try_acquire(std::chrono::nanoseconds timeout) {
  LeaseRequest request;
  request.name = name_;
  request.ttl = ttl_;
  request.timeout = timeout;
  request.owner = LeaseOwner::kThread;
  REPOMAP_ASSIGN(auto lease, table_.acquire(request));
  if (!lease) {
    return false;
  }
  const MutexLock lock(mutex_);
  Held& held = held_[this_thread_number()];
  // Another fence: what this thread held before has expired, and its levels with it.
  held.times = held.lease.fence == lease->fence ? held.times + 1 : 1;
  held.lease = *std::move(lease);
  return true;
}

Status RLock::acquire() {
  while (true) {
    REPOMAP_ASSIGN(const bool is_taken, try_acquire(kNoTimeout));
    if (is_taken) {
      return {};
    }
  }
}

Status RLock::release() {
  Lease lease;
  {
    const MutexLock lock(mutex_);
    const auto position = held_.find(this_thread_number());
    if (position == held_.end()) {
      return fail(ErrorCode::kPermissionDenied, fmt::format("lock \"{}\" is not held by this thread", name_));
    }
    lease = position->second.lease;
    if (--position->second.times == 0) {
      held_.erase(position);
    }
  }
  return table_.release(lease);
}

}  // namespace repomap
