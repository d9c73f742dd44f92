// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace repomap {
namespace {

constexpr int kFirstHandedOver = 3;  // SD_LISTEN_FDS_START
constexpr mode_t kSocketMask = 0177;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

int open_socket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

/// Not a daemon, whose lock we hold, but a service manager that would start one, say.
bool is_listened_to(const std::string& path) {
  const int probe = open_socket();
  const sockaddr_un address = address_of(path);
  const int connected = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool listens = connected == 0 || errno == EAGAIN;  // a full queue is one too
  close(probe);
  return listens;
}

Status remove_stale(const std::string& path) {
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? Status() : std::unexpected(errno_error(errno, path));
  }
  if (!S_ISSOCK(found.st_mode)) {
    return fail(ErrorCode::kPermissionDenied, fmt::format("{}: not a socket; remove it", path));
  }
  if (is_listened_to(path)) {
    return fail(ErrorCode::kBusy, fmt::format("{}: another process listens there", path));
  }
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return std::unexpected(errno_error(errno, path));
  }
  return {};
}

/// 0 for a variable that holds no number.
long number_in_environment(const char* name) {
  const char* const text = std::getenv(name);
  long number = 0;
  if (text != nullptr) {
    const std::string_view digits(text);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
  }
  return number;
}

int option_of(int descriptor, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

Result<DaemonSocket> DaemonSocket::bind(const std::string& path) {
  REPOMAP_TRY(remove_stale(path));
  DaemonSocket made(open_socket());
  if (made.descriptor_ < 0) {
    return std::unexpected(errno_error(errno, "socket"));
  }
  const sockaddr_un address = address_of(path);
  const mode_t mask = umask(kSocketMask);
  const int bound = ::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  umask(mask);
  struct stat found{};
  if (bound != 0) {
    return std::unexpected(errno_error(error, path));
  }
  if (listen(made.descriptor_, SOMAXCONN) != 0 || lstat(path.c_str(), &found) != 0) {
    return std::unexpected(errno_error(errno, path));
  }
  made.path_ = path;
  made.device_ = found.st_dev;
  made.inode_ = found.st_ino;
  return made;
}

bool DaemonSocket::is_handed_over() {
  return number_in_environment("LISTEN_PID") == getpid() && number_in_environment("LISTEN_FDS") > 0;
}

Result<DaemonSocket> DaemonSocket::take_over() {
  const long count = number_in_environment("LISTEN_FDS");
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    unsetenv(name);
  }
  if (count != 1 || option_of(kFirstHandedOver, SO_DOMAIN) != AF_UNIX ||
      option_of(kFirstHandedOver, SO_TYPE) != SOCK_STREAM || option_of(kFirstHandedOver, SO_ACCEPTCONN) != 1) {
    return fail(ErrorCode::kInvalidArgument, "the service manager must hand over one socket, a listening local stream");
  }
  fcntl(kFirstHandedOver, F_SETFD, FD_CLOEXEC);
  return DaemonSocket(kFirstHandedOver);
}

DaemonSocket::DaemonSocket(DaemonSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

DaemonSocket::~DaemonSocket() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
  struct stat found{};
  if (!path_.empty() && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_) {
    unlink(path_.c_str());
  }
}

}  // namespace repomap
