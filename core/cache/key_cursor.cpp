// SPDX-License-Identifier: Apache-2.0
#include "core/cache/key_cursor.hpp"

#include <limits>
#include <utility>

#include "core/cache/disk_store.hpp"
#include "core/cache/store_snapshot.hpp"

namespace repomap {
namespace {

Result<SqliteQuery> insertion_query(SqliteDatabase& database, KeyDirection direction) {
  return direction == KeyDirection::kForward
             ? database.query("SELECT id, key FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3")
             : database.query("SELECT id, key FROM entries WHERE id < ?1 AND id <= ?2 ORDER BY id DESC LIMIT ?3");
}

Result<SqliteQuery> key_query(SqliteDatabase& database, KeyDirection direction, bool has_begun) {
  if (!has_begun) {
    return direction == KeyDirection::kForward
               ? database.query("SELECT id, key FROM entries WHERE ?1 IS NOT NULL AND id <= ?2 ORDER BY key LIMIT ?3")
               : database.query(
                     "SELECT id, key FROM entries WHERE ?1 IS NOT NULL AND id <= ?2 ORDER BY key DESC LIMIT ?3");
  }
  return direction == KeyDirection::kForward
             ? database.query("SELECT id, key FROM entries WHERE key > ?1 AND id <= ?2 ORDER BY key LIMIT ?3")
             : database.query("SELECT id, key FROM entries WHERE key < ?1 AND id <= ?2 ORDER BY key DESC LIMIT ?3");
}

}  // namespace

Result<KeyCursor> KeyCursor::open(DiskStore& store, KeyOrder order, KeyDirection direction) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(const std::int64_t newest, snapshot.database().integer_of("SELECT max(id) FROM entries"));
  KeyCursor cursor(store, order, direction, newest);
  if (direction == KeyDirection::kBackward) {
    cursor.last_entry_ = std::numeric_limits<std::int64_t>::max();
  }
  return cursor;
}

Result<std::vector<ListedKey>> KeyCursor::next(std::size_t limit) {
  std::vector<ListedKey> page;
  std::size_t rows = limit;
  // A damaged key is left out, and a check finds it; but an empty page means the end.
  while (page.empty() && rows > 0) {
    REPOMAP_ASSIGN(rows, read_page(limit, page));
  }
  return page;
}

Result<std::size_t> KeyCursor::read_page(std::size_t limit, std::vector<ListedKey>& page) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(SqliteQuery query, order_ == KeyOrder::kInsertion
                                        ? insertion_query(snapshot.database(), direction_)
                                        : key_query(snapshot.database(), direction_, has_begun_));
  const std::string from = last_key_;
  if (order_ == KeyOrder::kInsertion) {
    query.bind(1, last_entry_);
  } else {
    query.bind(1, std::string_view(from));
  }
  query.bind(2, newest_).bind(3, static_cast<std::int64_t>(limit));
  std::size_t rows = 0;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return rows;
    }
    ++rows;
    has_begun_ = true;
    last_entry_ = query.integer(0);
    last_key_ = query.bytes(1);
    if (auto key = CacheKey::from_encoded(last_key_)) {
      page.push_back({std::move(*key), last_entry_});
    }
  }
}

}  // namespace repomap
