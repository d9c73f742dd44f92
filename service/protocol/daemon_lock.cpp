// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace repomap {
namespace {

/// The digits that the holder has written, or "?" before it has.
std::string holder_of(int file) {
  std::array<char, 32> text{};
  const ssize_t bytes = pread(file, text.data(), text.size(), 0);
  const std::string_view read(text.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
  const std::string_view digits = read.substr(0, read.find_first_not_of("0123456789"));
  return digits.empty() ? "?" : std::string(digits);
}

Status write_holder(int file, const std::string& path) {
  const std::string text = fmt::format("{}\n", getpid());
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return std::unexpected(errno_error(errno, path));
  }
  return {};
}

}  // namespace

Result<DaemonLock> DaemonLock::acquire(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    return std::unexpected(errno_error(errno, path));
  }
  DaemonLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::kBusy, fmt::format("a daemon runs already: process {}", holder_of(file)));
    }
    return std::unexpected(errno_error(errno, path));
  }
  REPOMAP_TRY(write_holder(file, path));
  return lock;
}

DaemonLock::~DaemonLock() {
  if (file_ >= 0) {
    close(file_);
  }
}

}  // namespace repomap
