// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/cache/cache_manager.hpp"
#include "watcher/watcher_state.hpp"

namespace repomap {

/// What a service knows of one repository.
struct RepositoryStatus {
  std::string root;
  bool is_loaded = false;        ///< in memory; what is not is indexed on disk all the same
  std::uint64_t generation = 0;  ///< 0: nothing is known yet
  std::size_t files = 0;
  std::size_t indexed = 0;  ///< files with tags
  std::size_t pending = 0;  ///< files still to be read
  std::size_t skipped = 0;
  std::size_t queued = 0;  ///< changed paths that wait to be looked at
  std::size_t memory_bytes = 0;
  WatcherState watcher;
  std::uint64_t batches = 0;             ///< of changes, taken in since it was loaded
  std::optional<Clock::WallTime> as_of;  ///< nothing saved before is missing
  std::string trouble;                   ///< why it cannot be kept up to date; "" if it can
};

struct ServiceStatus {
  std::vector<RepositoryStatus> repositories;  ///< by root
  std::vector<KindStats> caches;
  std::size_t memory_bytes = 0;        ///< of loaded repositories
  std::size_t memory_limit_bytes = 0;  ///< above, the least recently used are unloaded
};

/// What subscribers are told.
struct RepositoryEvent {
  enum class Kind : std::uint8_t { kChanged, kProgress, kUnloaded };
  Kind kind = Kind::kChanged;
  std::string root;
  std::uint64_t generation = 0;
  std::vector<std::string> paths;  ///< kChanged: what was looked at again; "" is everything
  std::size_t done = 0;            ///< kProgress
  std::size_t total = 0;           ///< kProgress
};

}  // namespace repomap
