// SPDX-License-Identifier: Apache-2.0
#include "watcher/inotify_watcher.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/file_system.hpp"
#include "watcher/changed_path.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kMask = IN_ONLYDIR | IN_EXCL_UNLINK | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE |
                                IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

// The kernel queues 16384 events, and one for each watch that ends.
constexpr std::size_t kEndedAtOnce = 2048;

/// A number of /proc/sys/fs/inotify, or "unknown".
std::string kernel_limit(std::string_view name) {
  const auto text = make_posix_file_system()->read_file(join_path("/proc/sys/fs/inotify", name), 64);
  return text ? text->substr(0, text->find('\n')) : "unknown";
}

class KernelInotify final : public InotifyInstance {
 public:
  explicit KernelInotify(int descriptor) : descriptor_(descriptor) {}
  ~KernelInotify() override { ::close(descriptor_); }
  KernelInotify(const KernelInotify&) = delete;
  KernelInotify& operator=(const KernelInotify&) = delete;

  Result<int> add(const OpenDirectory& directory) override {
    const int watch = ::inotify_add_watch(descriptor_, directory.self_path().c_str(), kMask);
    if (watch < 0) {
      return std::unexpected(errno_error(errno, "inotify_add_watch"));
    }
    return watch;
  }

  // A watch whose directory was deleted has ended by itself: that is no failure.
  void remove(int watch) override { ::inotify_rm_watch(descriptor_, watch); }

  Result<std::size_t> read(std::span<char> buffer) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      if (errno == EAGAIN) {
        return 0;
      }
      if (errno != EINTR) {
        return std::unexpected(errno_error(errno, "read inotify"));
      }
    }
  }

  int descriptor() const override { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::optional<InotifyEvent> take_event(std::string_view& bytes) {
  inotify_event header{};
  if (bytes.size() < sizeof(header)) {
    return std::nullopt;
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.len > bytes.size() - sizeof(header)) {
    return std::nullopt;
  }
  const std::string_view padded = bytes.substr(sizeof(header), header.len);
  bytes.remove_prefix(sizeof(header) + header.len);
  return InotifyEvent{header.wd, header.mask, padded.substr(0, padded.find('\0'))};
}

Result<std::unique_ptr<InotifyInstance>> open_inotify() {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor >= 0) {
    return std::make_unique<KernelInotify>(descriptor);
  }
  if (errno == EMFILE) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("the limit of inotify instances ({}) or of open files is reached: raise "
                            "fs.inotify.max_user_instances or ulimit -n",
                            kernel_limit("max_user_instances")));
  }
  return std::unexpected(errno_error(errno, "inotify is not to be had"));
}

std::string describe_watch_limit() {
  return fmt::format("the limit of inotify watches ({}) is reached: raise fs.inotify.max_user_watches",
                     kernel_limit("max_user_watches"));
}

InotifyWatches::InotifyWatches(std::unique_ptr<InotifyInstance> instance)
    : instance_(std::move(instance)), buffer_(kBufferBytes) {}

Status InotifyWatches::watch(const std::string& path, const OpenDirectory& directory) {
  const auto watch = instance_->add(directory);
  const auto known = by_path_.find(path);
  if (known != by_path_.end()) {
    if (watch && known->second == *watch) {
      return {};
    }
    detach(path, known->second);
    by_path_.erase(known);
  }
  if (!watch) {
    return std::unexpected(watch.error());
  }
  ending_.erase(*watch);
  watches_[*watch].push_back(path);
  by_path_.emplace(path, *watch);
  return {};
}

void InotifyWatches::forget(std::string_view path) {
  if (const auto exact = by_path_.find(path); exact != by_path_.end()) {
    detach(exact->first, exact->second);
    by_path_.erase(exact);
  }
  const std::string below = path.empty() ? std::string() : std::string(path) + '/';
  auto next = by_path_.lower_bound(below);
  while (next != by_path_.end() && next->first.starts_with(below)) {
    detach(next->first, next->second);
    next = by_path_.erase(next);
  }
}

InotifyWatches::Outcome InotifyWatches::read(PathCover& changed, std::vector<std::string>& gone) {
  const bool ended = end_some();
  const auto got = instance_->read(buffer_);
  if (!got) {
    return Outcome::kOverflow;
  }
  bool overflowed = false;
  std::string_view bytes(buffer_.data(), *got);
  while (const auto event = take_event(bytes)) {
    ++events_;
    overflowed |= (event->mask & IN_Q_OVERFLOW) != 0;
    handle(*event, changed, gone);
  }
  if (overflowed || !bytes.empty()) {
    return Outcome::kOverflow;
  }
  return *got == 0 && !ended ? Outcome::kNothing : Outcome::kSome;
}

void InotifyWatches::handle(const InotifyEvent& event, PathCover& changed, std::vector<std::string>& gone) {
  const auto found = watches_.find(event.watch);
  if (found == watches_.end()) {
    return;  // ended, and this happened before
  }
  const std::vector<std::string> paths = found->second;  // a copy: forget() changes it
  const bool is_self = event.name.empty();
  constexpr std::uint32_t kSelfGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
  constexpr std::uint32_t kEntryGone = IN_DELETE | IN_MOVED_FROM;
  for (const std::string& path : paths) {
    changed.add(is_self ? path : changed_path(path, event.name));
    const bool is_gone =
        is_self ? (event.mask & kSelfGone) != 0 : (event.mask & IN_ISDIR) != 0 && (event.mask & kEntryGone) != 0;
    if (is_gone) {
      gone.push_back(is_self ? path : join_path(path, event.name));
      forget(gone.back());
    }
  }
}

void InotifyWatches::detach(const std::string& path, int watch) {
  const auto found = watches_.find(watch);
  std::erase(found->second, path);
  if (found->second.empty()) {
    watches_.erase(found);
    ending_.insert(watch);
  }
}

/// False if no watch was left to end.
bool InotifyWatches::end_some() {
  const std::size_t count = std::min(ending_.size(), kEndedAtOnce);
  for (std::size_t i = 0; i < count; ++i) {
    instance_->remove(*ending_.begin());
    ending_.erase(ending_.begin());
  }
  return count > 0;
}

}  // namespace repomap
