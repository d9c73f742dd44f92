// SPDX-License-Identifier: Apache-2.0
#include "ranking/pretoken_utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// The first position from `position` on that is not followed by eight ASCII bytes.
std::size_t skip_ascii(std::string_view text, std::size_t position) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  while (position + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + position, sizeof word);
    if ((word & kHighBits) != 0) {
      break;
    }
    position += sizeof word;
  }
  return position;
}

/// The position of the first ill-formed sequence from `position` on, or the size of the text.
std::size_t find_ill_formed(std::string_view text, std::size_t position) {
  while (true) {
    position = skip_ascii(text, position);
    if (position >= text.size()) {
      return text.size();
    }
    const std::size_t length = utf8_sequence_length(text.substr(position));
    if (length == 0) {
      return position;
    }
    position += length;
  }
}

/// The length of the maximal subpart of the ill-formed sequence at the start of `text`: the longest prefix that
/// continuation bytes would complete to a character, and at least one byte.
std::size_t ill_formed_length(std::string_view text) {
  constexpr std::size_t kMaxSubpartBytes = 3;
  for (std::size_t length = std::min(kMaxSubpartBytes, text.size()); length > 1; --length) {
    const std::string completed = std::string(text.substr(0, length)) + "\x80\x80";
    if (utf8_sequence_length(completed) > length) {
      return length;
    }
  }
  return 1;
}

}  // namespace

std::optional<std::string> repair_utf8(std::string_view text) {
  std::size_t ill_formed = find_ill_formed(text, 0);
  if (ill_formed == text.size()) {
    return std::nullopt;
  }
  std::string result(text.substr(0, ill_formed));
  while (ill_formed < text.size()) {
    const std::size_t resume = ill_formed + ill_formed_length(text.substr(ill_formed));
    ill_formed = find_ill_formed(text, resume);
    result += kReplacement;
    result += text.substr(resume, ill_formed - resume);
  }
  return result;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t position = 0; position < text.size(); ++count) {
    const std::string_view rest = text.substr(position);
    const std::size_t length = utf8_sequence_length(rest);
    position += length > 0 ? length : ill_formed_length(rest);
  }
  return count;
}

}  // namespace repomap
