// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace repomap {

/// The length in bytes of the valid UTF-8 sequence (RFC 3629) at the start of `text`, or 0 if there is none.
std::size_t utf8_sequence_length(std::string_view text);

bool is_valid_utf8(std::string_view text);

/// `text` with each byte that is not part of a valid sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// The largest length of at most `limit` bytes that does not cut a character of valid UTF-8 `text` in two.
std::size_t utf8_floor(std::string_view text, std::size_t limit);

}  // namespace repomap
