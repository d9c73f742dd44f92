// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/digest.hpp"

namespace repomap {

/// Appends numbers and strings to a string of bytes. Fixed widths are little-endian; varints are LEB128, 7 bits a byte,
/// least significant first; signed ones zigzag first (Protocol Buffers, "Encoding"). Used by one thread.
class ByteWriter {
 public:
  void add_u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void add_u32(std::uint32_t value) { add_fixed(value); }
  void add_u64(std::uint64_t value) { add_fixed(value); }
  void add_varint(std::uint64_t value);
  void add_signed(std::int64_t value);
  void add_double(double value) { add_fixed(std::bit_cast<std::uint64_t>(value)); }
  void add_digest(const Digest& digest);
  /// The length as a varint, then the bytes.
  void add_string(std::string_view text);
  /// The bytes alone.
  void add_raw(std::string_view bytes) { bytes_.append(bytes); }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  template <typename T>
  void add_fixed(T value) {
    static_assert(std::is_unsigned_v<T> && std::endian::native == std::endian::little);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string bytes_;
};

/// Reads what ByteWriter wrote, and expects malice: reading past the end, an overlong varint or a count that the
/// remaining bytes cannot hold makes the reader failed; from then on it yields zeros and empty strings. So a decoder
/// reads a whole value and asks has_failed() once, and again before it trusts a count. Borrows the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t read_u8();
  std::uint32_t read_u32() { return read_fixed<std::uint32_t>(); }
  std::uint64_t read_u64() { return read_fixed<std::uint64_t>(); }
  std::uint64_t read_varint() {
    // Most are below 128.
    if (!rest_.empty() && static_cast<std::uint8_t>(rest_.front()) < 0x80) {
      const auto value = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      return value;
    }
    return read_long_varint();
  }
  std::int64_t read_signed();
  double read_double() { return std::bit_cast<double>(read_fixed<std::uint64_t>()); }
  Digest read_digest();
  std::string_view read_string();
  std::string_view read_raw(std::uint64_t size);

  /// A varint that counts things of at least `bytes_each` bytes, of which so many must remain. REQUIRES: bytes_each >
  /// 0.
  std::uint64_t read_count(std::uint64_t bytes_each);

  /// A varint of at most `limit`.
  std::uint64_t read_bounded(std::uint64_t limit);

  bool has_failed() const { return has_failed_; }
  /// Whether all was read and nothing is left.
  bool is_finished() const { return !has_failed_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void set_failed() {
    has_failed_ = true;
    rest_ = {};
  }

 private:
  template <typename T>
  T read_fixed() {
    T value = 0;
    const std::string_view raw = read_raw(sizeof value);
    if (!has_failed_) {
      std::memcpy(&value, raw.data(), sizeof value);
    }
    return value;
  }

  std::uint64_t read_long_varint();

  std::string_view rest_;
  bool has_failed_ = false;
};

}  // namespace repomap
