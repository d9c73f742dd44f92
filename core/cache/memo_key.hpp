// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/cache/cache_key.hpp"

// The keys of memoized calls: the function's name, then one or more parts for each argument, by type and value. Two
// calls of one name have equal keys exactly when their arguments are equal in number, kind and value. What CacheKey has
// no part for is a byte string whose first character tells what it is; plain byte strings are no arguments, so nothing
// else looks like one.

namespace repomap {

template <typename T>
void add_memo_part(CacheKey& key, const std::optional<T>& value);
template <typename T>
void add_memo_part(CacheKey& key, const std::vector<T>& values);

template <std::same_as<bool> T>  // not a plain parameter: pointers would become truth values
void add_memo_part(CacheKey& key, T value) {
  key.add_bytes(value ? "t" : "f");
}

template <std::signed_integral T>
void add_memo_part(CacheKey& key, T value) {
  key.add_integer(value);
}

template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>)
void add_memo_part(CacheKey& key, T value) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  if (value <= kLargest) {
    key.add_integer(static_cast<std::int64_t>(value));
  } else {
    key.add_bytes("u").add_integer(static_cast<std::int64_t>(value - kLargest - 1));
  }
}

/// By its bits: 0.0 and -0.0 are two keys, and so are NaNs of different bits.
inline void add_memo_part(CacheKey& key, double value) {
  key.add_bytes("d").add_integer(std::bit_cast<std::int64_t>(value));
}

inline void add_memo_part(CacheKey& key, std::string_view text) { key.add_text(text); }
inline void add_memo_part(CacheKey& key, const std::string& text) { key.add_text(text); }
inline void add_memo_part(CacheKey& key, const char* text) { key.add_text(text); }
inline void add_memo_part(CacheKey& key, const Digest& digest) { key.add_digest(digest); }

template <typename T>
void add_memo_part(CacheKey& key, const std::optional<T>& value) {
  if (!value) {
    key.add_bytes("n");
    return;
  }
  key.add_bytes("o");
  add_memo_part(key, *value);
}

template <typename T>
void add_memo_part(CacheKey& key, const std::vector<T>& values) {
  key.add_bytes("v").add_integer(static_cast<std::int64_t>(values.size()));
  for (const T& value : values) {
    add_memo_part(key, value);
  }
}

/// The key of calling the function of that name with these arguments.
template <typename... Args>
CacheKey memo_key(std::string_view name, const Args&... args) {
  CacheKey key = CacheKey::from_text(name);
  (add_memo_part(key, args), ...);
  return key;
}

}  // namespace repomap
