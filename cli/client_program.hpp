// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap::cli {

/// The absolute path by which a client is to start this program: the `repomap` of PATH if that is the file that runs,
/// through however many links, so that the path outlives an update; else the file that runs. Only absolute directories
/// of PATH count. Errors: kIo if the file that runs is not known.
Result<std::string> client_program();

/// The first program of that name in PATH; "" if there is none.
std::string find_in_path(std::string_view name);

/// A word as a POSIX shell reads it.
std::string shell_word(std::string_view word);

/// What a shell makes of a text that is one word: one in single quotes, as shell_word() writes it, or one in which
/// nothing means anything to a shell. Nothing for every other text.
std::optional<std::string> word_of_shell(std::string_view text);

}  // namespace repomap::cli
