// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace repomap {

// The text of a setting as a value; nothing where it is none.

/// Decimal digits, nothing else; at most `limit`.
std::optional<std::uint64_t> number_from(std::string_view text, std::uint64_t limit);

/// "4194304", "4096K", "4M"; at most 2 GiB.
std::optional<std::uint64_t> bytes_from(std::string_view text);

inline constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1} << 40U;

/// The same, and "4G", up to a limit.
std::optional<std::uint64_t> bytes_from(std::string_view text, std::uint64_t limit);

/// "true" or "false".
std::optional<bool> flag_from(std::string_view text);

}  // namespace repomap
