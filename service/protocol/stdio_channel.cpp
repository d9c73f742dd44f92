// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/stdio_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace repomap {
namespace {

/// A descriptor that becomes readable when the process ends; -1 if there is none to be had.
int open_process(pid_t process) { return static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); }

void close_if_open(int descriptor) {
  if (descriptor >= 0) {
    ::close(descriptor);
  }
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

StdioChannel::StdioChannel(int input, int output)
    : input_(input), output_(output), parent_(open_process(::getppid())), wake_(::eventfd(0, EFD_CLOEXEC)) {}

StdioChannel::~StdioChannel() {
  close_if_open(parent_);
  close_if_open(wake_);
  close_if_open(watched_);
}

void StdioChannel::watch_process(pid_t process) {
  const int opened = open_process(process);
  if (opened < 0 && errno == ESRCH) {
    stop();
    return;
  }
  int none = -1;
  if (opened >= 0 && !watched_.compare_exchange_strong(none, opened)) {
    ::close(opened);
  }
}

// NOLINTNEXTLINE(readability-make-member-function-const): it changes what becomes of the channel
void StdioChannel::stop() {
  const std::uint64_t one = 1;
  // The counter takes more than anyone adds.
  static_cast<void>(::write(wake_, &one, sizeof one) == sizeof one);
}

Result<std::size_t> StdioChannel::read(std::span<char> buffer) {
  while (true) {
    // poll(2) leaves out descriptors that are negative.
    std::array<pollfd, 4> polled{
        {{input_, POLLIN, 0}, {parent_, POLLIN, 0}, {wake_, POLLIN, 0}, {watched_.load(), POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      return std::unexpected(errno_error(errno, "poll"));
    }
    if (polled[1].revents != 0 || polled[2].revents != 0 || polled[3].revents != 0) {
      return std::size_t{0};
    }
    const ssize_t count = ::read(input_, buffer.data(), buffer.size());
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR && !would_block(errno)) {
      return std::unexpected(errno_error(errno, "read of the client's messages"));
    }
  }
}

Status StdioChannel::write(std::string_view bytes) {
  MutexLock lock(mutex_);
  if (is_broken_) {
    return fail(ErrorCode::kUnavailable, "the client reads no more");
  }
  const Status written = write_locked(bytes);
  is_broken_ = !written;
  return written;
}

/// Waits until the output takes something. The thread that reads may be the one that writes, so the end of what read()
/// waits for is looked for here too: after it the client is given a moment to take what there is. Errors: errno, by -1.
int StdioChannel::wait_to_write() const {
  std::array<pollfd, 5> polled{{{output_, POLLOUT, 0},
                                {input_, POLLRDHUP, 0},
                                {parent_, POLLIN, 0},
                                {wake_, POLLIN, 0},
                                {watched_.load(), POLLIN, 0}}};
  const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(kStall.count()));
  if (ready <= 0 || polled[0].revents != 0) {
    return ready;
  }
  return ::poll(polled.data(), 1, static_cast<int>(kEndStall.count()));
}

/// The lock is held while the client reads: a message must not lie within another one.
Status StdioChannel::write_locked(std::string_view bytes) {
  while (!bytes.empty()) {
    const int ready = wait_to_write();
    if (ready == 0) {
      return fail(ErrorCode::kUnavailable, "the client takes nothing of what is written");
    }
    // A pipe takes at least this much at once when it says that it takes anything, so that write(2) does not block.
    constexpr std::size_t kPipeBytes = 4096;
    const ssize_t count = ready < 0 ? -1 : ::write(output_, bytes.data(), std::min(bytes.size(), kPipeBytes));
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && !would_block(errno)) {
      return fail(ErrorCode::kUnavailable, errno_error(errno, "write to the client").message);
    }
  }
  return {};
}

}  // namespace repomap
