// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

/// What went wrong in a typed view, since it was made.
struct ViewTroubles {
  std::uint64_t damaged = 0;  ///< values that did not decode, or belonged to another key: erased, and a miss
  std::uint64_t failed = 0;   ///< calls that the backend failed: misses, or values not kept
};

/// What the typed views have in common: they look up bytes and decode them, and never fail. A failing backend is a
/// miss, or a value not kept; a value that does not decode is erased and a miss; both are counted.
/// Borrows the backend. Thread-safe.
class EncodedEntries {
 public:
  explicit EncodedEntries(CacheBackend& backend) : backend_(backend) {}

  /// For each key, in their order, what `decode(index, bytes)` makes of its value: a Result<T>. Nothing for a miss.
  template <typename T, typename Decode>
  std::vector<std::optional<T>> get(std::span<const CacheKey> keys, const Decode& decode) {
    std::vector<std::optional<T>> values(keys.size());
    const std::vector<CacheBytes> found = load(keys);
    std::vector<CacheKey> damaged;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!found[i]) {
        continue;
      }
      if (Result<T> value = decode(i, std::string_view(*found[i]))) {
        values[i] = std::move(*value);
      } else {
        damaged.push_back(keys[i]);
      }
    }
    drop(damaged);
    return values;
  }

  void put(std::span<const CacheItem> items);

  /// Removes the entries that carry the CacheTag::file() of any of the paths; gives how many there were.
  std::size_t evict_files(std::span<const std::string> paths);

  ViewTroubles troubles() const { return {damaged_, failed_}; }

 private:
  /// As long as `keys`, null for a miss; empty if the backend fails.
  std::vector<CacheBytes> load(std::span<const CacheKey> keys);
  void drop(std::span<const CacheKey> damaged);

  CacheBackend& backend_;
  std::atomic<std::uint64_t> damaged_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
};

}  // namespace repomap
