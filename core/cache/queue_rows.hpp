// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/stored_value.hpp"

namespace repomap::detail {

/// What a row of the table `queues` is the name of. Each keeps its items in its own way.
enum class QueueKind : std::uint8_t { kQueue = 1, kDeque = 2, kWorkList = 3 };

/// Which end of a queue.
enum class Edge : std::uint8_t { kFront, kBack };

struct QueueInfo {
  std::int64_t number = 0;
  std::optional<std::int64_t> capacity;
};

/// The queue of that name, or nothing. Errors: kInvalidArgument if it is of another kind.
Result<std::optional<QueueInfo>> find_queue(SqliteDatabase& database, std::string_view name, QueueKind kind);

/// The same, and made if there is none. REQUIRES: a write transaction. Errors: kLimitExceeded for too many queues.
Result<QueueInfo> ensure_queue(SqliteDatabase& database, std::string_view name, QueueKind kind);

Status set_queue_capacity(SqliteDatabase& database, std::int64_t number, std::optional<std::int64_t> capacity);

/// One item's row. Owns what it holds.
struct QueueRow {
  std::int64_t position = 0;
  std::optional<std::int64_t> expires_us;
  std::string tags;      ///< encode_tags()
  ValueColumns scalars;  ///< but for the views
  std::string file;
  std::string bytes;

  ValueColumns value() const;
};

struct PositionRange {
  std::int64_t first = 0;
  std::int64_t last = -1;  ///< before `first`: nothing
  std::int64_t count() const { return last - first + 1; }
};

/// The rows of one queue in one connection, inside whatever transaction it is in. Borrows the connection. Positions are
/// 64-bit in type, 44-bit in range.
class QueueRows {
 public:
  QueueRows(SqliteDatabase& database, std::int64_t number) : database_(database), base_(base_of(number)) {}

  /// From the first to the last item; there may be holes.
  Result<PositionRange> range();
  /// Items that have not expired by `now_us`.
  Result<std::int64_t> count(std::int64_t now_us);

  /// The item at that position, or nothing.
  Result<std::optional<QueueRow>> at(std::int64_t position);
  /// The item nearest to that end that has not expired by `now_us`, or nothing.
  Result<std::optional<QueueRow>> nearest(Edge edge, std::int64_t now_us);
  /// The first item from that position on, or nothing.
  Result<std::optional<QueueRow>> at_or_after(std::int64_t position);
  Result<std::optional<QueueRow>> at_or_before(std::int64_t position);

  /// The position before the first or behind the last item, where the next one goes. Errors: kLimitExceeded for a
  /// queue that has moved 2^43 positions without ever being empty.
  Result<std::int64_t> next_position(Edge edge);
  Status insert(const QueueRow& row, const ValueColumns& value);
  Status replace(std::int64_t position, const ValueColumns& value);
  Status erase(std::int64_t position);
  Status erase_all();

  /// Moves the items of the range by `delta`. REQUIRES: no other item is where they go.
  Status move(PositionRange range, std::int64_t delta);
  /// Turns the order of the items in the range round. REQUIRES: nothing outside lies within its mirror image.
  Status reverse(PositionRange range);

  /// The id of a position in the table, as other tables refer to it.
  std::int64_t id_of(std::int64_t position) const { return base_ + position; }
  std::int64_t position_of(std::int64_t id) const { return id - base_; }
  std::int64_t lowest_position() const { return position_of(lowest_id()); }
  std::int64_t lowest_id() const;
  std::int64_t highest_id() const;

 private:
  static std::int64_t base_of(std::int64_t number);
  QueueRow read_row(const SqliteQuery& query) const;
  Result<std::optional<QueueRow>> first_row(SqliteQuery& query) const;
  Status negate(PositionRange range);

  SqliteDatabase& database_;
  const std::int64_t base_;  // the id of position 0
};

}  // namespace repomap::detail
