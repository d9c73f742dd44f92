// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// `bytes` in the Zstandard format (RFC 8878), at a level that costs little time.
std::string compress(std::string_view bytes);

/// What was compressed. Errors: kCorrupt for bytes that are not one whole frame with its size in front, kLimitExceeded
/// for a frame of more than `limit_bytes`, before anything is allocated.
Result<std::string> decompress(std::string_view bytes, std::uint64_t limit_bytes);

}  // namespace repomap
