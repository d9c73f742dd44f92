// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/digest.hpp"
#include "core/model/skipped_file.hpp"

namespace repomap {

enum class FileOutcome : std::uint8_t {
  kUnknownLanguage,  ///< nothing is extracted from such files
  kRefused,          ///< not parsed, for a reason that lies in the content or in the limits
  kTagged,
};

/// What the content of a file has come to. A value type.
struct FileVersion {
  FileOutcome outcome = FileOutcome::kUnknownLanguage;
  Digest content;        ///< of the text; zero where the name alone decided
  Digest symbols;        ///< symbols_digest() of the tags; zero where there are none
  std::string language;  ///< of a tagged file
  std::uint32_t tags = 0;
  SkipReason reason = SkipReason::kUnreadable;  ///< of a refused file
  std::string detail;                           ///< of a refused file
  std::chrono::microseconds cost{};             ///< what reading the tags out of the text took

  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

}  // namespace repomap
