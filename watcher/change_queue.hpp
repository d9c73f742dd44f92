// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "core/base/mutex.hpp"
#include "core/model/change_batch.hpp"
#include "watcher/path_cover.hpp"

namespace repomap {

struct ChangeQueueSettings {
  std::chrono::nanoseconds debounce = std::chrono::milliseconds(20);    ///< so long nothing must have come
  std::chrono::nanoseconds max_delay = std::chrono::milliseconds(200);  ///< but nobody waits for longer
  std::size_t limit = kChangedPathsLimit;                               ///< paths held, see PathCover
};

/// Merges batches of changes until it is time to act on them: when no more have come for a while, as after the last of
/// the steps in which an editor saves, or when the oldest has waited for long enough. Has no clock of its own: times
/// come from the caller, as Clock::monotonic() gives them. Memory is bounded. Thread-safe. Never fails.
class ChangeQueue {
 public:
  using Time = std::chrono::nanoseconds;

  explicit ChangeQueue(const ChangeQueueSettings& settings) : settings_(settings), changed_(settings.limit) {}

  /// An empty batch changes nothing.
  void add(ChangeBatch batch, Time now);

  /// How long until take() should be called: 0 if it is due, nothing if there is nothing to take.
  std::optional<std::chrono::nanoseconds> due_in(Time now) const;

  /// All that was added since the last call, due or not, as one batch.
  ChangeBatch take();

  /// Paths held.
  std::size_t size() const;

 private:
  const ChangeQueueSettings settings_;

  mutable Mutex mutex_;
  PathCover changed_ GUARDED_BY(mutex_);
  std::string desync_reason_ GUARDED_BY(mutex_);
  Time oldest_ GUARDED_BY(mutex_){};
  Time newest_ GUARDED_BY(mutex_){};
};

}  // namespace repomap
