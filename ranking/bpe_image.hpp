// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "ranking/pretokenizer.hpp"

namespace repomap {

/// The header of an image, 64 bytes, little-endian. docs/BPE_IMAGE.md describes the format; every change of it takes a
/// new version. The header is followed by slot_count slots of 8 bytes and by blob_bytes bytes of tokens.
struct BpeImageHeader {
  static constexpr std::uint64_t kMagic = 0x0a1a6570626d7072;  // "rpmbpe\x1a\n"
  static constexpr std::uint32_t kVersion = 1;

  std::uint64_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t encoding = 0;         ///< BpeEncoding
  std::uint32_t token_count = 0;      ///< taken slots
  std::uint32_t slot_count = 0;       ///< not 0
  std::uint32_t probe_limit = 0;      ///< no token is this many slots or more behind its first slot
  std::uint32_t max_token_bytes = 0;  ///< length of the longest token, at most 255
  std::uint64_t blob_bytes = 0;
  std::uint64_t body_checksum = 0;    ///< bpe_hash of all that follows the header
  std::uint64_t reserved = 0;         ///< 0
  std::uint64_t header_checksum = 0;  ///< bpe_hash of the 56 bytes before it
};
static_assert(sizeof(BpeImageHeader) == 64);

namespace detail {

inline std::uint64_t bpe_mix(std::uint64_t value) {
  value *= 0x9e3779b97f4a7c15;
  return value ^ (value >> 32);
}

template <typename Word>
std::uint64_t load_word(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The 0 to 8 bytes of `bytes` as a little-endian number. Reads no byte outside.
inline std::uint64_t load_short(std::string_view bytes) {
  const std::size_t size = bytes.size();
  if (size >= 4) {
    return load_word<std::uint32_t>(bytes.data()) |
           (load_word<std::uint32_t>(bytes.data() + size - 4) << (8 * (size - 4)));
  }
  if (size == 0) {
    return 0;
  }
  const auto byte_at = [&](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  };
  return byte_at(0) | byte_at(size / 2) | byte_at(size - 1);
}

}  // namespace detail

/// The hash of the format: each 8 bytes, and what is left (as a little-endian number), go through one multiplication.
inline std::uint64_t bpe_hash(std::string_view bytes) {
  constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
  std::uint64_t hash = bytes.size();
  while (bytes.size() > kWordBytes) {
    hash = detail::bpe_mix(hash ^ detail::load_word<std::uint64_t>(bytes.data()));
    bytes.remove_prefix(kWordBytes);
  }
  hash = detail::bpe_mix(hash ^ detail::load_short(bytes));
  return detail::bpe_mix(hash);
}

/// One slot of the hash table. 0 is a free slot.
class BpeSlot {
 public:
  static constexpr std::size_t kMaxTokenBytes = 255;
  static constexpr std::uint32_t kMaxRank = (1U << 20) - 1;
  static constexpr std::uint32_t kMaxOffset = (1U << 24) - 1;
  static constexpr std::size_t kInlineBytes = 4;

  explicit BpeSlot(std::uint64_t bits) : bits_(bits) {}

  /// A token of at most kInlineBytes, which the slot itself holds.
  BpeSlot(std::string_view token, std::uint32_t rank) : bits_((inline_key(token) << kRankBits) | rank) {}

  /// A longer token, whose bytes are at `offset` of the blob.
  BpeSlot(std::string_view token, std::uint32_t rank, std::uint64_t hash, std::uint32_t offset)
      : bits_((long_key(token.size(), hash) << kRankBits) | (std::uint64_t{offset} << kKeyShift) | rank) {}

  std::uint64_t bits() const { return bits_; }
  bool is_free() const { return bits_ == 0; }
  std::uint32_t rank() const { return static_cast<std::uint32_t>(bits_) & kMaxRank; }
  std::size_t length() const { return (bits_ >> kRankBits) & kMaxTokenBytes; }
  std::size_t offset() const { return (bits_ >> kKeyShift) & kMaxOffset; }

  /// All but the rank of the slot of a token of at most kInlineBytes: equal keys are equal tokens.
  static std::uint64_t inline_key(std::string_view token) { return token.size() | (detail::load_short(token) << 8); }
  std::uint64_t key() const { return bits_ >> kRankBits; }

  /// All but rank and offset of the slot of a longer token: equal tokens have equal keys.
  static std::uint64_t long_key(std::size_t length, std::uint64_t hash) {
    return length | ((hash & kFingerprintMask) << (kFingerprintShift - kRankBits));
  }
  std::uint64_t key_without_offset() const { return (bits_ & ~(std::uint64_t{kMaxOffset} << kKeyShift)) >> kRankBits; }

 private:
  static constexpr unsigned kRankBits = 20;
  static constexpr unsigned kKeyShift = 28;
  static constexpr unsigned kFingerprintShift = 52;
  static constexpr std::uint64_t kFingerprintMask = 0xfff;

  std::uint64_t bits_;
};

/// The first slot of a token with this hash.
inline std::uint32_t bpe_first_slot(std::uint64_t hash, std::uint32_t slot_count) {
  return static_cast<std::uint32_t>(((hash >> 32) * slot_count) >> 32);
}

/// The ranks of an encoding's tokens, in the bytes of an image that somebody else keeps alive.
/// Thread-safe: nothing changes. Damaged or hostile images give wrong ranks, but never an access outside of the bytes.
class BpeImage {
 public:
  static constexpr std::uint32_t kNoRank = std::numeric_limits<std::uint32_t>::max();

  /// The image in `bytes`, which must outlive it. Reads the header only.
  /// Errors: kCorrupt, kUnsupported (another version, an unknown encoding).
  static Result<BpeImage> view(std::span<const std::byte> bytes);

  /// Whether the checksum of the whole image holds. Reads all of it. Errors: kCorrupt.
  Status verify() const;

  /// The rank of the token of these bytes, or kNoRank.
  std::uint32_t rank(std::string_view token) const {
    if (token.size() <= BpeSlot::kInlineBytes) {
      const std::uint64_t key = BpeSlot::inline_key(token);
      return find(bpe_hash(token), [key](BpeSlot slot) { return slot.key() == key; });
    }
    if (token.size() > header_.max_token_bytes) {
      return kNoRank;
    }
    const std::uint64_t hash = bpe_hash(token);
    const std::uint64_t key = BpeSlot::long_key(token.size(), hash);
    return find(hash, [&](BpeSlot slot) { return slot.key_without_offset() == key && has_bytes(slot, token); });
  }

  BpeEncoding encoding() const { return static_cast<BpeEncoding>(header_.encoding); }
  std::size_t token_count() const { return header_.token_count; }

 private:
  BpeImage(const BpeImageHeader& header, const char* slots, std::string_view blob)
      : header_(header), slots_(slots), blob_(blob) {}

  bool has_bytes(BpeSlot slot, std::string_view token) const {
    return slot.offset() + token.size() <= blob_.size() &&
           std::memcmp(blob_.data() + slot.offset(), token.data(), token.size()) == 0;
  }

  template <typename Match>
  std::uint32_t find(std::uint64_t hash, const Match& matches) const {
    std::uint32_t index = bpe_first_slot(hash, header_.slot_count);
    for (std::uint32_t probe = 0; probe < header_.probe_limit; ++probe) {
      const BpeSlot slot(detail::load_word<std::uint64_t>(slots_ + std::size_t{index} * sizeof(std::uint64_t)));
      if (slot.is_free()) {
        return kNoRank;
      }
      if (matches(slot)) {
        return slot.rank();
      }
      index = index + 1 == header_.slot_count ? 0 : index + 1;
    }
    return kNoRank;
  }

  BpeImageHeader header_;
  const char* slots_;
  std::string_view blob_;
};

}  // namespace repomap
