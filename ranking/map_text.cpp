// SPDX-License-Identifier: Apache-2.0
#include "ranking/map_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

struct Character {
  char32_t code = 0;
  std::size_t length = 0;  // in bytes; 0 for an invalid byte
};

/// The first character. REQUIRES: text is not empty.
Character decode(std::string_view text) {
  const std::size_t length = utf8_sequence_length(text);
  if (length <= 1) {
    return {static_cast<unsigned char>(text[0]), length};
  }
  std::uint32_t code = static_cast<unsigned char>(text[0]) & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return {code, length};
}

void append_cut_line(std::string& result, std::string_view line) {
  for (std::size_t characters = 0; !line.empty() && characters < kMaxMapLineCharacters; ++characters) {
    const Character character = decode(line);
    if (character.length == 0) {
      result += kReplacement;
      line.remove_prefix(1);
    } else {
      result += line.substr(0, character.length);
      line.remove_prefix(character.length);
    }
  }
}

bool is_invisible(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void append_escaped(std::string& result, char32_t code) {
  switch (code) {
    case '\n': result += "\\n"; return;
    case '\r': result += "\\r"; return;
    case '\t': result += "\\t"; return;
    default: break;
  }
  const auto number = static_cast<std::uint32_t>(code);
  if (number < 0x80) {
    fmt::format_to(std::back_inserter(result), "\\x{:02x}", number);
  } else {
    fmt::format_to(std::back_inserter(result), "\\u{:04x}", number);
  }
}

}  // namespace

void append_cut_lines(std::string& result, std::string_view text) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    append_cut_line(result, text.substr(0, newline));
    if (newline == std::string_view::npos) {
      return;
    }
    result += '\n';
    text.remove_prefix(newline + 1);
  }
}

std::string visible_path(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const Character character = decode(path);
    if (character.length == 0) {
      fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(path[0]));
      path.remove_prefix(1);
      continue;
    }
    if (is_invisible(character.code)) {
      append_escaped(result, character.code);
    } else {
      result += path.substr(0, character.length);
    }
    path.remove_prefix(character.length);
  }
  return result;
}

}  // namespace repomap
