// SPDX-License-Identifier: Apache-2.0
#include "service/cache_key_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/digest.hpp"

namespace repomap {
namespace {

/// The number of that many digits at the start of `text`.
std::optional<std::uint64_t> hex_number(std::string_view text, std::size_t digits) {
  std::uint64_t number = 0;
  const char* end = text.data() + std::min(digits, text.size());
  const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
  const bool is_whole = error == std::errc() && text.size() >= digits && stop == end;
  return is_whole ? std::optional(number) : std::nullopt;
}

/// What stands in quotes at the start of `rest`, which is moved behind them; nothing if they do not close.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.starts_with("\\x")) {
      const auto byte = hex_number(rest.substr(2), 2);
      if (!byte) {
        return std::nullopt;
      }
      text.push_back(static_cast<char>(*byte));
      rest.remove_prefix(4);
      continue;
    }
    rest.remove_prefix(rest.front() == '\\' && rest.size() > 1 ? 1 : 0);
    text.push_back(rest.front());
    rest.remove_prefix(1);
  }
  if (rest.empty()) {
    return std::nullopt;
  }
  rest.remove_prefix(1);
  return text;
}

bool take_digest(std::string_view& rest, CacheKey& key) {
  constexpr std::size_t kWordDigits = 16;
  const auto high = hex_number(rest.substr(1), kWordDigits);
  const auto low = high ? hex_number(rest.substr(1 + kWordDigits), kWordDigits) : std::nullopt;
  if (!low) {
    return false;
  }
  key.add_digest({*high, *low});
  rest.remove_prefix(1 + 2 * kWordDigits);
  return true;
}

bool take_integer(std::string_view& rest, CacheKey& key) {
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) {
    return false;
  }
  key.add_integer(number);
  rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  return true;
}

/// Takes one part off `rest`; whether there was one.
bool take_part(std::string_view& rest, CacheKey& key) {
  const bool is_bytes = rest.starts_with("b\"");
  if (is_bytes || rest.starts_with('"')) {
    rest.remove_prefix(is_bytes ? 1 : 0);
    const auto text = take_quoted(rest);
    if (text) {
      is_bytes ? key.add_bytes(*text) : key.add_text(*text);
    }
    return text.has_value();
  }
  return rest.starts_with('#') ? take_digest(rest, key) : take_integer(rest, key);
}

void skip_spaces(std::string_view& rest) { rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size())); }

}  // namespace

Result<CacheKey> cache_key_from_text(std::string_view text) {
  CacheKey key;
  std::string_view rest = text;
  while (true) {
    skip_spaces(rest);
    const std::string_view part = rest;
    if (rest.empty() || !take_part(rest, key)) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("\"{}\" is no part of a key: 42, \"text\", b\"bytes\" or # and 32 hexadecimal digits, with "
                      "commas between them, as `repomap cache inspect` shows keys",
                      part));
    }
    skip_spaces(rest);
    if (rest.empty()) {
      return key;
    }
    if (rest.front() != ',') {
      return fail(ErrorCode::kInvalidArgument, fmt::format("there is no comma before \"{}\" in the key", rest));
    }
    rest.remove_prefix(1);
  }
}

}  // namespace repomap
