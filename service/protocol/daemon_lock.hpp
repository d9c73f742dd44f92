// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "core/base/result.hpp"

namespace repomap {

/// The right to be the one daemon of a user: a lock on a file (flock(2)) that ends with the process, however that ends.
/// Thread-compatible.
class DaemonLock {
 public:
  /// Makes the file if there is none, and writes the number of this process into it.
  /// Errors: kBusy, naming the process that holds it; those of the operating system.
  static Result<DaemonLock> acquire(const std::string& path);
  ~DaemonLock();
  DaemonLock(DaemonLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DaemonLock& operator=(DaemonLock&&) = delete;

 private:
  explicit DaemonLock(int file) : file_(file) {}

  int file_;
};

}  // namespace repomap
