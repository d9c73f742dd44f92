// SPDX-License-Identifier: Apache-2.0
#include "core/cache/entry_listing.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "core/cache/entry_table.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_snapshot.hpp"

namespace repomap {
namespace {

Clock::WallTime wall_time(std::int64_t microseconds) {
  return Clock::WallTime(std::chrono::microseconds(microseconds));
}

/// The entry of the present row; nothing if it cannot be shown.
std::optional<EntrySummary> read_summary(const SqliteQuery& query) {
  auto key = CacheKey::from_encoded(query.bytes(1));
  auto tags = decode_tags(query.bytes(6));
  if (!key || !tags) {
    return std::nullopt;
  }
  EntrySummary summary;
  summary.key = std::move(*key);
  summary.entry = query.integer(0);
  summary.stored = wall_time(query.integer(2));
  if (const auto expires = query.optional_integer(3)) {
    summary.expires = wall_time(*expires);
  }
  summary.accessed = wall_time(query.integer(4));
  summary.access_count = static_cast<std::uint64_t>(query.integer(5));
  summary.tags = std::move(*tags);
  summary.size_bytes = static_cast<std::uint64_t>(query.integer(7));
  summary.has_file = !query.is_null(8);
  return summary;
}

}  // namespace

Result<std::vector<EntrySummary>> list_entries(DiskStore& store, std::int64_t after, std::size_t limit) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  std::vector<EntrySummary> entries;
  // A page of nothing but rows that cannot be shown is not the end.
  while (entries.empty()) {
    REPOMAP_ASSIGN(SqliteQuery query,
                   snapshot.database().query("SELECT id, key, stored_us, expires_us, accessed_us, access_count, tags, "
                                             "size, file FROM entries WHERE id > ?1 ORDER BY id LIMIT ?2"));
    query.bind(1, after).bind(2, static_cast<std::int64_t>(limit));
    bool has_rows = false;
    while (true) {
      REPOMAP_ASSIGN(const bool found, query.next());
      if (!found) {
        break;
      }
      has_rows = true;
      after = query.integer(0);
      if (auto summary = read_summary(query)) {
        entries.push_back(std::move(*summary));
      }
    }
    if (!has_rows) {
      break;
    }
  }
  return entries;
}

Result<std::optional<EntrySummary>> find_entry(DiskStore& store, const CacheKey& key) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(SqliteQuery query,
                 snapshot.database().query("SELECT id, key, stored_us, expires_us, accessed_us, access_count, tags, "
                                           "size, file FROM entries WHERE key = ?1"));
  REPOMAP_ASSIGN(const bool found, query.bind(1, std::string_view(key.encoded())).next());
  return found ? read_summary(query) : std::nullopt;
}

}  // namespace repomap
