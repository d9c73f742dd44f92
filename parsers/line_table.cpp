// SPDX-License-Identifier: Apache-2.0
#include "parsers/line_table.hpp"

#include <algorithm>

namespace repomap {

LineTable::LineTable(std::string_view text) : starts_{0}, size_(static_cast<std::uint32_t>(text.size())) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    starts_.push_back(static_cast<std::uint32_t>(end + 1));
  }
}

std::uint32_t LineTable::line_of(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::ranges::upper_bound(starts_, byte) - starts_.begin()) - 1;
}

TextPosition LineTable::position_of(std::uint32_t byte) const {
  const std::uint32_t within = std::min(byte, size_);
  const std::uint32_t line = line_of(within);
  return {line, within - starts_[line]};
}

std::optional<std::uint32_t> LineTable::byte_at(std::string_view text, TextPosition position) const {
  if (position.line >= line_count()) {
    return std::nullopt;
  }
  const auto length = static_cast<std::uint32_t>(line(text, position.line).size());
  return starts_[position.line] + std::min(position.column, length);
}

std::string_view LineTable::line(std::string_view text, std::uint32_t line) const {
  if (line >= line_count()) {
    return {};
  }
  const std::uint32_t end = line + 1 < line_count() ? starts_[line + 1] : size_;
  std::string_view content = text.substr(starts_[line], end - starts_[line]);
  if (content.ends_with('\n')) {
    content.remove_suffix(1);
    if (content.ends_with('\r')) {
      content.remove_suffix(1);
    }
  }
  return content;
}

}  // namespace repomap
