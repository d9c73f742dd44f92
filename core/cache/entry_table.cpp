// SPDX-License-Identifier: Apache-2.0
#include "core/cache/entry_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/digest.hpp"

namespace repomap {
namespace {

// A row of "entries" besides key, tags and value: record header, numbers, and its place in three indexes.
constexpr std::int64_t kRowBytes = 96;

// Pages that one write can add besides those of its bytes: splits of the table, of its indexes and of that of tags.
constexpr std::int64_t kPagesOfAWrite = std::int64_t{8} * 4096;

constexpr int kFirstValueColumn = 3;  // of SELECT id, expires_us, tags, type, size, checksum, file, value

bool is_expired(std::optional<std::int64_t> expires_us, std::int64_t now_us) {
  return expires_us && *expires_us <= now_us;
}

Status insert_tags(WriteSession& session, std::int64_t id, std::string_view tags) {
  ByteReader reader(tags);
  while (!reader.rest().empty() && !reader.has_failed()) {
    const std::uint64_t hash = hash64_of(reader.read_string());
    REPOMAP_ASSIGN(SqliteQuery query,
                   session.database->query("INSERT OR IGNORE INTO entry_tags(tag_hash, entry) VALUES(?1, ?2)"));
    REPOMAP_TRY(query.bind(1, static_cast<std::int64_t>(hash)).bind(2, id).run());
  }
  return {};
}

Status remove_tags(WriteSession& session, std::int64_t id, std::string_view tags) {
  ByteReader reader(tags);
  while (!reader.rest().empty() && !reader.has_failed()) {
    const std::uint64_t hash = hash64_of(reader.read_string());
    REPOMAP_ASSIGN(SqliteQuery query,
                   session.database->query("DELETE FROM entry_tags WHERE tag_hash = ?1 AND entry = ?2"));
    REPOMAP_TRY(query.bind(1, static_cast<std::int64_t>(hash)).bind(2, id).run());
  }
  return {};
}

/// Gives the new row's id, or nothing if the key has a row already.
Result<std::optional<std::int64_t>> insert_row(WriteSession& session, const NewEntry& entry, std::string_view tags) {
  REPOMAP_ASSIGN(SqliteQuery query,
                 session.database->query(
                     "INSERT INTO entries(key, stored_us, expires_us, accessed_us, access_count, tags, type, size, "
                     "checksum, file, value) VALUES(?1, ?2, ?3, ?2, 0, ?4, ?5, ?6, ?7, ?8, ?9) "
                     "ON CONFLICT(key) DO NOTHING"));
  query.bind(1, entry.key).bind(2, session.context.next_stamp()).bind(3, entry.expires_us);
  if (tags.empty()) {
    query.bind_null(4);
  } else {
    query.bind(4, tags);
  }
  bind_value(query, 5, entry.value);
  REPOMAP_TRY(query.run());
  return session.database->changed_rows() > 0 ? std::optional(session.database->last_insert_id()) : std::nullopt;
}

Status update_row(WriteSession& session, const NewEntry& entry, std::string_view tags, std::int64_t id) {
  REPOMAP_ASSIGN(
      SqliteQuery query,
      session.database->query("UPDATE entries SET stored_us = ?2, expires_us = ?3, accessed_us = ?2, access_count = 0, "
                              "tags = ?4, type = ?5, size = ?6, checksum = ?7, file = ?8, value = ?9 WHERE id = ?1"));
  query.bind(1, id).bind(2, session.context.next_stamp()).bind(3, entry.expires_us);
  if (tags.empty()) {
    query.bind_null(4);
  } else {
    query.bind(4, tags);
  }
  bind_value(query, 5, entry.value);
  return query.run();
}

/// Overwrites the row of the entry's key; gives its id, or nothing if there is no such row.
Result<std::optional<std::int64_t>> overwrite(WriteSession& session, const NewEntry& entry, std::string_view tags) {
  REPOMAP_ASSIGN(const std::optional<EntryRef> old, find_row(*session.database, entry.key));
  if (!old) {
    return std::nullopt;
  }
  if (old->tags != tags) {
    REPOMAP_TRY(remove_tags(session, old->id, old->tags));
    REPOMAP_TRY(insert_tags(session, old->id, tags));
  }
  if (!old->file.empty()) {
    REPOMAP_TRY(session.drop_file(old->file, old->size_bytes));
  }
  REPOMAP_TRY(update_row(session, entry, tags, old->id));
  if (session.context.logs_accesses) {
    session.context.access_log.forget(old->id);
  }
  return old->id;
}

/// A new row of the entry, with its tags; gives its id, or nothing if its key has a row already.
Result<std::optional<std::int64_t>> insert(WriteSession& session, const NewEntry& entry, std::string_view tags) {
  REPOMAP_ASSIGN(const std::optional<std::int64_t> id, insert_row(session, entry, tags));
  if (id) {
    REPOMAP_TRY(insert_tags(session, *id, tags));
  }
  return id;
}

/// Inserts or overwrites; gives the row's id. One statement does for a new key and two for a known one if what is tried
/// first fits, and keys of one kind tend to come in a row.
Result<std::int64_t> insert_or_overwrite(WriteSession& session, const NewEntry& entry, std::string_view tags) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    REPOMAP_ASSIGN(const std::optional<std::int64_t> id,
                   session.expects_new_keys ? insert(session, entry, tags) : overwrite(session, entry, tags));
    if (id) {
      return *id;
    }
    session.expects_new_keys = !session.expects_new_keys;
  }
  return fail(ErrorCode::kCorrupt, "an index names a row that is not there");
}

}  // namespace

std::string encode_tags(std::span<const CacheTag> tags) {
  ByteWriter writer;
  for (const CacheTag& tag : tags) {
    writer.add_string(tag.label);
  }
  return writer.take();
}

Result<std::vector<CacheTag>> decode_tags(std::string_view encoded) {
  std::vector<CacheTag> tags;
  ByteReader reader(encoded);
  while (!reader.rest().empty()) {
    tags.push_back({std::string(reader.read_string())});
  }
  if (reader.has_failed()) {
    return fail(ErrorCode::kCorrupt, "the tags of an entry do not decode");
  }
  return tags;
}

bool has_tag(std::string_view encoded, std::string_view label) {
  ByteReader reader(encoded);
  while (!reader.rest().empty()) {
    if (reader.read_string() == label && !reader.has_failed()) {
      return true;
    }
  }
  return false;
}

std::int64_t charge_of(std::int64_t value_bytes, std::size_t key_bytes, std::size_t tags_bytes) {
  return value_bytes + kRowBytes + static_cast<std::int64_t>(2 * key_bytes + tags_bytes);
}

Result<LookUp> look_up(SqliteDatabase& database, const ValueStorage& storage, std::string_view key,
                       std::int64_t now_us) {
  REPOMAP_ASSIGN(const FoundColumns found, find_columns(database, key, now_us));
  LookUp result;
  if (!found.is_live) {
    return result;
  }
  result.id = found.query.integer(0);
  auto value = storage.unpack(found.value);
  auto decoded = decode_tags(found.query.bytes(2));
  if (!value || !decoded) {
    result.state = LookUpState::kDamaged;
    return result;
  }
  result.state = LookUpState::kHit;
  result.entry.value = std::move(*value);
  result.entry.tags = std::move(*decoded);
  if (const auto expires_us = found.query.optional_integer(1)) {
    result.entry.expires = Clock::WallTime(std::chrono::microseconds(*expires_us));
  }
  return result;
}

Result<FoundColumns> find_columns(SqliteDatabase& database, std::string_view key, std::int64_t now_us) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT id, expires_us, tags, type, size, checksum, file, value "
                                                   "FROM entries WHERE key = ?1"));
  REPOMAP_ASSIGN(const bool has_row, query.bind(1, key).next());
  FoundColumns found{std::move(query), false, {}};
  const std::optional<std::int64_t> expires_us = has_row ? found.query.optional_integer(1) : std::nullopt;
  if (!has_row || is_expired(expires_us, now_us)) {
    return found;
  }
  found.is_live = true;
  found.value = read_value(found.query, kFirstValueColumn);
  found.value.checksum -= checksum_of_name(key, found.query.bytes(2)) + checksum_of_expiry(expires_us);
  return found;
}

Result<bool> is_live(SqliteDatabase& database, std::string_view key, std::int64_t now_us) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT 1 FROM entries WHERE key = ?1 AND "
                                                   "(expires_us IS NULL OR expires_us > ?2)"));
  return query.bind(1, key).bind(2, now_us).next();
}

Result<std::optional<EntryRef>> find_row(SqliteDatabase& database, std::string_view key,
                                         std::optional<std::int64_t> live_at_us) {
  REPOMAP_ASSIGN(SqliteQuery query,
                 database.query("SELECT id, size, tags, file, expires_us FROM entries WHERE key = ?1"));
  REPOMAP_ASSIGN(const bool has_row, query.bind(1, key).next());
  if (!has_row || (live_at_us && is_expired(query.optional_integer(4), *live_at_us))) {
    return std::nullopt;
  }
  return EntryRef{query.integer(0), query.integer(1), std::string(query.bytes(2)), std::string(query.bytes(3))};
}

Result<std::vector<ListedKey>> list_keys_by_tag(SqliteDatabase& database, const CacheTag& tag,
                                                const ListingPage& page) {
  REPOMAP_ASSIGN(SqliteQuery query,
                 database.query("SELECT e.id, e.key, e.tags FROM entry_tags t JOIN entries e ON e.id = t.entry "
                                "WHERE t.tag_hash = ?1 AND t.entry > ?2 AND "
                                "(e.expires_us IS NULL OR e.expires_us > ?3) ORDER BY t.entry"));
  query.bind(1, static_cast<std::int64_t>(hash64_of(tag.label))).bind(2, page.after).bind(3, page.now_us);
  std::vector<ListedKey> keys;
  while (keys.size() < page.limit) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    auto key = CacheKey::from_encoded(query.bytes(1));
    if (key && has_tag(query.bytes(2), tag.label)) {
      keys.push_back({std::move(*key), query.integer(0)});
    }
  }
  return keys;
}

Status put_entry(WriteSession& session, const NewEntry& entry) {
  const std::string tags = encode_tags(entry.tags);
  NewEntry stored = entry;
  stored.value.checksum += checksum_of_name(entry.key, tags) + checksum_of_expiry(entry.expires_us);
  const std::int64_t charge = charge_of(entry.value.size_bytes, entry.key.size(), tags.size());
  const std::uint64_t limit = session.settings.size_limit_bytes / session.settings.shards;
  if (static_cast<std::uint64_t>(charge) > limit) {
    session.discard_file(entry.value.file);
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("an entry of {} bytes is larger than the limit of its store, {} bytes", charge, limit));
  }
  if (!entry.value.file.empty()) {
    const std::chrono::nanoseconds created = entry.file_created.value_or(session.context.clock->monotonic());
    REPOMAP_TRY(session.adopt_file(entry.value.file, entry.value.size_bytes, created));
  }
  REPOMAP_ASSIGN(session.last_written_id, insert_or_overwrite(session, stored, tags));
  if (entry.expires_us) {
    session.earliest_expiry_us = std::min(session.earliest_expiry_us, *entry.expires_us);
  }
  session.slack_bytes -= 2 * charge + kPagesOfAWrite;
  ++session.changes_to_cull;
  session.context.puts.add(1);
  return {};
}

Result<bool> touch_entry(WriteSession& session, std::string_view key, std::optional<std::int64_t> expires_us) {
  std::int64_t id = 0;
  std::uint64_t checksum = 0;
  {
    REPOMAP_ASSIGN(SqliteQuery query,
                   session.database->query("SELECT id, expires_us, checksum FROM entries WHERE key = ?1"));
    REPOMAP_ASSIGN(const bool has_row, query.bind(1, key).next());
    if (!has_row || is_expired(query.optional_integer(1), session.context.now_us())) {
      return false;
    }
    id = query.integer(0);
    checksum = static_cast<std::uint64_t>(query.integer(2)) - checksum_of_expiry(query.optional_integer(1)) +
               checksum_of_expiry(expires_us);
  }
  REPOMAP_ASSIGN(SqliteQuery query,
                 session.database->query("UPDATE entries SET expires_us = ?2, checksum = ?3 WHERE id = ?1"));
  REPOMAP_TRY(query.bind(1, id).bind(2, expires_us).bind(3, static_cast<std::int64_t>(checksum)).run());
  if (expires_us) {
    session.earliest_expiry_us = std::min(session.earliest_expiry_us, *expires_us);
  }
  return true;
}

Status replace_number(WriteSession& session, std::string_view key, std::int64_t value) {
  ValueColumns columns = ValueStorage::pack(value);
  {
    REPOMAP_ASSIGN(SqliteQuery query, session.database->query("SELECT tags, expires_us FROM entries WHERE key = ?1"));
    REPOMAP_TRY(query.bind(1, key).next());
    columns.checksum += checksum_of_name(key, query.bytes(0)) + checksum_of_expiry(query.optional_integer(1));
  }
  REPOMAP_ASSIGN(SqliteQuery query,
                 session.database->query("UPDATE entries SET stored_us = ?2, type = ?3, size = ?4, checksum = ?5, "
                                         "file = ?6, value = ?7 WHERE key = ?1"));
  query.bind(1, key).bind(2, session.context.next_stamp());
  bind_value(query, 3, columns);
  session.context.puts.add(1);
  return query.run();
}

Status remove_entry(WriteSession& session, const EntryRef& row) {
  if (session.context.logs_accesses) {
    session.context.access_log.forget(row.id);
  }
  REPOMAP_TRY(remove_tags(session, row.id, row.tags));
  if (!row.file.empty()) {
    REPOMAP_TRY(session.drop_file(row.file, row.size_bytes));
  }
  REPOMAP_ASSIGN(SqliteQuery query, session.database->query("DELETE FROM entries WHERE id = ?1"));
  return query.bind(1, row.id).run();
}

}  // namespace repomap
