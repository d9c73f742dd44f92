// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.hpp"
#include "core/cache/cache_kind.hpp"

namespace repomap {

/// Which entries go first when room is needed.
enum class EvictionPolicy : std::uint8_t {
  kLeastRecentlyStored,
  kLeastRecentlyUsed,
  kLeastFrequentlyUsed,
  kNone,  ///< nothing goes but what has expired
};

/// SQLite's journal_mode: where a change is written first.
enum class JournalMode : std::uint8_t { kWal, kTruncate, kMemory };

/// SQLite's synchronous: when a commit waits for the disk.
enum class Synchronous : std::uint8_t { kOff, kNormal, kFull };

/// How one kind is cached: what every tier of it needs to know. A value type.
struct CacheSettings {
  // The store on disk.
  std::uint64_t size_limit_bytes = std::uint64_t{1} << 30U;  ///< live data and value files together, over all shards
  std::size_t cull_limit = 10;                               ///< expired entries removed along with each write
  EvictionPolicy eviction = EvictionPolicy::kLeastRecentlyStored;
  bool statistics = true;                     ///< whether hits and misses are counted
  std::size_t shards = 1;                     ///< 1 to 256; fixed when the store is made
  std::chrono::milliseconds timeout{10'000};  ///< how long an operation waits for other writers
  std::uint64_t min_file_bytes = 32U << 10U;  ///< from this size on a value gets a file of its own
  JournalMode journal = JournalMode::kWal;
  std::uint64_t mmap_bytes = std::uint64_t{64} << 20U;
  Synchronous synchronous = Synchronous::kNormal;
  std::uint64_t page_cache_bytes = std::uint64_t{8} << 20U;  ///< per connection
  std::optional<std::chrono::milliseconds> ttl;              ///< lifetime of entries that say none; nothing: no end

  // The tier in memory.
  std::uint64_t l1_bytes = std::uint64_t{64} << 20U;
  std::size_t l1_items = 100'000;

  /// What cannot be: 0 or more than 256 shards, and for kinds that are durable an eviction policy or a lifetime.
  /// Errors: kInvalidArgument, with the kind, the setting and what is allowed.
  Status validate(CacheKind kind) const;
};

/// The defaults of a kind.
CacheSettings default_cache_settings(CacheKind kind);

/// "least-recently-stored", "least-recently-used", "least-frequently-used", "none".
std::string_view eviction_policy_name(EvictionPolicy policy);
std::optional<EvictionPolicy> eviction_policy_from_name(std::string_view name);

/// "wal", "truncate", "memory".
std::string_view journal_mode_name(JournalMode mode);
std::optional<JournalMode> journal_mode_from_name(std::string_view name);

/// "off", "normal", "full".
std::string_view synchronous_name(Synchronous synchronous);
std::optional<Synchronous> synchronous_from_name(std::string_view name);

}  // namespace repomap
