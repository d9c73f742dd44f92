// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "service/protocol/daemon_address.hpp"

namespace repomap {

/// Starts this program once more with these arguments (without its name), in a session of its own, in the root
/// directory, with nothing open but the log file of the daemon, which is begun anew above a mebibyte (the former is
/// kept as <log>.old). Then waits until the socket answers; patience 0: does not wait.
/// Gives the number of the process. Errors: kUnavailable if it has ended, or does not answer within `patience`, naming
/// the log file; those of ensure_daemon_directory() and posix_spawn(3).
Result<pid_t> launch_daemon(const DaemonAddress& address, const std::vector<std::string>& arguments,
                            std::chrono::milliseconds patience);

}  // namespace repomap
