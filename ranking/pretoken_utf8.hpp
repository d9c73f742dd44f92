// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// `text` with each maximal subpart of an ill-formed sequence replaced by one U+FFFD, as the UTF-8 decoder of the
/// WHATWG Encoding Standard does, or nothing where `text` is well-formed. A byte order mark is kept.
std::optional<std::string> repair_utf8(std::string_view text);

/// The number of code points of `text`, where what repair_utf8 would replace counts as one.
std::size_t count_code_points(std::string_view text);

}  // namespace repomap
