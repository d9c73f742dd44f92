// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// A time in UTC as ISO 8601 has it, to the millisecond: "2026-01-31T12:00:00.000Z".
std::string moment_text(std::chrono::system_clock::time_point moment);

/// The time of such a text; nothing if it is none.
std::optional<std::chrono::system_clock::time_point> moment_from_text(std::string_view text);

}  // namespace repomap
