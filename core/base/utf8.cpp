// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace repomap {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Length by the lead byte, and the range that the second byte must be in (RFC 3629, section 4).
struct Lead {
  std::size_t length = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) {
    return {1};
  }
  if (byte < 0xC2 || byte > 0xF4) {
    return {0};
  }
  if (byte < 0xE0) {
    return {2};
  }
  if (byte < 0xF0) {
    return {3, static_cast<std::uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
  }
  return {4, static_cast<std::uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
          static_cast<std::uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const Lead lead = lead_of(static_cast<std::uint8_t>(text.front()));
  if (lead.length <= 1 || lead.length > text.size()) {
    return lead.length <= 1 ? lead.length : 0;
  }
  const auto second = static_cast<std::uint8_t>(text[1]);
  const bool is_valid = second >= lead.second_min && second <= lead.second_max &&
                        std::ranges::all_of(text.substr(2, lead.length - 2), is_continuation);
  return is_valid ? lead.length : 0;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    valid += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

std::size_t utf8_floor(std::string_view text, std::size_t limit) {
  if (limit >= text.size()) {
    return text.size();
  }
  while (limit > 0 && is_continuation(text[limit])) {
    --limit;
  }
  return limit;
}

}  // namespace repomap
