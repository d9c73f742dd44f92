// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace repomap {

/// What holds memory that it can give up: what a MemoryMonitor shrinks and lets grow again. Thread-safe.
class MemoryConsumer {
 public:
  virtual ~MemoryConsumer() = default;

  /// The bytes it holds at present.
  virtual std::uint64_t size_bytes() const = 0;

  /// From now on it holds at most so many bytes; what is above is freed before this returns. 0: no limit.
  virtual void set_limit_bytes(std::uint64_t limit_bytes) = 0;
};

}  // namespace repomap
