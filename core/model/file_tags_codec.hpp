// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"

namespace repomap {

/// The bytes of a file's tags (docs/CACHE_FORMAT.md), definitions before references.
///
/// Tags that read alike have equal bytes, whatever ids their strings have.
/// REQUIRES: tags stand by (line, column, role), as FileTags says; others come back in that order.
std::string encode(const FileTags& tags);

/// What was encoded, with strings numbered by first use: definitions first, then references.
/// Errors: kUnsupported for another version, kCorrupt for anything that encode() does not write. Ids and kinds are in
/// range; lines and columns are any numbers, and are not compared with line_count.
Result<FileTags> decode_file_tags(std::string_view bytes);

/// FileTags::outline() of what was encoded, without decoding the rest. The references are not checked.
Result<FileTags> decode_outline(std::string_view bytes);

}  // namespace repomap
