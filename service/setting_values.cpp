// SPDX-License-Identifier: Apache-2.0
#include "service/setting_values.hpp"

#include <charconv>
#include <system_error>

namespace repomap {
namespace {

constexpr std::uint64_t kMaxSettableBytes = std::uint64_t{2} << 30U;

}  // namespace

std::optional<std::uint64_t> number_from(std::string_view text, std::uint64_t limit) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return is_whole && number <= limit ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> bytes_from(std::string_view text) {
  return text.ends_with('G') || text.ends_with('g') ? std::nullopt : bytes_from(text, kMaxSettableBytes);
}

std::optional<std::uint64_t> bytes_from(std::string_view text, std::uint64_t limit) {
  constexpr std::string_view kUnits = "KkMmGg";
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  const unsigned shift = unit == std::string_view::npos ? 0 : 10 * (static_cast<unsigned>(unit) / 2 + 1);
  const auto number = number_from(shift == 0 ? text : text.substr(0, text.size() - 1), limit >> shift);
  return number ? std::optional(*number << shift) : std::nullopt;
}

std::optional<bool> flag_from(std::string_view text) {
  if (text == "true") {
    return true;
  }
  return text == "false" ? std::optional(false) : std::nullopt;
}

}  // namespace repomap
