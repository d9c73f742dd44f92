// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_key.hpp"

#include <fmt/format.h>

#include <optional>

namespace repomap {
namespace {

// The first byte of a part. The order of parts of different types is that of these bytes. No part is a prefix of
// another: integers and digests have a fixed length, texts and byte strings end in kEnd, and a NUL in them is escaped.
constexpr char kInteger = 0x10;
constexpr char kText = 0x20;
constexpr char kBytes = 0x30;
constexpr char kDigest = 0x40;
constexpr char kEnd = 0x00;
constexpr char kEscapedNul = '\xff';  // behind a NUL that belongs to the string

constexpr std::size_t kWordBytes = 8;
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63U;

// Most significant byte first, so that bytes compare as numbers do.
void append_word(std::string& encoded, std::uint64_t word) {
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    encoded.push_back(static_cast<char>((word >> (shift - 8)) & 0xffU));
  }
}

std::uint64_t read_word(std::string_view bytes) {
  std::uint64_t word = 0;
  for (const char byte : bytes.substr(0, kWordBytes)) {
    word = (word << 8U) | static_cast<unsigned char>(byte);
  }
  return word;
}

void append_string(std::string& encoded, std::string_view text) {
  for (const char byte : text) {
    encoded.push_back(byte);
    if (byte == kEnd) {
      encoded.push_back(kEscapedNul);
    }
  }
  encoded.push_back(kEnd);
}

/// The string at the start of `rest`, which is moved past its end; nothing if it has no end.
std::optional<std::string> take_string(std::string_view& rest) {
  std::string text;
  while (true) {
    const std::size_t nul = rest.find(kEnd);
    if (nul == std::string_view::npos) {
      return std::nullopt;
    }
    text.append(rest.substr(0, nul));
    rest.remove_prefix(nul + 1);
    if (!rest.starts_with(kEscapedNul)) {
      return text;
    }
    text.push_back(kEnd);
    rest.remove_prefix(1);
  }
}

std::string quoted(std::string_view text, bool is_text) {
  std::string result = is_text ? "\"" : "b\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += byte;
    } else if (code < 0x20 || code == 0x7f || (!is_text && code >= 0x80)) {
      result += fmt::format("\\x{:02x}", code);
    } else {
      result += byte;
    }
  }
  return result + '"';
}

/// One part for people, taken off `rest`; nothing if `rest` does not start with one.
std::optional<std::string> take_part(std::string_view& rest) {
  const char type = rest.front();
  rest.remove_prefix(1);
  if (type == kText || type == kBytes) {
    const auto text = take_string(rest);
    return text ? std::optional(quoted(*text, type == kText)) : std::nullopt;
  }
  const std::size_t length = type == kInteger ? kWordBytes : 2 * kWordBytes;
  if ((type != kInteger && type != kDigest) || rest.size() < length) {
    return std::nullopt;
  }
  const std::uint64_t high = read_word(rest);
  const std::uint64_t low = type == kDigest ? read_word(rest.substr(kWordBytes)) : 0;
  rest.remove_prefix(length);
  return type == kDigest ? fmt::format("#{}", to_hex(Digest{high, low}))
                         : std::to_string(static_cast<std::int64_t>(high ^ kSignBit));
}

}  // namespace

CacheKey& CacheKey::add_integer(std::int64_t value) {
  encoded_.push_back(kInteger);
  append_word(encoded_, static_cast<std::uint64_t>(value) ^ kSignBit);
  return *this;
}

CacheKey& CacheKey::add_text(std::string_view text) {
  encoded_.push_back(kText);
  append_string(encoded_, text);
  return *this;
}

CacheKey& CacheKey::add_bytes(std::string_view bytes) {
  encoded_.push_back(kBytes);
  append_string(encoded_, bytes);
  return *this;
}

CacheKey& CacheKey::add_digest(const Digest& digest) {
  encoded_.push_back(kDigest);
  append_word(encoded_, digest.high);
  append_word(encoded_, digest.low);
  return *this;
}

Result<CacheKey> CacheKey::from_encoded(std::string_view encoded) {
  std::string_view rest = encoded;
  while (!rest.empty()) {
    if (!take_part(rest)) {
      return fail(ErrorCode::kCorrupt, fmt::format("{} bytes are no cache key", encoded.size()));
    }
  }
  CacheKey key;
  key.encoded_ = encoded;
  return key;
}

std::string CacheKey::to_display() const {
  std::string result;
  std::string_view rest = encoded_;
  while (!rest.empty()) {
    const auto part = take_part(rest);
    result += result.empty() ? "" : ", ";
    result += part.value_or("?");
    if (!part) {
      break;
    }
  }
  return result;
}

}  // namespace repomap
