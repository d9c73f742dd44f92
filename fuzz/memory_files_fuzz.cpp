// SPDX-License-Identifier: Apache-2.0
//
// The parsers of what the kernel says about memory: any bytes give a figure within its bounds, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/cache/memory_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr double kAll = 100;
  if (const auto stall = repomap::parse_memory_stall(text);
      stall && !(stall->some_percent >= 0 && stall->full_percent <= kAll)) {
    std::abort();
  }
  (void)repomap::parse_meminfo(text, "MemTotal");
  (void)repomap::parse_byte_count(text);
  (void)repomap::parse_stat_value(text, "inactive_file");
  const std::size_t half = size / 2;
  const auto found = repomap::find_memory_cgroup(text.substr(0, half), text.substr(half));
  if (found && (found->directories.empty() || !found->directories.back().starts_with('/'))) {
    std::abort();
  }
  return 0;
}
