// SPDX-License-Identifier: Apache-2.0
#include "cli/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace repomap::cli {

std::string base64_text(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t kGroupBytes = 3;
  std::string text;
  text.reserve((bytes.size() + kGroupBytes - 1) / kGroupBytes * 4);
  for (std::size_t begin = 0; begin < bytes.size(); begin += kGroupBytes) {
    const std::string_view group = bytes.substr(begin, kGroupBytes);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < kGroupBytes; ++i) {
      bits = (bits << 8U) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t digit = 0; digit < 4; ++digit) {
      text += digit <= group.size() ? kDigits[(bits >> (18 - 6 * digit)) & 0x3fU] : '=';
    }
  }
  return text;
}

}  // namespace repomap::cli
