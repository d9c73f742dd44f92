// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/sqlite.hpp"

namespace repomap {

/// The version of the tables below (PRAGMA user_version). A store of any other version is refused.
inline constexpr std::int64_t kStoreSchemaVersion = 1;

/// "rmap" (PRAGMA application_id): a database without it is not ours.
inline constexpr std::int64_t kStoreApplicationId = 0x726d6170;

enum class SchemaState : std::uint8_t { kEmpty, kCurrent };

/// Whether the database has our tables or nothing. Errors: kUnsupported for a foreign database or another version,
/// which is left as it is; kCorrupt for what is no database.
Result<SchemaState> inspect_schema(SqliteDatabase& database);

/// Makes all tables and indexes in an empty database, in one transaction. Settings and codec are remembered in `meta`.
Status create_schema(SqliteDatabase& database, const CacheSettings& settings, std::string_view codec_id);

/// Leaves the one index that the policy's victims are found by. REQUIRES: a write transaction.
Status apply_policy_index(SqliteDatabase& database, EvictionPolicy policy);

/// A value of `meta`, or nothing.
Result<std::optional<std::string>> read_meta(SqliteDatabase& database, std::string_view key);
Result<std::int64_t> read_meta_integer(SqliteDatabase& database, std::string_view key);
Status write_meta(SqliteDatabase& database, std::string_view key, std::string_view value);
/// Adds to a number of `meta`, which starts as 0.
Status add_to_meta(SqliteDatabase& database, std::string_view key, std::int64_t delta);

}  // namespace repomap
