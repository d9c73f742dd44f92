// SPDX-License-Identifier: Apache-2.0
#include "core/cache/value_storage.hpp"

#include <fmt/format.h>

#include <bit>

#include "core/base/digest.hpp"

namespace repomap {
namespace {

// Odd, so that multiplying loses nothing; different, so that parts which change places do not cancel out.
constexpr std::uint64_t kTypeFactor = 0x9e3779b97f4a7c15U;
constexpr std::uint64_t kSizeFactor = 0xc2b2ae3d27d4eb4fU;
constexpr std::uint64_t kFileFactor = 0x165667b19e3779f9U;
constexpr std::uint64_t kKeyFactor = 0xd6e8feb86659fd93U;
constexpr std::uint64_t kTagsFactor = 0xa0761d6478bd642fU;
constexpr std::uint64_t kExpiryFactor = 0xe7037ed1a0b428dbU;

constexpr std::int64_t kNumberBytes = 8;

std::uint64_t hash_of_word(std::uint64_t word) {
  return hash64_of(std::string_view(reinterpret_cast<const char*>(&word), sizeof word));
}

ValueColumns with_checksum(ValueColumns columns) {
  columns.checksum = checksum_of(columns);
  return columns;
}

}  // namespace

std::uint64_t checksum_of(const ValueColumns& columns) {
  std::uint64_t sum = kTypeFactor * (static_cast<std::uint64_t>(columns.type) + 1);
  sum += kSizeFactor * static_cast<std::uint64_t>(columns.size_bytes);
  if (!columns.file.empty()) {
    sum += kFileFactor * hash64_of(columns.file);
  }
  switch (columns.type) {
    case ValueType::kInteger: return sum + hash_of_word(static_cast<std::uint64_t>(columns.integer));
    case ValueType::kReal: return sum + hash_of_word(std::bit_cast<std::uint64_t>(columns.real));
    default: return sum + hash64_of(columns.bytes);
  }
}

std::uint64_t checksum_of_name(std::string_view key, std::string_view tags) {
  return kKeyFactor * hash64_of(key) + (tags.empty() ? 0 : kTagsFactor * hash64_of(tags));
}

std::uint64_t checksum_of_expiry(std::optional<std::int64_t> expires_us) {
  return expires_us ? kExpiryFactor * hash_of_word(static_cast<std::uint64_t>(*expires_us)) : 0;
}

Result<ValueColumns> ValueStorage::pack(std::string_view bytes, std::uint64_t min_file_bytes,
                                        ValueScratch& scratch) const {
  if (codec_) {
    scratch.encoded = codec_->encode(bytes);
    bytes = scratch.encoded;
  }
  ValueColumns columns;
  columns.size_bytes = static_cast<std::int64_t>(bytes.size());
  if (bytes.size() < min_file_bytes) {
    columns.bytes = bytes;
    return with_checksum(columns);
  }
  const Digest digest = digest_of(bytes);
  REPOMAP_ASSIGN(scratch.file, files_.write(bytes, digest, synchronous_));
  scratch.digest = digest_bytes(digest);
  columns.file = scratch.file;
  columns.bytes = scratch.digest;
  return with_checksum(columns);
}

ValueColumns ValueStorage::pack(std::int64_t value) {
  ValueColumns columns;
  columns.type = ValueType::kInteger;
  columns.size_bytes = kNumberBytes;
  columns.integer = value;
  return with_checksum(columns);
}

ValueColumns ValueStorage::pack(double value) {
  ValueColumns columns;
  columns.type = ValueType::kReal;
  columns.size_bytes = kNumberBytes;
  columns.real = value;
  return with_checksum(columns);
}

ValueColumns ValueStorage::pack_file(std::uint64_t size_bytes, ValueScratch& scratch) {
  ValueColumns columns;
  columns.type = ValueType::kPlain;
  columns.size_bytes = static_cast<std::int64_t>(size_bytes);
  columns.file = scratch.file;
  columns.bytes = scratch.digest;
  return with_checksum(columns);
}

Result<CacheValue> ValueStorage::unpack(const ValueColumns& columns) const {
  if (checksum_of(columns) != columns.checksum) {
    return fail(ErrorCode::kCorrupt, "a value does not have its checksum");
  }
  switch (columns.type) {
    case ValueType::kInteger: return CacheValue(columns.integer);
    case ValueType::kReal: return CacheValue(columns.real);
    default: break;
  }
  const bool is_encoded = codec_ && columns.type == ValueType::kEncoded;
  if (!columns.file.empty()) {
    REPOMAP_ASSIGN(std::string stored, files_.read(columns.file, static_cast<std::uint64_t>(columns.size_bytes),
                                                   digest_from_bytes(columns.bytes)));
    if (!is_encoded) {
      return CacheValue(std::move(stored));
    }
    REPOMAP_ASSIGN(std::string value, codec_->decode(stored));
    return CacheValue(std::move(value));
  }
  if (!is_encoded) {
    return CacheValue(std::string(columns.bytes));
  }
  REPOMAP_ASSIGN(std::string value, codec_->decode(columns.bytes));
  return CacheValue(std::move(value));
}

}  // namespace repomap
