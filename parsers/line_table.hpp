// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/model/document_values.hpp"

namespace repomap {

/// Where the lines of a text begin. The text itself is not kept: methods that need it take it. Immutable, so
/// thread-safe. A text that ends with "\n" has an empty last line.
class LineTable {
 public:
  /// REQUIRES: the text is smaller than 4 GiB.
  explicit LineTable(std::string_view text);

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  std::uint32_t line_of(std::uint32_t byte) const;
  TextPosition position_of(std::uint32_t byte) const;

  /// As Document::byte_at() and Document::line().
  std::optional<std::uint32_t> byte_at(std::string_view text, TextPosition position) const;
  std::string_view line(std::string_view text, std::uint32_t line) const;

  std::uint64_t size_bytes() const { return starts_.capacity() * sizeof(std::uint32_t); }

 private:
  std::vector<std::uint32_t> starts_;
  std::uint32_t size_ = 0;  // of the text
};

}  // namespace repomap
