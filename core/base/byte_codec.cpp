// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr unsigned kBitsPerByte = 7;
constexpr std::uint8_t kMore = 0x80;

}  // namespace

void ByteWriter::add_varint(std::uint64_t value) {
  while (value >= kMore) {
    add_u8(static_cast<std::uint8_t>(value | kMore));
    value >>= kBitsPerByte;
  }
  add_u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::add_signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  add_varint((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::add_digest(const Digest& digest) {
  add_u64(digest.high);
  add_u64(digest.low);
}

void ByteWriter::add_string(std::string_view text) {
  add_varint(text.size());
  add_raw(text);
}

std::uint8_t ByteReader::read_u8() {
  const std::string_view raw = read_raw(1);
  return has_failed_ ? std::uint8_t{0} : static_cast<std::uint8_t>(raw.front());
}

std::uint64_t ByteReader::read_long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += kBitsPerByte) {
    const std::uint8_t byte = read_u8();
    const std::uint64_t bits = byte & ~kMore;
    if (shift + kBitsPerByte > 64 && bits >> (64 - shift) != 0) {
      break;
    }
    value |= bits << shift;
    if ((byte & kMore) == 0) {
      return has_failed_ ? 0 : value;
    }
  }
  set_failed();
  return 0;
}

std::int64_t ByteReader::read_signed() {
  const std::uint64_t value = read_varint();
  return static_cast<std::int64_t>((value >> 1U) ^ ((value & 1U) != 0 ? ~std::uint64_t{0} : 0));
}

Digest ByteReader::read_digest() {
  const std::uint64_t high = read_u64();
  return {high, read_u64()};
}

std::string_view ByteReader::read_string() { return read_raw(read_varint()); }

std::string_view ByteReader::read_raw(std::uint64_t size) {
  if (size > rest_.size()) {
    set_failed();
    return {};
  }
  const std::string_view raw = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(static_cast<std::size_t>(size));
  return raw;
}

std::uint64_t ByteReader::read_count(std::uint64_t bytes_each) { return read_bounded(rest_.size() / bytes_each); }

std::uint64_t ByteReader::read_bounded(std::uint64_t limit) {
  const std::uint64_t value = read_varint();
  if (value > limit) {
    set_failed();
    return 0;
  }
  return value;
}

}  // namespace repomap
