// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_schema.hpp"

#include <fmt/format.h>

#include <array>

#include "core/cache/recipe_schema.hpp"
#include "core/cache/stored_settings.hpp"

namespace repomap {
namespace {

// docs/CACHE_FORMAT.md says what the columns hold.
constexpr const char* kStoreTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE entries(
  id INTEGER PRIMARY KEY, key BLOB NOT NULL, stored_us INTEGER NOT NULL, expires_us INTEGER,
  accessed_us INTEGER NOT NULL, access_count INTEGER NOT NULL, tags BLOB, type INTEGER NOT NULL,
  size INTEGER NOT NULL, checksum INTEGER NOT NULL, file TEXT, value);
CREATE UNIQUE INDEX entries_key ON entries(key);
CREATE INDEX entries_expiry ON entries(expires_us) WHERE expires_us IS NOT NULL;
CREATE TABLE entry_tags(tag_hash INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY(tag_hash, entry)) WITHOUT ROWID;
CREATE TABLE value_files(name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pending_delete(name TEXT PRIMARY KEY) WITHOUT ROWID;
)";

struct PolicyIndex {
  EvictionPolicy policy;
  std::string_view name;
  std::string_view column;
};

constexpr std::array<PolicyIndex, 3> kPolicyIndexes = {{
    {EvictionPolicy::kLeastRecentlyStored, "entries_stored", "stored_us"},
    {EvictionPolicy::kLeastRecentlyUsed, "entries_accessed", "accessed_us"},
    {EvictionPolicy::kLeastFrequentlyUsed, "entries_count", "access_count"},
}};

/// What a database says of itself.
struct Label {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t objects = 0;
};

Result<Label> read_label(SqliteDatabase& database) {
  Label label;
  REPOMAP_ASSIGN(label.application, database.integer_of("PRAGMA application_id"));
  REPOMAP_ASSIGN(label.version, database.integer_of("PRAGMA user_version"));
  REPOMAP_ASSIGN(label.objects, database.integer_of("SELECT count(*) FROM sqlite_schema"));
  return label;
}

}  // namespace

Result<SchemaState> inspect_schema(SqliteDatabase& database) {
  // In one transaction: another process may make the store between two reads, which would look like a foreign one.
  REPOMAP_TRY(database.execute("BEGIN"));
  const auto label = read_label(database);
  const Status ended = database.execute(label ? "COMMIT" : "ROLLBACK");
  if (!label) {
    return std::unexpected(label.error());
  }
  REPOMAP_TRY(ended);
  const auto& [application, version, objects] = *label;
  if (application == kStoreApplicationId && version == kStoreSchemaVersion) {
    return SchemaState::kCurrent;
  }
  if (application == 0 && version == 0 && objects == 0) {
    return SchemaState::kEmpty;
  }
  if (application != kStoreApplicationId) {
    return fail(ErrorCode::kUnsupported, "the database is not a cache of this program; it is left as it is");
  }
  return fail(ErrorCode::kUnsupported, fmt::format("the cache has format {}, this program speaks format {}; it is left "
                                                   "as it is",
                                                   version, kStoreSchemaVersion));
}

Status create_schema(SqliteDatabase& database, const CacheSettings& settings, std::string_view codec_id) {
  REPOMAP_TRY(database.execute("BEGIN IMMEDIATE"));
  auto create = [&]() -> Status {
    REPOMAP_TRY(database.execute(kStoreTables));
    REPOMAP_TRY(database.execute(kRecipeTables));
    REPOMAP_TRY(apply_policy_index(database, settings.eviction));
    REPOMAP_TRY(write_meta(database, "settings", encode_settings(settings)));
    REPOMAP_TRY(write_meta(database, "codec", codec_id));
    REPOMAP_TRY(database.execute(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kStoreApplicationId, kStoreSchemaVersion)));
    return database.execute("COMMIT");
  };
  Status created = create();
  if (!created && database.is_in_transaction()) {
    static_cast<void>(database.execute("ROLLBACK"));
  }
  return created;
}

Status apply_policy_index(SqliteDatabase& database, EvictionPolicy policy) {
  for (const PolicyIndex& index : kPolicyIndexes) {
    const std::string statement =
        index.policy == policy ? fmt::format("CREATE INDEX IF NOT EXISTS {} ON entries({})", index.name, index.column)
                               : fmt::format("DROP INDEX IF EXISTS {}", index.name);
    REPOMAP_TRY(database.execute(statement));
  }
  return {};
}

Result<std::optional<std::string>> read_meta(SqliteDatabase& database, std::string_view key) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT value FROM meta WHERE key = ?1"));
  REPOMAP_ASSIGN(const bool found, query.bind_text(1, key).next());
  return found ? std::optional(std::string(query.bytes(0))) : std::nullopt;
}

Result<std::int64_t> read_meta_integer(SqliteDatabase& database, std::string_view key) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT value FROM meta WHERE key = ?1"));
  REPOMAP_ASSIGN(const bool found, query.bind_text(1, key).next());
  return found ? query.integer(0) : 0;
}

Status write_meta(SqliteDatabase& database, std::string_view key, std::string_view value) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("INSERT INTO meta(key, value) VALUES(?1, ?2) "
                                                   "ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
  return query.bind_text(1, key).bind(2, value).run();
}

Status add_to_meta(SqliteDatabase& database, std::string_view key, std::int64_t delta) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("INSERT INTO meta(key, value) VALUES(?1, ?2) "
                                                   "ON CONFLICT(key) DO UPDATE SET value = value + excluded.value"));
  return query.bind_text(1, key).bind(2, delta).run();
}

}  // namespace repomap
