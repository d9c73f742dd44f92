// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/skipped_file.hpp"

namespace repomap {

/// Why the text of the file `path` should not be parsed although it can be read, or nothing.
///
/// Binary: a NUL byte in the first 8000 bytes, git's rule (buffer_is_binary). Minified: at least 32 KiB, and lines of
/// 400 bytes on average, or more than half of the text in lines of 8 KiB and more; a long table amid code is none.
/// Generated: larger than 512 KiB and saying so in its first 4 KiB ("@generated", "DO NOT EDIT"); smaller ones are
/// kept, because generated interfaces are used like any other.
std::optional<SkippedFile> refuse_content(const std::string& path, std::string_view text);

/// The same for what kept a file from being read: limits, permissions, FIFOs, files that have vanished.
SkippedFile refuse_unread(const std::string& path, const struct Error& error);

}  // namespace repomap
