// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace repomap::cli {

/// One line, with the time, in `hook.log` beside the socket of the daemon (find_daemon_address()), which is for this
/// user alone and is begun anew above 256 KiB; the former is kept as hook.log.old. On a terminal also on stderr. What
/// cannot be written is not. REQUIRES: the message says nothing of what a prompt holds.
void log_hook_trouble(std::string_view message);

/// Whether the program was called as a hook, which may not fail, whatever else is wrong with its arguments.
bool is_hook_call(int argc, char** argv);

}  // namespace repomap::cli
