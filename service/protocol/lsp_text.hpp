// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// What `character` of a position counts (LSP 3.18, "Position Encoding Kinds").
enum class PositionEncoding : std::uint8_t { kUtf8, kUtf16, kUtf32 };

/// "utf-8", "utf-16", "utf-32".
std::string_view position_encoding_name(PositionEncoding encoding);
std::optional<PositionEncoding> position_encoding_from_name(std::string_view name);

/// A place between two characters, as the client counts. 0-based.
struct LspPosition {
  std::uint32_t line = 0;
  std::uint32_t character = 0;

  friend bool operator==(const LspPosition&, const LspPosition&) = default;
};

struct LspRange {
  LspPosition start;
  LspPosition end;

  friend bool operator==(const LspRange&, const LspRange&) = default;
};

/// A text with what it takes to find places in it, the client's way (lines end with "\n", "\r\n" or "\r") and ours
/// (bytes; lines end with "\n"). Bytes that are not UTF-8 count as one character each. Finding a place takes at most as
/// long as a binary search, whatever the length of lines. Immutable, so thread-safe.
class LspText {
 public:
  LspText(std::string bytes, PositionEncoding encoding);

  const std::string& bytes() const { return bytes_; }
  PositionEncoding encoding() const { return encoding_; }

  /// How many lines the client sees, at least 1.
  std::size_t line_count() const { return lines_.size(); }

  /// The byte at a position. What is behind the end of a line is its end, what is behind the last line is the end of
  /// the text, what is inside of a character is its beginning.
  std::size_t byte_at(LspPosition position) const;

  /// The position of a byte; that of the end of the text for what is behind it, of the line for what is in the line's
  /// ending, of the character for what is inside of one.
  LspPosition position_of(std::size_t byte) const;

  LspRange range_of(std::size_t begin, std::size_t end) const { return {position_of(begin), position_of(end)}; }

  /// The byte of a tag's place, whose lines end with "\n" alone; nothing where the text has no such place.
  std::optional<std::size_t> byte_of_tag(std::uint32_t line, std::uint32_t column) const;

  /// The first byte of a line as tags count them, and that of its ending; those of the end for a line behind the last.
  std::size_t tag_line_begin(std::uint32_t line) const;
  std::size_t tag_line_end(std::uint32_t line) const;

  /// The text with [begin, end) replaced. REQUIRES: begin <= end <= bytes().size().
  LspText with(std::size_t begin, std::size_t end, std::string_view replacement) const;

 private:
  /// So many characters are before `byte`, which begins one.
  struct Mark {
    std::size_t byte = 0;
    std::size_t units = 0;
  };

  std::size_t line_end(std::size_t line) const;
  std::size_t units_before(std::size_t byte) const;
  std::size_t character_begin(std::size_t byte, std::size_t line_begin) const;
  Mark step(Mark mark) const;

  std::string bytes_;
  PositionEncoding encoding_;
  std::vector<std::size_t> lines_;      // where the client's lines begin
  std::vector<std::size_t> tag_lines_;  // where ours begin, if they are others
  std::vector<Mark> marks_;             // rising, at about equal distances; none where units are bytes
};

}  // namespace repomap
