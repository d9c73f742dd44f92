// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace repomap {

/// The longest line of a map, in characters (code points; an invalid byte is one).
inline constexpr std::size_t kMaxMapLineCharacters = 100;

/// Appends `text` with each line cut to kMaxMapLineCharacters. Lines end at '\n'. What is appended is valid UTF-8: each
/// byte of `text` that belongs to no character becomes U+FFFD.
void append_cut_lines(std::string& result, std::string_view text);

/// A path as one line that a person can read and that does nothing to a terminal: control characters, line and
/// paragraph separators and marks of writing direction as \n, \t, \r, \xHH or \uHHHH; an invalid byte as \xHH.
/// Other characters, '\' among them, stay as they are.
std::string visible_path(std::string_view path);

}  // namespace repomap
