// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/file_system.hpp"
#include "core/cache/memory_files.hpp"

namespace repomap {

/// How much memory there is at one moment. What is not known is nothing.
struct MemoryReading {
  /// Of all that bounds this process (control groups, address space, the machine), the narrowest.
  std::optional<std::uint64_t> limit_bytes;
  /// What is left under that bound, with what the kernel could take back at once counted as left.
  std::optional<std::uint64_t> free_bytes;
  std::optional<MemoryStall> stall;
};

/// Where a MemoryMonitor learns how much memory there is. Used by one thread at a time.
class MemoryPressureSource {
 public:
  virtual ~MemoryPressureSource() = default;

  virtual MemoryReading read() = 0;

  /// Called when memory has been freed that the operating system should have back.
  virtual void give_back() = 0;
};

/// Reads Linux' files: /proc/meminfo, the control group's limit and use (v1 and v2, with all that is above it),
/// pressure stall information of the group or the machine; and RLIMIT_AS. What cannot be read is not known. Keeps a
/// reference to `files`, which outlives it.
std::unique_ptr<MemoryPressureSource> make_linux_memory_source(const FileSystem& files);

}  // namespace repomap
