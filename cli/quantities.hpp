// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace repomap::cli {

// Numbers for people, in at most a few digits. JSON has the exact ones.

/// "0", "512 B", "3.4 KiB", "120 MiB".
std::string bytes_text(std::uint64_t bytes);

/// "1,234,567".
std::string count_text(std::uint64_t count);

/// "97.3 %"; "-" where there is no whole.
std::string share_text(std::uint64_t part, std::uint64_t whole);

/// "830 ns", "12 us", "4.5 ms", "2.1 s"; "-" for nothing.
std::string duration_text(std::chrono::nanoseconds duration);

/// How long something is ago or ahead, in its largest unit: "12 s", "5 min", "3 h", "40 d". Negative ones as positive.
std::string age_text(std::chrono::microseconds age);

/// A time as ISO 8601 in UTC, to the millisecond.
std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time);

/// "1 entry", "3 entries".
std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural);

}  // namespace repomap::cli
