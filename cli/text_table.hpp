// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/output_stream.hpp"
#include "cli/terminal.hpp"

namespace repomap::cli {

/// A table of short texts in aligned columns, with a head. Used by one thread.
class TextTable {
 public:
  enum class Align : std::uint8_t { kLeft, kRight };

  struct Column {
    std::string title;
    Align align = Align::kRight;
  };

  struct Cell {
    std::string text;
    std::optional<Paint> paint = {};
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// REQUIRES: as many cells as columns.
  void add_row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

  /// Columns in which every cell is empty are left out.
  void print(OutputStream& out, const Painter& paint) const;

 private:
  /// Of the text in columns; 0: left out.
  std::size_t width_of(std::size_t column) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace repomap::cli
