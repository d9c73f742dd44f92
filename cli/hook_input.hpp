// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "service/protocol/daemon_client.hpp"

namespace repomap::cli {

/// What a client tells a hook (Claude Code, "Hooks reference": the JSON object on standard input).
struct HookInput {
  std::string directory;  ///< "cwd": absolute; "" if it is not said
  std::string prompt;     ///< of UserPromptSubmit, its first few kilobytes
};

/// Reads standard input to its end; a terminal says nothing. Errors: kInvalidArgument for what is no JSON object or has
/// keys of another type; kLimitExceeded beyond 1 MiB; kBusy if the end of the input does not come before `end`; kIo.
/// No message quotes the input.
Result<HookInput> read_hook_input(int descriptor, std::chrono::steady_clock::time_point end);

/// The same from a text.
Result<HookInput> parse_hook_input(std::string_view text);

/// Whether a prompt may be about the repository: no empty one, no command of the client ("/clear", "!ls", "#note").
bool is_worth_a_map(std::string_view prompt);

/// The words of a prompt, without common English ones ("the", "ok", "thanks") where they stand as in a sentence: `ok()`
/// is a name. "" if no other is left.
std::string words_to_look_up(std::string_view prompt);

/// A connection to a daemon that is being started. Errors: those of DaemonClient::connect() when the time is over.
Result<std::unique_ptr<DaemonClient>> connect_within(const std::string& socket, std::chrono::milliseconds patience);

}  // namespace repomap::cli
