// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_address.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "service/versions.hpp"

namespace repomap {
namespace {

constexpr std::size_t kSocketPathLimit = sizeof(sockaddr_un::sun_path) - 1;
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kPermissionBits = 07777;

/// Nothing for a variable that is not set to an absolute path.
std::string directory_of_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value == '/' ? value : "";
}

std::string runtime_directory() {
  if (const std::string runtime = directory_of_environment("XDG_RUNTIME_DIR"); !runtime.empty()) {
    return join_path(runtime, "repomap");
  }
  const std::string temporary = directory_of_environment("TMPDIR");
  return join_path(temporary.empty() ? "/tmp" : temporary, fmt::format("repomap-{}", geteuid()));
}

/// Others who may write to the directory could put a socket of theirs in the place of ours.
Status check_directory(const std::string& directory) {
  struct stat found{};
  if (lstat(directory.c_str(), &found) != 0) {
    return std::unexpected(errno_error(errno, directory));
  }
  if (!S_ISDIR(found.st_mode)) {
    return fail(
        ErrorCode::kPermissionDenied,
        fmt::format("{}: not a directory; remove it, or set XDG_RUNTIME_DIR to a directory of yours", directory));
  }
  if (found.st_uid != geteuid()) {
    return fail(ErrorCode::kPermissionDenied,
                fmt::format("{}: belongs to user {}, not to user {}; set XDG_RUNTIME_DIR to a directory of yours",
                            directory, found.st_uid, geteuid()));
  }
  if ((found.st_mode & kPermissionBits) != kDirectoryMode) {
    return fail(ErrorCode::kPermissionDenied,
                fmt::format("{}: has mode {:04o}, which must be 0700 for the socket of the daemon: chmod 700 it",
                            directory, found.st_mode & kPermissionBits));
  }
  return {};
}

std::string make_build_id() {
  struct stat file{};
  std::string version(program_version());
  if (::stat("/proc/self/exe", &file) != 0) {
    return version;
  }
  const std::string identity = fmt::format("{} {} {}.{:09} {} {}", version, file.st_size, file.st_mtim.tv_sec,
                                           file.st_mtim.tv_nsec, file.st_dev, file.st_ino);
  constexpr std::size_t kDigits = 16;
  return fmt::format("{}-{}", version, to_hex(digest_of(identity)).substr(0, kDigits));
}

}  // namespace

Result<DaemonAddress> daemon_address_in(const std::string& directory) {
  DaemonAddress address{directory, join_path(directory, "daemon.sock"), join_path(directory, "daemon.lock"),
                        join_path(directory, "daemon.log")};
  if (address.socket.size() > kSocketPathLimit) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("{}: {} bytes, but the path of a socket has at most {}; set XDG_RUNTIME_DIR to a directory "
                            "with a shorter path",
                            address.socket, address.socket.size(), kSocketPathLimit));
  }
  const Status checked = check_directory(directory);
  if (!checked && checked.error().code != ErrorCode::kNotFound) {
    return std::unexpected(checked.error());
  }
  return address;
}

Result<DaemonAddress> find_daemon_address() { return daemon_address_in(runtime_directory()); }

Status ensure_daemon_directory(const DaemonAddress& address) {
  if (mkdir(address.directory.c_str(), kDirectoryMode) == 0) {
    // The umask may have taken bits of ours.
    if (chmod(address.directory.c_str(), kDirectoryMode) != 0) {
      return std::unexpected(errno_error(errno, address.directory));
    }
  } else if (errno != EEXIST) {
    return std::unexpected(errno_error(errno, address.directory));
  }
  return check_directory(address.directory);
}

const std::string& build_id() {
  static const std::string kId = make_build_id();
  return kId;
}

}  // namespace repomap
