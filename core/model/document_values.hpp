// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace repomap {

/// The bytes [begin, end) of a text.
struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// A place in a text. Both are 0-based; the column counts bytes. Lines end with "\n" or "\r\n".
struct TextPosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

enum class FoldKind : std::uint8_t { kRegion, kComment, kImports };

/// Lines that an editor can fold away behind the first of them. 0-based; last_line > first_line, and the last line is
/// hidden with the others: a line that only closes a bracket is not part of the fold, so that it stays visible.
struct Fold {
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  FoldKind kind = FoldKind::kRegion;

  friend bool operator==(const Fold&, const Fold&) = default;
};

/// A name that is bound inside of a function: a parameter, a local variable.
struct LocalBinding {
  ByteRange definition;                ///< the first place that binds it
  std::vector<ByteRange> occurrences;  ///< all places that mean it, the definition too, ascending
};

}  // namespace repomap
