// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/process_identity.hpp"
#include "core/base/result.hpp"

namespace repomap {

class DiskStore;

/// Whether the holder of a lease may take it again.
enum class LeaseOwner : std::uint8_t {
  kLease,   ///< no: each lease stands for itself
  kThread,  ///< yes: the thread that holds it nests
};

struct LeaseRequest {
  std::string name;
  std::uint32_t permits = 1;              ///< how many may hold a lease of this name at once
  std::chrono::milliseconds ttl{30'000};  ///< from then on, unless renewed, others may take it
  std::chrono::nanoseconds timeout{};     ///< how long to wait for it; 0: one try
  LeaseOwner owner = LeaseOwner::kLease;
};

/// The right to do what its name stands for, until it expires. A value: keeping it does not keep the right.
struct Lease {
  std::string name;
  std::int64_t fence = 0;   ///< rises with every lease ever given from a store: what it guards can refuse an older one
  std::uint32_t depth = 1;  ///< how often the owning thread has taken it
  Clock::WallTime expires;
};

/// Who holds a lease, for people.
struct LeaseHolder {
  Lease lease;
  ProcessIdentity process;
  std::uint64_t thread = 0;  ///< this_thread_number() in that process; 0 where threads do not matter
};

/// The leases of one store, shared by all threads and processes that open it.
///
/// A lease ends when it is released, when its time is over, or when its process is dead, whichever comes first. Expiry
/// is by wall clock, which can jump: who must be sure hands `fence` to what he writes to. Within a table those who wait
/// are served in their order, and woken by the release; for a lease of another process the first of them asks again at
/// growing intervals of at most 50 ms. Who asks in vain writes nothing to disk.
///
/// Borrows the store, and uses its clock. Thread-safe, but not for use inside a transaction: what the transaction
/// undoes would have been given. A lease is of the process that took it: after a fork the child can neither renew nor
/// release it.
class LeaseTable {
 public:
  explicit LeaseTable(DiskStore& store);
  ~LeaseTable();
  LeaseTable(const LeaseTable&) = delete;
  LeaseTable& operator=(const LeaseTable&) = delete;

  /// The lease, or nothing if others held it for the whole timeout. Errors: kInvalidArgument for no permits, no time to
  /// live or another number of permits than the present holders'; those of the store.
  Result<std::optional<Lease>> acquire(const LeaseRequest& request);

  /// The lease with a new end, `ttl` from now. Errors: kPermissionDenied if it is no longer this process's.
  Result<Lease> renew(const Lease& lease, std::chrono::milliseconds ttl);

  /// Gives it back; of a nested one the last level does. Errors: kPermissionDenied if it is no longer this process's,
  /// or another thread's where threads own.
  Status release(const Lease& lease);

  /// Who holds leases of that name at present.
  Result<std::vector<LeaseHolder>> holders(std::string_view name) const;

  /// How often this table has asked the store for a lease.
  std::uint64_t attempts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace repomap
