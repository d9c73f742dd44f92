// SPDX-License-Identifier: Apache-2.0
#include "core/cache/queue_rows.hpp"

#include <fmt/format.h>

#include <utility>

// Ids of rows that move may meet those of rows that are yet to move: an UPDATE of the primary key goes row by row. So
// such moves go through negative ids, which nothing else has, and come back in a second statement.

namespace repomap::detail {
namespace {

constexpr unsigned kPositionBits = 44;
constexpr std::int64_t kPositions = std::int64_t{1} << kPositionBits;
constexpr std::int64_t kMostQueues = std::int64_t{1} << (62U - kPositionBits);

#define REPOMAP_QUEUE_COLUMNS "id, expires_us, tags, type, size, checksum, file, value"
constexpr int kValueColumn = 3;

}  // namespace

Result<std::optional<QueueInfo>> find_queue(SqliteDatabase& database, std::string_view name, QueueKind kind) {
  REPOMAP_ASSIGN(auto query, database.query("SELECT number, kind, capacity FROM queues WHERE name = ?"));
  REPOMAP_ASSIGN(const bool found, query.bind(1, name).next());
  if (!found) {
    return std::optional<QueueInfo>();
  }
  if (query.integer(1) != static_cast<std::int64_t>(kind)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is in use for another kind of queue ({}, not {})",
                                                         name, query.integer(1), static_cast<std::int64_t>(kind)));
  }
  return QueueInfo{query.integer(0), query.optional_integer(2)};
}

Result<QueueInfo> ensure_queue(SqliteDatabase& database, std::string_view name, QueueKind kind) {
  REPOMAP_ASSIGN(const auto found, find_queue(database, name, kind));
  if (found) {
    return *found;
  }
  REPOMAP_ASSIGN(auto query, database.query("INSERT INTO queues(name, kind) VALUES(?, ?)"));
  REPOMAP_TRY(query.bind(1, name).bind(2, static_cast<std::int64_t>(kind)).run());
  if (database.last_insert_id() >= kMostQueues) {
    return fail(ErrorCode::kLimitExceeded, fmt::format("\"{}\": the store has {} queues already", name, kMostQueues));
  }
  return QueueInfo{database.last_insert_id(), std::nullopt};
}

Status set_queue_capacity(SqliteDatabase& database, std::int64_t number, std::optional<std::int64_t> capacity) {
  REPOMAP_ASSIGN(auto query, database.query("UPDATE queues SET capacity = ? WHERE number = ?"));
  return query.bind(1, capacity).bind(2, number).run();
}

ValueColumns QueueRow::value() const {
  ValueColumns result = scalars;
  result.file = file;
  result.bytes = bytes;
  return result;
}

std::int64_t QueueRows::base_of(std::int64_t number) { return number * kPositions + kPositions / 2; }
std::int64_t QueueRows::lowest_id() const { return base_ - kPositions / 2; }
std::int64_t QueueRows::highest_id() const { return base_ + kPositions / 2 - 1; }

QueueRow QueueRows::read_row(const SqliteQuery& query) const {
  QueueRow row;
  row.position = position_of(query.integer(0));
  row.expires_us = query.optional_integer(1);
  row.tags = query.bytes(2);
  row.scalars = read_value(query, kValueColumn);
  row.file = std::exchange(row.scalars.file, {});
  row.bytes = std::exchange(row.scalars.bytes, {});
  return row;
}

Result<std::optional<QueueRow>> QueueRows::first_row(SqliteQuery& query) const {
  REPOMAP_ASSIGN(const bool found, query.next());
  return found ? std::optional(read_row(query)) : std::nullopt;
}

Result<PositionRange> QueueRows::range() {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT (SELECT min(id) FROM queue WHERE id BETWEEN ?1 AND ?2), "
                                             "(SELECT max(id) FROM queue WHERE id BETWEEN ?1 AND ?2)"));
  REPOMAP_ASSIGN(const bool found, query.bind(1, lowest_id()).bind(2, highest_id()).next());
  if (!found || query.is_null(0)) {
    return PositionRange{};
  }
  return PositionRange{position_of(query.integer(0)), position_of(query.integer(1))};
}

Result<std::int64_t> QueueRows::count(std::int64_t now_us) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT count(*) FROM queue WHERE id BETWEEN ? AND ? "
                                             "AND (expires_us IS NULL OR expires_us > ?)"));
  query.bind(1, lowest_id()).bind(2, highest_id()).bind(3, now_us);
  REPOMAP_ASSIGN(const bool found, query.next());
  return found ? query.integer(0) : 0;
}

Result<std::optional<QueueRow>> QueueRows::at(std::int64_t position) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT " REPOMAP_QUEUE_COLUMNS " FROM queue WHERE id = ?"));
  return first_row(query.bind(1, id_of(position)));
}

Result<std::optional<QueueRow>> QueueRows::nearest(Edge edge, std::int64_t now_us) {
  REPOMAP_ASSIGN(auto query,
                 edge == Edge::kFront
                     ? database_.query("SELECT " REPOMAP_QUEUE_COLUMNS " FROM queue WHERE id BETWEEN ? AND ? "
                                       "AND (expires_us IS NULL OR expires_us > ?) ORDER BY id LIMIT 1")
                     : database_.query("SELECT " REPOMAP_QUEUE_COLUMNS " FROM queue WHERE id BETWEEN ? AND ? "
                                       "AND (expires_us IS NULL OR expires_us > ?) ORDER BY id DESC LIMIT 1"));
  return first_row(query.bind(1, lowest_id()).bind(2, highest_id()).bind(3, now_us));
}

Result<std::optional<QueueRow>> QueueRows::at_or_after(std::int64_t position) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT " REPOMAP_QUEUE_COLUMNS
                                             " FROM queue WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1"));
  return first_row(query.bind(1, id_of(position)).bind(2, highest_id()));
}

Result<std::optional<QueueRow>> QueueRows::at_or_before(std::int64_t position) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT " REPOMAP_QUEUE_COLUMNS
                                             " FROM queue WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"));
  return first_row(query.bind(1, lowest_id()).bind(2, id_of(position)));
}

Result<std::int64_t> QueueRows::next_position(Edge edge) {
  REPOMAP_ASSIGN(const PositionRange present, range());
  if (present.count() == 0) {
    return 0;
  }
  const std::int64_t position = edge == Edge::kFront ? present.first - 1 : present.last + 1;
  if (id_of(position) < lowest_id() || id_of(position) > highest_id()) {
    return fail(ErrorCode::kLimitExceeded, "the queue has no position left at this end until it has been empty once");
  }
  return position;
}

Status QueueRows::insert(const QueueRow& row, const ValueColumns& value) {
  REPOMAP_ASSIGN(auto query, database_.query("INSERT INTO queue(" REPOMAP_QUEUE_COLUMNS ") "
                                             "VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  query.bind(1, id_of(row.position)).bind(2, row.expires_us);
  if (row.tags.empty()) {
    query.bind_null(3);
  } else {
    query.bind(3, row.tags);
  }
  bind_value(query, kValueColumn + 1, value);
  return query.run();
}

Status QueueRows::replace(std::int64_t position, const ValueColumns& value) {
  constexpr int kIdParameter = 6;
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE queue SET type = ?, size = ?, checksum = ?, file = ?, value = ? "
                                             "WHERE id = ?"));
  bind_value(query, 1, value);
  return query.bind(kIdParameter, id_of(position)).run();
}

Status QueueRows::erase(std::int64_t position) {
  REPOMAP_ASSIGN(auto query, database_.query("DELETE FROM queue WHERE id = ?"));
  return query.bind(1, id_of(position)).run();
}

Status QueueRows::erase_all() {
  REPOMAP_ASSIGN(auto query, database_.query("DELETE FROM queue WHERE id BETWEEN ? AND ?"));
  return query.bind(1, lowest_id()).bind(2, highest_id()).run();
}

Status QueueRows::negate(PositionRange range) {
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE queue SET id = -id WHERE id BETWEEN ? AND ?"));
  return query.bind(1, id_of(range.first)).bind(2, id_of(range.last)).run();
}

Status QueueRows::move(PositionRange range, std::int64_t delta) {
  if (range.count() <= 0 || delta == 0) {
    return {};
  }
  if (id_of(range.first + delta) < lowest_id() || id_of(range.last + delta) > highest_id()) {
    return fail(ErrorCode::kLimitExceeded, "the queue has no position left at this end until it has been empty once");
  }
  REPOMAP_TRY(negate(range));
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE queue SET id = ? - id WHERE id BETWEEN ? AND ?"));
  return query.bind(1, delta).bind(2, -id_of(range.last)).bind(3, -id_of(range.first)).run();
}

Status QueueRows::reverse(PositionRange range) {
  if (range.count() <= 1) {
    return {};
  }
  REPOMAP_TRY(negate(range));
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE queue SET id = ? + id WHERE id BETWEEN ? AND ?"));
  const std::int64_t sum = id_of(range.first) + id_of(range.last);
  return query.bind(1, sum).bind(2, -id_of(range.last)).bind(3, -id_of(range.first)).run();
}

}  // namespace repomap::detail
