// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace repomap {

/// What one file may cost.
struct FileLimits {
  std::uint64_t size_bytes = std::uint64_t{4} << 20U;
  std::chrono::milliseconds time{5000};
};

}  // namespace repomap
