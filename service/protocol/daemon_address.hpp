// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// Where the daemon of a user is found. Paths are absolute.
struct DaemonAddress {
  std::string directory;  ///< of mode 0700; holds the others
  std::string socket;
  std::string lock;  ///< held by flock(2) as long as a daemon runs; its text is the number of the process
  std::string log;   ///< of a daemon in the background
};

/// In $XDG_RUNTIME_DIR/repomap, else in $TMPDIR/repomap-<uid>, else in /tmp/repomap-<uid>. Makes nothing: the directory
/// may not exist. Reads the environment, so call it before threads start.
/// Errors: kLimitExceeded for a path that no socket can have; kPermissionDenied if something lies at the directory's
/// place that is no directory, belongs to somebody else, or is open to others.
Result<DaemonAddress> find_daemon_address();

/// The address inside of one directory. Errors: as above.
Result<DaemonAddress> daemon_address_in(const std::string& directory);

/// Makes the directory, and checks that it is ours alone. Errors: as above, and those of mkdir(2).
Status ensure_daemon_directory(const DaemonAddress& address);

/// What tells this build of the program from every other: its version, and a digest of the file that runs (size, time
/// and inode). Taken at the first call, so that it is that of the file that was started.
const std::string& build_id();

}  // namespace repomap
