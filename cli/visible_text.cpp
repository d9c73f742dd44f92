// SPDX-License-Identifier: Apache-2.0
#include "cli/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/utf8.hpp"

namespace repomap::cli {
namespace {

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  // U+0080 to U+009F are C2 80 to C2 9F; terminals take U+009B for the start of a control sequence.
  return first < 0x20 || first == 0x7f || (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

void append_escape(std::string& result, char byte) {
  switch (byte) {
    case '\n': result += "\\n"; break;
    case '\r': result += "\\r"; break;
    case '\t': result += "\\t"; break;
    default: fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(byte));
  }
}

}  // namespace

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character)) {
      std::ranges::for_each(character, [&result](char byte) { append_escape(result, byte); });
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace repomap::cli
