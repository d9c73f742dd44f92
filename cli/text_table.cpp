// SPDX-License-Identifier: Apache-2.0
#include "cli/text_table.hpp"

#include <algorithm>
#include <string_view>

namespace repomap::cli {
namespace {

/// Characters, of which each takes a place of its own in what we print.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(const Painter& paint, const TextTable::Cell& cell, TextTable::Align align, std::size_t width) {
  const std::string text = cell.paint ? paint(*cell.paint, cell.text) : cell.text;
  const std::string space(width - std::min(width, length_of(cell.text)), ' ');
  return align == TextTable::Align::kRight ? space + text : text + space;
}

}  // namespace

std::size_t TextTable::width_of(std::size_t column) const {
  std::size_t width = 0;
  for (const auto& row : rows_) {
    width = std::max(width, length_of(row[column].text));
  }
  return width == 0 ? 0 : std::max(width, length_of(columns_[column].title));
}

void TextTable::print(OutputStream& out, const Painter& paint) const {
  std::string head;
  std::vector<std::string> lines(rows_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::size_t width = width_of(i);
    if (width == 0) {
      continue;
    }
    const std::string_view gap = head.empty() ? "" : "  ";
    head.append(gap).append(padded(paint, {columns_[i].title, Paint::kDim}, columns_[i].align, width));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      lines[row].append(gap).append(padded(paint, rows_[row][i], columns_[i].align, width));
    }
  }
  lines.insert(lines.begin(), head);
  for (const std::string& line : lines) {
    out.write(std::string_view(line).substr(0, line.find_last_not_of(' ') + 1));
    out.write("\n");
  }
}

}  // namespace repomap::cli
