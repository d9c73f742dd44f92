// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/cache_tag.hpp"

namespace repomap {

class ValueCodec;

/// What a store keeps for a key: bytes, or a number that it can count with.
using CacheValue = std::variant<std::string, std::int64_t, double>;

/// What is written along with a value. An overwrite replaces both, also by nothing.
struct EntryOptions {
  std::vector<CacheTag> tags;
  std::optional<Clock::WallTime> expires;  ///< nothing: after the settings' ttl, or never where there is none
};

/// An entry as it is read.
struct StoredEntry {
  CacheValue value;
  std::vector<CacheTag> tags;
  std::optional<Clock::WallTime> expires;
};

struct KeyedEntry {
  CacheKey key;
  StoredEntry entry;
};

enum class KeyDirection : std::uint8_t { kForward, kBackward };

/// One item of a batch to write. Views of what the caller keeps.
struct StoreItem {
  const CacheKey* key = nullptr;
  std::string_view bytes;
  const std::vector<CacheTag>* tags = nullptr;  ///< null: none
  std::optional<Clock::WallTime> expires;       ///< as in EntryOptions
};

/// A key of a listing, and where the listing goes on.
struct ListedKey {
  CacheKey key;
  std::int64_t entry = 0;  ///< number of the entry: rises in the order of insertion
};

/// What a removal in many transactions has done: also when it failed half-way, how much is gone.
struct Removal {
  std::size_t removed = 0;
  Status status;
};

/// What a store has counted since it was made, over all processes (but what was not yet written is lost in a crash).
struct StoreStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  // Of this handle alone.
  std::uint64_t puts = 0;
  std::uint64_t evictions = 0;    ///< to make room
  std::uint64_t expirations = 0;  ///< expired entries removed
  std::uint64_t damaged = 0;      ///< entries found damaged, and removed
  std::uint64_t quarantines = 0;  ///< databases put aside as damaged
};

enum class StoreAccess : std::uint8_t { kReadWrite, kReadOnly };

struct DiskStoreConfig {
  std::string directory;
  std::optional<CacheSettings> settings;    ///< nothing: those that the store remembers, or the defaults for a new one
  std::shared_ptr<const ValueCodec> codec;  ///< null: values are stored as they are
  const Clock* clock = &system_clock();     ///< outlives the store
  StoreAccess access = StoreAccess::kReadWrite;
};

}  // namespace repomap
