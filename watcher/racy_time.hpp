// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "core/base/file_system.hpp"

namespace repomap {

/// The wall clock, in nanoseconds since the epoch, as the times of a FileStat.
inline std::int64_t wall_time_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

/// Whether a file may change after it was examined at `examined_ns` and still have this stat: its last change lies
/// within one tick of the file system's clock before. The kernel's ticks at least 100 times a second; file systems that
/// keep whole seconds, or (FAT) every other one, show times without a fraction.
inline bool is_racy(const FileStat& stat, std::int64_t examined_ns) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  const std::int64_t tick_ns = stat.ctime_ns % kSecondNs == 0 ? 2 * kSecondNs : kSecondNs / 100;
  return stat.ctime_ns >= examined_ns - tick_ns;
}

}  // namespace repomap
