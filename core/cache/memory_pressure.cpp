// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_pressure.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace repomap {
namespace {

constexpr std::uint64_t kFileLimit = std::uint64_t{4} << 20U;

/// The names of the same figures in both versions.
struct CgroupFiles {
  const char* limit;
  const char* usage;
  const char* reclaimable;  ///< in memory.stat: page cache that nobody has used lately
};

constexpr CgroupFiles kFilesV1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr CgroupFiles kFilesV2 = {"memory.max", "memory.current", "inactive_file"};

class LinuxMemorySource final : public MemoryPressureSource {
 public:
  explicit LinuxMemorySource(const FileSystem& files) : files_(files) {}

  MemoryReading read() override {
    MemoryReading reading;
    read_machine(reading);
    // Found anew each time: a process can be moved.
    const auto cgroup = find_memory_cgroup(text("/proc/self/cgroup"), text("/proc/self/mountinfo"));
    if (cgroup) {
      for (const std::string& directory : cgroup->directories) {
        read_cgroup(directory, cgroup->version == CgroupVersion::kV1 ? kFilesV1 : kFilesV2, reading);
      }
    }
    read_address_space(reading);
    reading.stall = read_stall(cgroup);
    return reading;
  }

  void give_back() override { ::malloc_trim(0); }

 private:
  /// The content of the file, or "" if it cannot be read, which no parser takes for a number.
  std::string text(const std::string& path) const {
    auto content = files_.read_file(path, kFileLimit);
    return content ? std::move(*content) : std::string();
  }

  /// Keeps the bound that leaves the least.
  static void add_bound(MemoryReading& reading, std::uint64_t limit_bytes, std::uint64_t free_bytes) {
    if (!reading.free_bytes || free_bytes < *reading.free_bytes) {
      reading.limit_bytes = limit_bytes;
      reading.free_bytes = free_bytes;
    }
  }

  void read_machine(MemoryReading& reading) const {
    const std::string meminfo = text("/proc/meminfo");
    const auto total = parse_meminfo(meminfo, "MemTotal");
    const auto available = parse_meminfo(meminfo, "MemAvailable");
    if (total && available) {
      add_bound(reading, *total, std::min(*available, *total));
      machine_bytes_ = *total;
    }
  }

  void read_cgroup(const std::string& directory, const CgroupFiles& names, MemoryReading& reading) const {
    const auto limit = parse_byte_count(text(join_path(directory, names.limit)));
    const auto usage = parse_byte_count(text(join_path(directory, names.usage)));
    if (!limit || !usage || *limit >= machine_bytes_) {  // a limit above the machine's memory is none
      return;
    }
    const auto reclaimable = parse_stat_value(text(join_path(directory, "memory.stat")), names.reclaimable);
    const std::uint64_t used = *usage - std::min(*usage, reclaimable.value_or(0));
    add_bound(reading, *limit, *limit - std::min(*limit, used));
  }

  void read_address_space(MemoryReading& reading) const {
    struct rlimit bound{};
    if (::getrlimit(RLIMIT_AS, &bound) != 0 || bound.rlim_cur == RLIM_INFINITY) {
      return;
    }
    const std::string statm = text("/proc/self/statm");  // the first number: pages of address space
    const auto pages = parse_byte_count(std::string_view(statm).substr(0, statm.find(' ')));
    if (pages) {
      const std::uint64_t used = *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
      add_bound(reading, bound.rlim_cur, bound.rlim_cur - std::min<std::uint64_t>(bound.rlim_cur, used));
    }
  }

  std::optional<MemoryStall> read_stall(const std::optional<CgroupDirectories>& cgroup) const {
    if (cgroup && cgroup->version == CgroupVersion::kV2) {
      if (const auto own = parse_memory_stall(text(join_path(cgroup->directories.front(), "memory.pressure")))) {
        return *own;
      }
    }
    const auto machine = parse_memory_stall(text("/proc/pressure/memory"));
    return machine ? std::optional(*machine) : std::nullopt;
  }

  const FileSystem& files_;
  mutable std::uint64_t machine_bytes_ = std::uint64_t{1} << 60U;
};

}  // namespace

std::unique_ptr<MemoryPressureSource> make_linux_memory_source(const FileSystem& files) {
  return std::make_unique<LinuxMemorySource>(files);
}

}  // namespace repomap
