// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

/// What a store knows of an entry besides its value.
struct EntrySummary {
  CacheKey key;
  std::int64_t entry = 0;        ///< its number: rises in the order of insertion
  std::uint64_t size_bytes = 0;  ///< of the value as stored
  bool has_file = false;         ///< whether the value lies in a file of its own
  std::vector<CacheTag> tags;
  Clock::WallTime stored;
  Clock::WallTime accessed;                ///< as far as the eviction policy asks for it; else when it was stored
  std::uint64_t access_count = 0;          ///< likewise
  std::optional<Clock::WallTime> expires;  ///< nothing: never
};

/// A page of the entries of a store, expired ones included, in the order of insertion: at most `limit`, behind the
/// entry `after` (0 at first). Empty: there are no more. Reads no value, so damage to one does not show; a row whose
/// key or tags do not decode is left out. Errors: those of the store.
Result<std::vector<EntrySummary>> list_entries(DiskStore& store, std::int64_t after, std::size_t limit);

/// What is known of the entry of a key, expired or not; nothing where there is none.
Result<std::optional<EntrySummary>> find_entry(DiskStore& store, const CacheKey& key);

}  // namespace repomap
