// SPDX-License-Identifier: Apache-2.0
#include "cli/install_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace repomap::cli {
namespace {

constexpr std::size_t kContext = 3;

/// Lines with their ends.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t size = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

void add_lines(std::string& diff, char sign, std::span<const std::string_view> lines) {
  for (const std::string_view line : lines) {
    diff += sign;
    diff += line;
    diff += line.ends_with('\n') ? "" : "\n\\ No newline at end of file\n";
  }
}

/// "3,4" of a range of lines, as a hunk's header has it.
std::string range_text(std::size_t begin, std::size_t count) {
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

}  // namespace

std::string unified_diff(const std::string& path, const DiffSides& sides) {
  if (sides.before == sides.after && !sides.is_new && !sides.is_gone) {
    return "";
  }
  const auto before = lines_of(sides.before);
  const auto after = lines_of(sides.after);
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  while (head < shorter && before[head] == after[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < shorter - head && before[before.size() - tail - 1] == after[after.size() - tail - 1]) {
    ++tail;
  }
  const std::size_t begin = head - std::min(head, kContext);
  const std::size_t follow = std::min(tail, kContext);
  const std::span old_lines(before);
  const std::span new_lines(after);
  std::string diff =
      fmt::format("--- {}\n+++ {}\n", sides.is_new ? "/dev/null" : path, sides.is_gone ? "/dev/null" : path);
  diff += fmt::format("@@ -{} +{} @@\n", range_text(begin, before.size() - tail + follow - begin),
                      range_text(begin, after.size() - tail + follow - begin));
  add_lines(diff, ' ', old_lines.subspan(begin, head - begin));
  add_lines(diff, '-', old_lines.subspan(head, before.size() - tail - head));
  add_lines(diff, '+', new_lines.subspan(head, after.size() - tail - head));
  add_lines(diff, ' ', old_lines.subspan(before.size() - tail, follow));
  return diff;
}

}  // namespace repomap::cli
