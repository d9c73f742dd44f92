// SPDX-License-Identifier: Apache-2.0
#include "watcher/mixed_watcher.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <utility>

#include "core/base/mount.hpp"

namespace repomap {
namespace {

// So many in one drain() come from a writer that is faster than we read.
constexpr std::uint64_t kEventsAtOnce = 1'000'000;

// Without a descriptor to wake it a wait() looks so often whether it was interrupted.
constexpr std::chrono::milliseconds kBlindWait{50};

constexpr std::string_view kOverflow =
    "the kernel's queue of events ran over: fs.inotify.max_queued_events may be raised";
constexpr std::string_view kStorm = "changes came faster than they could be read";

}  // namespace

MixedWatcher::MixedWatcher(std::string root, const WatcherSettings& settings,
                           Result<std::unique_ptr<InotifyInstance>> instance)
    : root_(std::move(root)),
      settings_(settings),
      wake_descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      polled_(root_),
      changed_(kChangedPathsLimit) {
  if (instance) {
    inotify_ = std::make_unique<InotifyWatches>(std::move(*instance));
    events_descriptor_ = inotify_->descriptor();
  } else {
    polling_reason_ = std::move(instance.error().message);
  }
}

MixedWatcher::~MixedWatcher() {
  if (wake_descriptor_ >= 0) {
    ::close(wake_descriptor_);
  }
}

void MixedWatcher::watch(const std::string& path, const OpenDirectory& directory) {
  const MutexLock lock(mutex_);
  if (path.empty()) {
    const auto identity = directory.identity();
    root_state_ = identity ? RootState::kPresent : RootState::kMissing;
    root_identity_ = identity.value_or(OpenDirectory::Identity());
  }
  auto obstacle = obstacle_locked(path, directory);
  if (obstacle) {
    polling_reason_ = std::move(*obstacle);
    polled_.watch(path, directory);
  } else {
    polled_.remove(path);
  }
}

/// Has the kernel watch the directory; or else why not.
std::optional<std::string> MixedWatcher::obstacle_locked(const std::string& path, const OpenDirectory& directory) {
  if (inotify_ == nullptr) {
    return polling_reason_;
  }
  if (const std::string& network = network_name_locked(directory); !network.empty()) {
    return fmt::format("{}: changes made by other machines give no events", network);
  }
  if (settings_.max_watches > 0 && inotify_->size() >= settings_.max_watches && !inotify_->is_watched(path)) {
    return fmt::format("the limit of watches of the settings ({}) is reached: raise it", settings_.max_watches);
  }
  const Status status = inotify_->watch(path, directory);
  if (status) {
    return std::nullopt;
  }
  return status.error().code == ErrorCode::kNoSpace ? describe_watch_limit() : status.error().message;
}

const std::string& MixedWatcher::network_name_locked(const OpenDirectory& directory) {
  const auto identity = directory.identity();
  const auto [known, is_new] = network_names_.try_emplace(identity ? identity->device : 0);
  if (is_new) {
    const auto mount = mount_of(directory.self_path());
    known->second = mount && mount->kind == MountKind::kNetwork ? mount->name : "";
  }
  return known->second;
}

void MixedWatcher::forget(std::string_view path) {
  const MutexLock lock(mutex_);
  forget_locked(path);
  pump_locked();
  if (!changed_.empty() || !desync_reason_.empty()) {
    interrupt();  // the events are not in the kernel's queue any more
  }
}

void MixedWatcher::forget_locked(std::string_view path) {
  polled_.forget(path);
  if (inotify_ != nullptr) {
    inotify_->forget(path);
  }
}

ChangeBatch MixedWatcher::drain() {
  const MutexLock lock(mutex_);
  pump_locked();
  compare_locked();
  look_at_root_locked();
  ChangeBatch batch;
  batch.paths = changed_.take();
  if (!desync_reason_.empty()) {
    batch.paths = {""};
    batch.desync_reason = std::exchange(desync_reason_, {});
  }
  return batch;
}

void MixedWatcher::pump_locked() {
  if (inotify_ == nullptr) {
    return;
  }
  const std::uint64_t limit = inotify_->events() + kEventsAtOnce;
  for (auto outcome = InotifyWatches::Outcome::kSome; outcome != InotifyWatches::Outcome::kNothing;) {
    const std::uint64_t before = inotify_->events();
    outcome = inotify_->read(changed_, gone_);
    for (const std::string& path : std::exchange(gone_, {})) {
      polled_.forget(path);
    }
    if (outcome == InotifyWatches::Outcome::kOverflow) {
      ++overflows_;
      desync_reason_ = kOverflow;
      if (inotify_->events() == before) {
        return;  // it cannot be read at all
      }
    } else if (inotify_->events() > limit) {
      desync_reason_ = kStorm;
      return;
    }
  }
}

void MixedWatcher::compare_locked() {
  polled_.compare(changed_, gone_);
  for (const std::string& path : std::exchange(gone_, {})) {
    forget_locked(path);
  }
  pump_locked();
}

void MixedWatcher::look_at_root_locked() {
  if (root_state_ == RootState::kNotWatched) {
    return;
  }
  const auto root = OpenDirectory::open(root_);
  const auto identity = root ? root->identity() : Result<OpenDirectory::Identity>(std::unexpected(root.error()));
  const bool is_missing = !identity && identity.error().code == ErrorCode::kNotFound;
  const RootState state = is_missing ? RootState::kMissing : RootState::kPresent;
  if (state == root_state_ && (!identity || *identity == root_identity_)) {
    return;
  }
  root_state_ = state;
  root_identity_ = identity.value_or(root_identity_);
  forget_locked("");
  pump_locked();
  changed_.add("");
}

void MixedWatcher::wait(std::chrono::milliseconds timeout) {
  {
    const MutexLock lock(mutex_);
    if (polled_.size() > 0 || root_state_ == RootState::kMissing) {
      timeout = std::min(timeout, settings_.poll_interval);
    }
  }
  if (wake_descriptor_ < 0) {
    timeout = std::min(timeout, kBlindWait);
  }
  std::array<pollfd, 2> descriptors{{{events_descriptor_, POLLIN, 0}, {wake_descriptor_, POLLIN, 0}}};
  const auto limited = std::clamp<std::chrono::milliseconds::rep>(timeout.count(), 0, INT_MAX);
  if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(limited)) > 0 && descriptors[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_descriptor_, &count, sizeof(count));  // sets it back to 0
  }
}

void MixedWatcher::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(wake_descriptor_, &one, sizeof(one));  // full: it wakes anyway
}

WatcherState MixedWatcher::state() const {
  const MutexLock lock(mutex_);
  WatcherState state;
  state.polled = polled_.size();
  if (inotify_ != nullptr) {
    state.watches = inotify_->size();
    state.events = inotify_->events();
  }
  state.overflows = overflows_;
  if (!desync_reason_.empty()) {
    state.mode = WatchMode::kDegraded;
    state.reason = desync_reason_;
  } else if (root_state_ == RootState::kMissing) {
    state.mode = WatchMode::kDegraded;
    state.reason = "the root directory is gone";
  } else if (state.polled > 0 || inotify_ == nullptr) {
    state.mode = WatchMode::kPolling;
    state.reason = polling_reason_;
  }
  return state;
}

}  // namespace repomap
