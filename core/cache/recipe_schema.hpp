// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace repomap {

/// The tables of queues, deques, work lists and leases: they are made with every store, in the transaction that makes
/// it (an index is made of entries). What changes here changes kStoreSchemaVersion (core/cache/store_schema.hpp) and
/// docs/CACHE_FORMAT.md.
///
/// queue: one row for each item of all queues; id = number of its queue * 2^44 + 2^43 + position, so that positions are
/// found by arithmetic and ordered by the table itself. claims: which items of work lists were handed out. leases: the
/// id is the fence. AUTOINCREMENT, because a token or fence must never be given twice.
inline constexpr const char* kRecipeTables = R"(
CREATE TABLE queues(number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, capacity INTEGER);
CREATE TABLE queue(
  id INTEGER PRIMARY KEY, expires_us INTEGER, tags BLOB, type INTEGER NOT NULL, size INTEGER NOT NULL,
  checksum INTEGER NOT NULL, file TEXT, value);
CREATE TABLE claims(
  token INTEGER PRIMARY KEY AUTOINCREMENT, item INTEGER NOT NULL UNIQUE, attempts INTEGER NOT NULL, owner BLOB,
  end_us INTEGER NOT NULL);
CREATE TABLE leases(
  fence INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL, permits INTEGER NOT NULL, owner BLOB NOT NULL,
  thread INTEGER NOT NULL, depth INTEGER NOT NULL, expires_us INTEGER NOT NULL);
CREATE INDEX leases_name ON leases(name);
)";

}  // namespace repomap
