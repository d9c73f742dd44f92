// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace repomap::cli {

/// `text` as it may be shown on one line of a terminal: control characters and bytes that are not UTF-8 become \n, \t,
/// \r or \xNN. For names of files, which may hold any byte, and for messages that quote them.
std::string visible(std::string_view text);

}  // namespace repomap::cli
