// SPDX-License-Identifier: Apache-2.0
#include "parsers/comment_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::size_t kMaxSourceBytes = 4 * kMaxDocCommentBytes;

/// What opens and closes a comment of several lines; longer openers first.
struct Block {
  std::string_view open;
  std::string_view close;
};
constexpr auto kBlocks = std::to_array<Block>({
    {"--[==[", "]==]"},
    {"--[=[", "]=]"},
    {"--[[", "]]"},
    {"/*", "*/"},
    {"<!--", "-->"},
    {"(*", "*)"},
    {"{-", "-}"},
    {"=begin", "=end"},
    {"<#", "#>"},
    {"#|", "|#"},
});

std::string_view without_left(std::string_view text, std::string_view bytes) {
  text.remove_prefix(std::min(text.find_first_not_of(bytes), text.size()));
  return text;
}

std::string_view without_right(std::string_view text, std::string_view bytes) {
  const std::size_t last = text.find_last_not_of(bytes);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Without one blank at the front: the one that people put behind the mark.
std::string_view without_gap(std::string_view text) {
  return text.starts_with(' ') || text.starts_with('\t') ? text.substr(1) : text;
}

/// Without the mark of a comment of one line.
std::string_view without_line_mark(std::string_view line) {
  const std::string_view content = without_left(line, kBlanks);
  if (content.starts_with("#!")) {
    return "";  // which program runs the script
  }
  for (const std::string_view mark : {"//", "--", "#", ";", "%"}) {
    if (content.starts_with(mark)) {
      std::string_view rest = without_left(content, mark.substr(0, 1));
      if (mark == "//" && (rest.starts_with('!') || rest.starts_with('<'))) {
        rest.remove_prefix(1);
      }
      rest = without_gap(rest);
      return mark == "--" && rest.starts_with("| ") ? rest.substr(2) : rest;  // Haddock
    }
  }
  return line;
}

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(kBlanks), line.size()); }

/// Removes what all lines but the first are indented by.
void dedent(std::vector<std::string_view>& lines, std::size_t first) {
  std::size_t common = std::string_view::npos;
  for (std::size_t line = first; line < lines.size(); ++line) {
    if (indentation(lines[line]) < lines[line].size()) {
      common = std::min(common, indentation(lines[line]));
    }
  }
  for (std::size_t line = first; line < lines.size(); ++line) {
    lines[line].remove_prefix(std::min(common, lines[line].size()));
  }
}

/// The lines of one comment of several lines, without its marks.
std::vector<std::string_view> block_lines(std::vector<std::string_view> lines, const Block& block) {
  std::string_view& first = lines.front();
  first = without_left(first, kBlanks).substr(block.open.size());
  std::string_view& last = lines.back();
  last = without_right(last, kBlanks);
  if (last.ends_with(block.close)) {
    last = without_right(last.substr(0, last.size() - block.close.size()), "* \t");
  }
  first = without_gap(without_left(first, "*!"));
  const bool has_stars = block.open == "/*" && std::all_of(lines.begin() + 1, lines.end(), [](std::string_view line) {
                           const std::string_view content = without_left(line, kBlanks);
                           return content.empty() || content.starts_with('*');
                         });
  for (std::size_t line = 1; has_stars && line < lines.size(); ++line) {
    const std::string_view content = without_left(lines[line], kBlanks);
    lines[line] = content.empty() ? content : without_gap(content.substr(1));
  }
  if (!has_stars) {
    dedent(lines, 1);
  }
  return lines;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(without_right(text.substr(0, end), "\r"));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Lines joined, without blank ones around, as valid UTF-8 of bounded length.
std::string joined(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const std::string_view line : lines) {
    const std::string_view content = without_right(line, kBlanks);
    if (text.empty() && content.empty()) {
      continue;
    }
    if (text.size() + content.size() + 1 > kMaxDocCommentBytes && !text.empty()) {
      break;
    }
    text.append(content).push_back('\n');
  }
  text.erase(without_right(text, " \t\r\n").size());
  text = to_valid_utf8(text);
  text.erase(utf8_floor(text, kMaxDocCommentBytes));
  return text;
}

}  // namespace

std::string strip_comment(std::string_view comment) {
  const std::vector<std::string_view> source = split(comment.substr(0, kMaxSourceBytes));
  std::vector<std::string_view> lines;
  for (std::size_t next = 0; next < source.size();) {
    const std::string_view content = without_left(source[next], kBlanks);
    const auto* block =
        std::ranges::find_if(kBlocks, [&](const Block& known) { return content.starts_with(known.open); });
    if (block == kBlocks.end()) {
      lines.push_back(without_line_mark(source[next++]));
      continue;
    }
    std::size_t last = next;
    while (last + 1 < source.size() &&
           source[last].find(block->close, last == next ? block->open.size() : 0) == std::string_view::npos) {
      ++last;
    }
    const auto begin = source.begin() + static_cast<std::ptrdiff_t>(next);
    const auto end = source.begin() + static_cast<std::ptrdiff_t>(last + 1);
    std::ranges::copy(block_lines({begin, end}, *block), std::back_inserter(lines));
    next = last + 1;
  }
  return joined(lines);
}

std::string strip_docstring(std::string_view literal) {
  std::string_view content = without_left(literal.substr(0, kMaxSourceBytes), "rRuUbBfF");
  for (const std::string_view quote : {R"(""")", "'''", "\"", "'"}) {
    if (content.starts_with(quote)) {
      content.remove_prefix(quote.size());
      if (content.ends_with(quote)) {
        content.remove_suffix(quote.size());
      }
      break;
    }
  }
  std::vector<std::string_view> lines = split(content);
  if (!lines.empty()) {
    lines.front() = without_left(lines.front(), kBlanks);
    dedent(lines, 1);
  }
  return joined(lines);
}

}  // namespace repomap
