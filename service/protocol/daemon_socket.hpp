// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "core/base/result.hpp"

namespace repomap {

/// The listening socket of a daemon, of its own making or handed over by the service manager. The destructor removes
/// the file of the former, unless another has taken its place. Thread-compatible.
class DaemonSocket {
 public:
  /// Makes the socket, for this user alone, in place of one that a dead daemon has left.
  /// REQUIRES: the lock of the daemon is held; no other thread makes files.
  /// Errors: kBusy if somebody listens there; kPermissionDenied for a file that is no socket; those of the operating
  /// system.
  static Result<DaemonSocket> bind(const std::string& path);

  /// The socket that the service manager has opened for this process (sd_listen_fds(3)): one, of a local stream.
  /// False where there is none. Takes the variables out of the environment.
  static bool is_handed_over();
  static Result<DaemonSocket> take_over();

  ~DaemonSocket();
  DaemonSocket(DaemonSocket&& other) noexcept;
  DaemonSocket& operator=(DaemonSocket&&) = delete;

  /// The descriptor, which is the caller's from then on.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  explicit DaemonSocket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  std::string path_;  // "": not of our making
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace repomap
