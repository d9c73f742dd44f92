// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/work_check.hpp"
#include "core/cache/lease_table.hpp"
#include "core/cache/lock.hpp"

namespace repomap {

/// Lets one process index a repository while the others wait for what it finds, instead of all of them parsing the
/// same files. It saves work and guards nothing: without a store to meet in, or when a store fails, everybody goes
/// ahead. Borrows the table. Thread-safe after take().
class IndexTurn {
 public:
  enum class Outcome : std::uint8_t {
    kAtOnce,        ///< nobody else was at work, or nobody can tell
    kAfterWaiting,  ///< somebody else has finished meanwhile: look again before working
  };

  /// `leases` may be null.
  IndexTurn(LeaseTable* leases, const std::string& root, const Clock& clock);

  /// Waits until nobody else indexes that root. A process that dies gives its turn back. Errors: those of the check.
  Result<Outcome> take(const WorkCheck& check);

  /// Tells the others that this process is still at work. To be called now and then; cheap.
  void keep();

 private:
  static constexpr std::chrono::seconds kTimeToLive{30};

  const Clock& clock_;
  std::optional<Lock> lock_;
  std::atomic<std::int64_t> renewed_ns_ = 0;  // monotonic
};

}  // namespace repomap
