// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace repomap {

enum class WatchMode : std::uint8_t {
  kEvents,    ///< the kernel tells of every change
  kPolling,   ///< some or all directories give no events, and are compared instead
  kDegraded,  ///< changes may have been missed since; all is being looked at again, or a part cannot be watched at all
};

/// How a watcher learns of changes, for answers and for `status`.
struct WatcherState {
  WatchMode mode = WatchMode::kEvents;
  std::string reason;           ///< of any mode but kEvents, one clause
  std::size_t watches = 0;      ///< directories that the kernel watches
  std::size_t polled = 0;       ///< directories that are compared
  std::uint64_t events = 0;     ///< read so far
  std::uint64_t overflows = 0;  ///< times that the kernel's queue ran over

  /// "ok", "polling(reason)" or "degraded(reason)".
  std::string to_display() const;
};

struct WatcherSettings {
  std::chrono::milliseconds poll_interval{2000};
  std::size_t max_watches = 0;  ///< 0: as many as the kernel gives; further directories are polled
};

}  // namespace repomap
