// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace repomap {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 64;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

}  // namespace

std::string base64_text(std::string_view bytes) {
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

std::optional<std::string> bytes_of_base64(std::string_view text) {
  constexpr std::size_t kGroupDigits = 4;
  if (text.size() % kGroupDigits != 0) {
    return std::nullopt;
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  bytes.reserve(text.size() / kGroupDigits * 3 + 2);
  std::uint32_t bits = 0;
  std::uint32_t bit_count = 0;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNoDigit) {
      return std::nullopt;
    }
    bits = ((bits << 6U) | value) & 0xffffU;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes += static_cast<char>((bits >> bit_count) & 0xffU);
    }
  }
  const bool has_stray_bits = (bits & ((1U << bit_count) - 1U)) != 0;
  return has_stray_bits ? std::nullopt : std::optional(std::move(bytes));
}

}  // namespace repomap
