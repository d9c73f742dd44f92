// SPDX-License-Identifier: Apache-2.0
#include "core/model/skipped_file.hpp"

namespace repomap {

std::string_view skip_reason_name(SkipReason reason) {
  switch (reason) {
    case SkipReason::kUnreadable: return "unreadable";
    case SkipReason::kNotRegular: return "not_regular";
    case SkipReason::kSymlink: return "symlink";
    case SkipReason::kTooLarge: return "too_large";
    case SkipReason::kTooSlow: return "too_slow";
    case SkipReason::kBinary: return "binary";
    case SkipReason::kMinified: return "minified";
    case SkipReason::kGenerated: return "generated";
    case SkipReason::kLanguageOff: return "language_off";
    case SkipReason::kVanished: return "vanished";
  }
  return "unknown";
}

}  // namespace repomap
