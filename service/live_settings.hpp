// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "watcher/watcher_state.hpp"

namespace repomap {

/// How repositories are kept up to date in memory.
struct LiveSettings {
  std::size_t memory_limit_bytes = 0;  ///< of all loaded repositories; 0: a quarter of what this process may use
  std::chrono::milliseconds debounce{20};
  std::chrono::milliseconds partial_after{1000};  ///< when a request that takes a part is answered from one
  int cpu_percent = 100;                          ///< of a processor, that each of these threads may take
  int niceness = 10;                              ///< of the threads that index in the background (nice(2))
  WatcherSettings watcher;
};

}  // namespace repomap
