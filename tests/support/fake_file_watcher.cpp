// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_file_watcher.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "watcher/path_cover.hpp"

namespace repomap {

void FakeFileWatcher::tell(std::vector<std::string> paths) {
  const MutexLock lock(mutex_);
  std::ranges::move(paths, std::back_inserter(paths_));
  woken_.notify_all();
}

void FakeFileWatcher::desync(std::string reason) {
  const MutexLock lock(mutex_);
  desync_reason_ = std::move(reason);
  woken_.notify_all();
}

void FakeFileWatcher::set_state(WatcherState state) {
  const MutexLock lock(mutex_);
  state_ = std::move(state);
}

std::vector<std::string> FakeFileWatcher::watched() const {
  const MutexLock lock(mutex_);
  return {watched_.begin(), watched_.end()};
}

std::size_t FakeFileWatcher::drains() const {
  const MutexLock lock(mutex_);
  return drains_;
}

void FakeFileWatcher::watch(const std::string& path, const OpenDirectory& /*directory*/) {
  const MutexLock lock(mutex_);
  watched_.insert(path);
}

void FakeFileWatcher::forget(std::string_view path) {
  PathCover forgotten(PathCover::kUnlimited);
  forgotten.add(std::string(path));
  const MutexLock lock(mutex_);
  std::erase_if(watched_, [&](const std::string& watched) { return forgotten.covers(watched); });
}

ChangeBatch FakeFileWatcher::drain() {
  const MutexLock lock(mutex_);
  ++drains_;
  if (!desync_reason_.empty()) {
    paths_.clear();
    return {{""}, std::exchange(desync_reason_, {})};
  }
  PathCover cover(PathCover::kUnlimited);
  for (std::string& path : std::exchange(paths_, {})) {
    cover.add(std::move(path));
  }
  return {cover.take(), {}};
}

void FakeFileWatcher::wait(std::chrono::milliseconds timeout) {
  const MutexLock lock(mutex_);
  if (!is_interrupted_ && paths_.empty() && desync_reason_.empty()) {
    woken_.wait_for(mutex_, timeout);  // a wake-up without cause is allowed
  }
  is_interrupted_ = false;
}

void FakeFileWatcher::interrupt() {
  const MutexLock lock(mutex_);
  is_interrupted_ = true;
  woken_.notify_all();
}

WatcherState FakeFileWatcher::state() const {
  const MutexLock lock(mutex_);
  WatcherState state = state_;
  state.watches = watched_.size();
  return state;
}

}  // namespace repomap
