// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace repomap {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };

// One line each to standard error, or to what set_log_sink() has set; below the level (kWarning at first) nothing.
// Thread-safe.
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

void set_log_level(LogLevel level);

/// Where lines go from now on; an empty function: back to standard error. The function is called by one thread at a
/// time and must not log.
void set_log_sink(std::function<void(LogLevel, const std::string& message)> sink);

}  // namespace repomap
