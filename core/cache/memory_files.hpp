// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap {

// What Linux says about memory, as it stands in its files. All functions take any bytes.

/// Share of the latest ten seconds in which tasks waited for memory, in percent (Documentation/accounting/psi.rst).
struct MemoryStall {
  double some_percent = 0;  ///< at least one task
  double full_percent = 0;  ///< all tasks at once
};

/// Of /proc/pressure/memory, or a cgroup's memory.pressure. Errors: kCorrupt.
Result<MemoryStall> parse_memory_stall(std::string_view text);

/// A line of /proc/meminfo, in bytes: of "MemAvailable:   23867820 kB". Errors: kNotFound, kCorrupt.
Result<std::uint64_t> parse_meminfo(std::string_view text, std::string_view name);

/// A number alone on its line, as in memory.max, memory.current, memory.limit_in_bytes. "max" is the largest number.
/// Errors: kCorrupt.
Result<std::uint64_t> parse_byte_count(std::string_view text);

/// The value behind a name, as in memory.stat: "inactive_file 4096". Errors: kNotFound, kCorrupt.
Result<std::uint64_t> parse_stat_value(std::string_view text, std::string_view name);

enum class CgroupVersion : std::uint8_t { kV1, kV2 };

/// The directories that limit the memory of a process, its own first, up to the root of the mount.
struct CgroupDirectories {
  CgroupVersion version = CgroupVersion::kV2;
  std::vector<std::string> directories;
};

/// From /proc/self/cgroup and /proc/self/mountinfo: the hierarchy that has the memory controller, v1 before v2 as a
/// controller is in one only and v1 says so. Nothing where no such hierarchy is mounted.
std::optional<CgroupDirectories> find_memory_cgroup(std::string_view cgroup, std::string_view mountinfo);

}  // namespace repomap
