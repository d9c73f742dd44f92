// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/stored_value.hpp"
#include "core/cache/write_session.hpp"

namespace repomap {

// The rows of the tables "entries" and "entry_tags". Functions that take a WriteSession change them and need a
// transaction; those that take a database read them.

/// Labels as the column `tags` holds them; "" for none.
std::string encode_tags(std::span<const CacheTag> tags);
Result<std::vector<CacheTag>> decode_tags(std::string_view encoded);
bool has_tag(std::string_view encoded, std::string_view label);

/// What is needed to remove a row with all that belongs to it.
struct EntryRef {
  std::int64_t id = 0;
  std::int64_t size_bytes = 0;
  std::string tags;
  std::string file;
};

enum class LookUpState : std::uint8_t { kMiss, kHit, kDamaged };

struct LookUp {
  LookUpState state = LookUpState::kMiss;
  std::int64_t id = 0;
  StoredEntry entry;  // of a hit
};

/// The entry of a key. An expired one is a miss. Errors: those of SQLite; damage to the row is a state.
Result<LookUp> look_up(SqliteDatabase& database, const ValueStorage& storage, std::string_view key,
                       std::int64_t now_us);

/// The columns of a live entry's value, with the checksum of the value alone; false: there is none. They are good until
/// the query, which is made here, is gone.
struct FoundColumns {
  SqliteQuery query;
  bool is_live = false;
  ValueColumns value;
};
Result<FoundColumns> find_columns(SqliteDatabase& database, std::string_view key, std::int64_t now_us);

/// Whether the key has a live entry, without reading its value.
Result<bool> is_live(SqliteDatabase& database, std::string_view key, std::int64_t now_us);

/// The row of a key, or nothing; where a time is given, only if it is live then.
Result<std::optional<EntryRef>> find_row(SqliteDatabase& database, std::string_view key,
                                         std::optional<std::int64_t> live_at_us = {});

/// Which part of a listing: at most `limit` entries numbered higher than `after`, live at that time.
struct ListingPage {
  std::int64_t after = 0;
  std::size_t limit = 0;
  std::int64_t now_us = 0;
};

/// Keys of entries with that tag, in the order of insertion.
Result<std::vector<ListedKey>> list_keys_by_tag(SqliteDatabase& database, const CacheTag& tag, const ListingPage& page);

/// An entry to write. Views outlive the call.
struct NewEntry {
  std::string_view key;
  std::span<const CacheTag> tags;
  std::optional<std::int64_t> expires_us;
  ValueColumns value;                                         // its file, if any, is adopted
  std::optional<std::chrono::nanoseconds> file_created = {};  // nothing: just now
};

/// Stores the entry in the place of what its key had. Errors: kLimitExceeded if it is larger than the store's limit.
Status put_entry(WriteSession& session, const NewEntry& entry);

/// Gives the row another end. Tells whether there is a live entry.
Result<bool> touch_entry(WriteSession& session, std::string_view key, std::optional<std::int64_t> expires_us);

/// Gives the live row of the key another number; what else it has stays.
Status replace_number(WriteSession& session, std::string_view key, std::int64_t value);

Status remove_entry(WriteSession& session, const EntryRef& row);

/// Bytes that an entry takes in a store, files included: what it counts against the limit.
std::int64_t charge_of(std::int64_t value_bytes, std::size_t key_bytes, std::size_t tags_bytes);

}  // namespace repomap
