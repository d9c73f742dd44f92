// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// The bytes in base64 with padding (RFC 4648, section 4).
std::string base64_text(std::string_view bytes);

/// The bytes of such a text; nothing if it is none: without its padding, with other characters, or with bits set that
/// no byte uses.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace repomap
