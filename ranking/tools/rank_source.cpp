// SPDX-License-Identifier: Apache-2.0
#include "ranking/tools/rank_source.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace repomap {
namespace {

std::optional<char> unescape(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\'':
    case '/':
    case '\\': return letter;
    default: return std::nullopt;
  }
}

/// The value of the double-quoted string literal behind `"<name>":`.
Result<std::string> string_property(std::string_view script, std::string_view name) {
  const std::string label = fmt::format("\"{}\":\"", name);
  std::size_t position = script.find(label);
  if (position == std::string_view::npos) {
    return fail(ErrorCode::kCorrupt, fmt::format("no property {}", name));
  }
  std::string value;
  for (position += label.size(); position < script.size(); ++position) {
    if (script[position] == '"') {
      return value;
    }
    if (script[position] != '\\') {
      value += script[position];
      continue;
    }
    const std::optional<char> escaped = position + 1 < script.size() ? unescape(script[position + 1]) : std::nullopt;
    if (!escaped) {
      return fail(ErrorCode::kCorrupt, fmt::format("an escape in {} that is not known", name));
    }
    value += *escaped;
    ++position;
  }
  return fail(ErrorCode::kCorrupt, fmt::format("the string {} does not end", name));
}

/// The part of `text` up to the next `separator`, which is removed from `text` together with it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

std::optional<std::uint32_t> base64_value(char digit) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t value = kDigits.find(digit);
  return value == std::string_view::npos ? std::nullopt : std::optional(static_cast<std::uint32_t>(value));
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  while (!text.empty() && text.back() == '=') {
    text.remove_suffix(1);
  }
  for (const char digit : text) {
    const std::optional<std::uint32_t> value = base64_value(digit);
    if (!value) {
      return std::nullopt;
    }
    bits = (bits << 6) | *value;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes += static_cast<char>((bits >> bit_count) & 0xff);
    }
  }
  return bytes;
}

/// An empty line holds no tokens.
Status parse_rank_line(std::string_view line, std::vector<BpeToken>& tokens) {
  if (line.empty()) {
    return {};
  }
  take_until(line, ' ');
  const std::string_view first = take_until(line, ' ');
  std::uint32_t rank = 0;
  if (std::from_chars(first.data(), first.data() + first.size(), rank).ptr != first.data() + first.size() ||
      first.empty()) {
    return fail(ErrorCode::kCorrupt, fmt::format("\"{}\" is no rank", first));
  }
  while (!line.empty()) {
    const std::string_view encoded = take_until(line, ' ');
    const std::optional<std::string> bytes = decode_base64(encoded);
    if (!bytes || bytes->empty()) {
      return fail(ErrorCode::kCorrupt, fmt::format("\"{}\" is no token", encoded));
    }
    tokens.push_back({.bytes = *bytes, .rank = rank++});
  }
  return {};
}

Status parse_rank_lines(std::string_view lines, std::vector<BpeToken>& tokens) {
  while (!lines.empty()) {
    REPOMAP_TRY(parse_rank_line(take_until(lines, '\n'), tokens));
  }
  return {};
}

}  // namespace

Result<RankSource> parse_rank_source(std::string_view script) {
  RankSource source;
  REPOMAP_ASSIGN(source.pattern, string_property(script, "pat_str"));
  REPOMAP_ASSIGN(const std::string ranks, string_property(script, "bpe_ranks"));
  REPOMAP_TRY(parse_rank_lines(ranks, source.tokens));
  if (source.tokens.empty()) {
    return fail(ErrorCode::kCorrupt, "no tokens");
  }
  return source;
}

}  // namespace repomap
