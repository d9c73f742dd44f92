// SPDX-License-Identifier: Apache-2.0
#include "watcher/change_queue.hpp"

#include <algorithm>
#include <utility>

namespace repomap {

void ChangeQueue::add(ChangeBatch batch, Time now) {
  if (batch.empty()) {
    return;
  }
  const MutexLock lock(mutex_);
  if (changed_.empty() && desync_reason_.empty()) {
    oldest_ = now;
  }
  newest_ = now;
  for (std::string& path : batch.paths) {
    changed_.add(std::move(path));
  }
  if (desync_reason_.empty()) {
    desync_reason_ = std::move(batch.desync_reason);
  }
}

std::optional<std::chrono::nanoseconds> ChangeQueue::due_in(Time now) const {
  const MutexLock lock(mutex_);
  if (changed_.empty() && desync_reason_.empty()) {
    return std::nullopt;
  }
  const Time due = std::min(newest_ + settings_.debounce, oldest_ + settings_.max_delay);
  return std::max(due - now, Time::zero());
}

ChangeBatch ChangeQueue::take() {
  const MutexLock lock(mutex_);
  return {changed_.take(), std::exchange(desync_reason_, {})};
}

std::size_t ChangeQueue::size() const {
  const MutexLock lock(mutex_);
  return changed_.size();
}

}  // namespace repomap
