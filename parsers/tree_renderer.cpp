// SPDX-License-Identifier: Apache-2.0
#include "parsers/tree_renderer.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace repomap {
namespace {

using Lines = std::vector<std::uint32_t>;  // sorted, distinct

constexpr std::string_view kShownMark = "│";
constexpr std::string_view kHiddenMark = "⋮\n";

/// A text as its lines, numbered as the parser numbers them.
class LineTable {
 public:
  explicit LineTable(std::string_view text) : text_(text) {
    for (std::size_t start = 0; starts_.empty() || start < text.size();) {
      starts_.push_back(start);
      const std::size_t newline = text.find('\n', start);
      start = newline == std::string_view::npos ? text.size() + 1 : newline + 1;
    }
    starts_.push_back(text.ends_with('\n') ? text.size() : text.size() + 1);
  }

  /// At least 1.
  std::size_t size() const { return starts_.size() - 1; }

  /// Without the end of the line. REQUIRES: line < size().
  std::string_view at(std::size_t line) const {
    std::string_view result = text_.substr(starts_[line], starts_[line + 1] - starts_[line] - 1);
    if (result.ends_with('\r')) {
      result.remove_suffix(1);
    }
    return result;
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;  // of each line, then one past the last '\n', real or assumed
};

void sort_distinct(Lines& lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
}

/// The length of the whitespace character at the start of `text`, 0 if there is none. Whitespace is what Unicode calls
/// so, by bidirectional class WS, B or S or category Zs, which includes U+001C to U+001F.
std::size_t whitespace_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return first == ' ' || (first >= 0x09 && first <= 0x0d) || (first >= 0x1c && first <= 0x1f) ? 1 : 0;
  }
  const unsigned char second = byte(1);
  if (first == 0xc2) {
    return second == 0x85 || second == 0xa0 ? 2 : 0;
  }
  const unsigned char third = byte(2);
  const bool is_wide = (first == 0xe1 && second == 0x9a && third == 0x80) ||
                       (first == 0xe2 && second == 0x80 &&
                        ((third >= 0x80 && third <= 0x8a) || third == 0xa8 || third == 0xa9 || third == 0xaf)) ||
                       (first == 0xe2 && second == 0x81 && third == 0x9f) ||
                       (first == 0xe3 && second == 0x80 && third == 0x80);
  return is_wide ? 3 : 0;
}

bool is_blank(std::string_view line) {
  while (!line.empty()) {
    const std::size_t length = whitespace_length(line);
    if (length == 0) {
      return false;
    }
    line.remove_prefix(length);
  }
  return true;
}

/// The lines of interest, with those beyond the end as one line that no scope reaches and that is never printed. The
/// line behind the last '\n' stays as it is: a tree's last, empty nodes lie on it.
Lines clamp_lines(std::span<const std::uint32_t> lines, std::size_t line_count) {
  Lines result(lines.begin(), lines.end());
  for (std::uint32_t& line : result) {
    line = static_cast<std::uint32_t>(std::min<std::size_t>(line, line_count + 1));
  }
  sort_distinct(result);
  return result;
}

/// The lines of interest and the headers of the scopes around them.
Lines add_headers(const Lines& interest, std::span<const ScopeSpan> scopes, std::size_t line_count) {
  Lines result = interest;
  for (const ScopeSpan& scope : scopes) {
    if (scope.start == 0 || scope.start > line_count) {
      continue;
    }
    const auto inside = std::lower_bound(interest.begin(), interest.end(), scope.start);
    if (inside == interest.end() || *inside > std::min<std::size_t>(scope.last, line_count)) {
      continue;
    }
    const std::uint32_t end = std::min(scope.header_end, scope.start + kMaxHeaderLines);
    for (std::uint32_t line = scope.start; line < end; ++line) {
      result.push_back(line);
    }
  }
  sort_distinct(result);
  return result;
}

Lines close_gaps(const Lines& shown) {
  Lines result;
  result.reserve(shown.size() * 2);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    result.push_back(shown[i]);
    if (i + 1 < shown.size() && shown[i + 1] - shown[i] == 2) {
      result.push_back(shown[i] + 1);
    }
  }
  return result;
}

Lines add_blank_lines(const Lines& shown, const LineTable& table) {
  Lines result;
  result.reserve(shown.size() * 2);
  for (const std::uint32_t line : shown) {
    if (result.empty() || result.back() != line) {
      result.push_back(line);
    }
    const std::size_t next = std::size_t{line} + 1;
    if (next < table.size() && !is_blank(table.at(line)) && is_blank(table.at(next))) {
      result.push_back(line + 1);
    }
  }
  return result;
}

std::string print(const Lines& shown, const LineTable& table) {
  std::string result;
  std::size_t next = 0;  // the first line that is not accounted for
  for (const std::uint32_t line : shown) {
    if (line >= table.size()) {
      break;
    }
    if (line > next) {
      result += kHiddenMark;
    }
    result += kShownMark;
    result += table.at(line);
    result += '\n';
    next = std::size_t{line} + 1;
  }
  if (next < table.size()) {
    result += kHiddenMark;
  }
  return result;
}

}  // namespace

std::string render_tree(std::string_view text, std::span<const ScopeSpan> scopes,
                        std::span<const std::uint32_t> lines_of_interest) {
  if (lines_of_interest.empty()) {
    return {};
  }
  const LineTable table(text);
  const Lines interest = clamp_lines(lines_of_interest, table.size());
  const Lines shown = close_gaps(add_headers(interest, scopes, table.size()));
  return print(add_blank_lines(shown, table), table);
}

}  // namespace repomap
