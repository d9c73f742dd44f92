// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace repomap {

/// Why a file is not, or not wholly, in the result.
enum class SkipReason : std::uint8_t {
  kUnreadable,   ///< the operating system refused; the detail says why
  kNotRegular,   ///< FIFO, socket, device
  kSymlink,      ///< a link out of the tree, to nothing, or in a loop
  kTooLarge,     ///< above the size limit
  kTooSlow,      ///< parsing or querying exceeded the time limit
  kBinary,       ///< NUL bytes
  kMinified,     ///< lines so long that nobody wrote them
  kGenerated,    ///< says of itself that it is generated, and is large
  kLanguageOff,  ///< the grammar or query of its language does not load
  kVanished,     ///< deleted between listing and reading
};

/// "unreadable", "not_regular", "symlink", …
std::string_view skip_reason_name(SkipReason reason);

struct SkippedFile {
  std::string path;  ///< relative to the root, raw bytes
  SkipReason reason = SkipReason::kUnreadable;
  std::string detail;  ///< one clause for people: "12.4 MB, limit 4 MB"
};

}  // namespace repomap
