// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"

namespace repomap {

/// The name of an entry: a sequence of typed parts in one canonical encoding (docs/CACHE_FORMAT.md).
///
/// Equal sequences have equal bytes in every process and version, different ones never do: 1, "1" and bytes "1" are
/// three keys, and ("ab","c") is not ("a","bc"). Keys compare as their bytes do: part by part, integers before texts
/// before byte strings before digests; integers by value, texts and byte strings bytewise. A value type.
class CacheKey {
 public:
  CacheKey() = default;

  static CacheKey from_integer(std::int64_t value) { return CacheKey().add_integer(value); }
  static CacheKey from_text(std::string_view text) { return CacheKey().add_text(text); }
  static CacheKey from_bytes(std::string_view bytes) { return CacheKey().add_bytes(bytes); }
  static CacheKey from_digest(const Digest& digest) { return CacheKey().add_digest(digest); }

  /// The key of these encoded bytes. Errors: kCorrupt for bytes that no key has.
  static Result<CacheKey> from_encoded(std::string_view encoded);

  // Each appends one part and returns this key.
  CacheKey& add_integer(std::int64_t value);
  CacheKey& add_text(std::string_view text);
  CacheKey& add_bytes(std::string_view bytes);
  CacheKey& add_digest(const Digest& digest);

  /// The encoding: what is stored, hashed and compared.
  const std::string& encoded() const { return encoded_; }

  /// For people: `42`, `"src/a.c"`, `b"\x00\x01"`, `#<32 hex digits>`; several parts are joined by `, `.
  std::string to_display() const;

  friend bool operator==(const CacheKey&, const CacheKey&) = default;
  friend auto operator<=>(const CacheKey&, const CacheKey&) = default;

 private:
  std::string encoded_;
};

}  // namespace repomap

template <>
struct std::hash<repomap::CacheKey> {
  std::size_t operator()(const repomap::CacheKey& key) const noexcept {
    return static_cast<std::size_t>(repomap::digest_of(key.encoded()).low);
  }
};
