// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace repomap {

/// Where time comes from, so that tests can set it. Thread-safe.
class Clock {
 public:
  /// Wall-clock time: what is stored on disk and compared between processes. It can jump, also backwards.
  using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

  virtual ~Clock() = default;

  virtual WallTime now() const = 0;

  /// Time since an unknown start; never goes back. For durations and timeouts within one process.
  virtual std::chrono::nanoseconds monotonic() const = 0;

  virtual void sleep_for(std::chrono::nanoseconds duration) const = 0;
};

/// The clock of the operating system. Lives as long as the program.
const Clock& system_clock();

}  // namespace repomap
