// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace repomap {
namespace {

constexpr std::size_t kMaxDepth = 64;

/// The text up to the separator, which is taken off `rest` with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t start = text.find_first_not_of(kSpace);
  return start == std::string_view::npos ? std::string_view()
                                         : text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = result.ec == std::errc() && result.ptr == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

std::optional<double> to_percent(std::string_view text) {
  constexpr double kAll = 100;
  const auto number = to_number<double>(text);
  return number && *number >= 0 && *number <= kAll ? number : std::nullopt;  // also not a NaN
}

/// The percentage behind "avg10=" of the line that starts with `kind`.
Result<double> stall_of(std::string_view text, std::string_view kind) {
  constexpr std::string_view kName = "avg10=";
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (take_until(line, ' ') != kind) {
      continue;
    }
    const std::string_view field = take_until(line, ' ');
    const auto percent = field.starts_with(kName) ? to_percent(field.substr(kName.size())) : std::nullopt;
    if (!percent) {
      break;
    }
    return *percent;
  }
  return fail(ErrorCode::kCorrupt, fmt::format("memory pressure: no {} avg10", kind));
}

/// The path of a mount as the kernel writes it: space, tab, newline and backslash are three octal digits.
std::string unescaped(std::string_view path) {
  constexpr std::size_t kDigits = 3;
  std::string result;
  while (!path.empty()) {
    const std::string_view digits = path.substr(1, kDigits);
    const bool is_escape = path.front() == '\\' && digits.size() == kDigits &&
                           std::ranges::all_of(digits, [](char digit) { return digit >= '0' && digit <= '7'; });
    if (is_escape) {
      result += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
    } else {
      result += path.front();
    }
    path.remove_prefix(is_escape ? kDigits + 1 : 1);
  }
  return result;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    if (take_until(list, ',') == word) {
      return true;
    }
  }
  return false;
}

struct Mount {
  std::string root;  ///< the directory of the hierarchy that is mounted
  std::string point;
};

/// The mount of the hierarchy: "36 35 98:0 /root /point options - cgroup2 source options" (proc_pid_mountinfo(5)).
std::optional<Mount> find_mount(std::string_view mountinfo, CgroupVersion version) {
  constexpr std::string_view kSeparator = " - ";
  while (!mountinfo.empty()) {
    std::string_view line = take_until(mountinfo, '\n');
    const std::size_t separator = line.find(kSeparator);
    if (separator == std::string_view::npos) {
      continue;
    }
    std::string_view kind = line.substr(separator + kSeparator.size());
    const std::string_view type = take_until(kind, ' ');
    take_until(kind, ' ');
    const bool is_wanted =
        version == CgroupVersion::kV2 ? type == "cgroup2" : type == "cgroup" && has_word(kind, "memory");
    for (int field = 0; field < 3; ++field) {
      take_until(line, ' ');
    }
    const std::string_view root = take_until(line, ' ');
    const std::string_view point = take_until(line, ' ');
    if (is_wanted && root.starts_with('/') && point.starts_with('/')) {
      return Mount{unescaped(root), unescaped(point)};
    }
  }
  return std::nullopt;
}

/// The process's place in a hierarchy: of "0::/user.slice" or "4:memory:/docker/ab".
std::optional<std::string> find_place(std::string_view cgroup, CgroupVersion version) {
  while (!cgroup.empty()) {
    std::string_view line = take_until(cgroup, '\n');
    const std::string_view number = take_until(line, ':');
    const std::string_view controllers = take_until(line, ':');
    const bool is_wanted =
        version == CgroupVersion::kV2 ? number == "0" && controllers.empty() : has_word(controllers, "memory");
    if (is_wanted && line.starts_with('/')) {
      return std::string(line);
    }
  }
  return std::nullopt;
}

std::optional<CgroupDirectories> directories_of(std::string_view cgroup, std::string_view mountinfo,
                                                CgroupVersion version) {
  const auto mount = find_mount(mountinfo, version);
  auto place = find_place(cgroup, version);
  if (!mount || !place) {
    return std::nullopt;
  }
  // In a container the mount may show only a part of the hierarchy, and the place be given from outside.
  if (mount->root != "/" && (*place + "/").starts_with(mount->root + "/")) {
    place->erase(0, mount->root.size());
  }
  CgroupDirectories result{.version = version, .directories = {}};
  std::string_view rest = *place;  // "" or from a slash on
  while (!rest.empty() && rest != "/" && result.directories.size() < kMaxDepth) {
    if (!rest.contains("/..")) {
      result.directories.push_back(mount->point + std::string(rest));
    }
    rest = rest.substr(0, rest.rfind('/'));
  }
  result.directories.push_back(mount->point);
  return result;
}

}  // namespace

Result<MemoryStall> parse_memory_stall(std::string_view text) {
  MemoryStall stall;
  REPOMAP_ASSIGN(stall.some_percent, stall_of(text, "some"));
  REPOMAP_ASSIGN(stall.full_percent, stall_of(text, "full"));
  return stall;
}

Result<std::uint64_t> parse_meminfo(std::string_view text, std::string_view name) {
  constexpr std::uint64_t kKilo = 1024;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (take_until(line, ':') != name) {
      continue;
    }
    std::string_view value = trimmed(line);
    const auto kilobytes = to_number<std::uint64_t>(take_until(value, ' '));
    if (!kilobytes || value != "kB" || *kilobytes > std::numeric_limits<std::uint64_t>::max() / kKilo) {
      return fail(ErrorCode::kCorrupt, fmt::format("meminfo: {} is no number of kB", name));
    }
    return *kilobytes * kKilo;
  }
  return fail(ErrorCode::kNotFound, fmt::format("meminfo: no {}", name));
}

Result<std::uint64_t> parse_byte_count(std::string_view text) {
  const std::string_view word = trimmed(text);
  if (word == "max") {
    return std::numeric_limits<std::uint64_t>::max();
  }
  const auto number = to_number<std::uint64_t>(word);
  return number ? Result<std::uint64_t>(*number) : fail(ErrorCode::kCorrupt, "no number of bytes");
}

Result<std::uint64_t> parse_stat_value(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (take_until(line, ' ') != name) {
      continue;
    }
    const auto number = to_number<std::uint64_t>(line);
    return number ? Result<std::uint64_t>(*number)
                  : fail(ErrorCode::kCorrupt, fmt::format("memory.stat: {} is no number", name));
  }
  return fail(ErrorCode::kNotFound, fmt::format("memory.stat: no {}", name));
}

std::optional<CgroupDirectories> find_memory_cgroup(std::string_view cgroup, std::string_view mountinfo) {
  auto first = directories_of(cgroup, mountinfo, CgroupVersion::kV1);
  return first ? first : directories_of(cgroup, mountinfo, CgroupVersion::kV2);
}

}  // namespace repomap
