// SPDX-License-Identifier: Apache-2.0
#include "core/cache/deque.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/log.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_transaction.hpp"

// The items lie at the positions first … last of the table `queue`, without holes. The number of the deque is looked up
// in every transaction: a database that was damaged is replaced by an empty one, where numbers are given anew.

namespace repomap {
namespace {

using detail::Edge;
using detail::PositionRange;
using detail::QueueInfo;
using detail::QueueKind;
using detail::QueueRow;
using detail::QueueRows;

/// The deque's rows in one transaction.
struct OpenDeque {
  QueueInfo info;
  QueueRows rows;
  PositionRange range;
};

Result<OpenDeque> open_for_write(StoreTransaction& transaction, std::string_view name) {
  REPOMAP_ASSIGN(const QueueInfo info, ensure_queue(transaction.database(), name, QueueKind::kDeque));
  OpenDeque deque{info, QueueRows(transaction.database(), info.number), {}};
  REPOMAP_ASSIGN(deque.range, deque.rows.range());
  return deque;
}

/// Nothing: there is no such deque, hence no items.
Result<std::optional<OpenDeque>> open_for_read(StoreSnapshot& snapshot, std::string_view name) {
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kDeque));
  if (!info) {
    return std::optional<OpenDeque>();
  }
  OpenDeque deque{*info, QueueRows(snapshot.database(), info->number), {}};
  REPOMAP_ASSIGN(deque.range, deque.rows.range());
  return std::optional(deque);
}

/// The position of an index, or nothing if there is no item.
std::optional<std::int64_t> position_of(PositionRange range, std::int64_t index) {
  const std::int64_t count = range.count();
  if (index >= count || index < -count) {
    return std::nullopt;
  }
  return index >= 0 ? range.first + index : range.last + 1 + index;
}

Status no_such_index(std::string_view name, std::int64_t index) {
  return fail(ErrorCode::kNotFound, fmt::format("\"{}\" has no item {}", name, index));
}

/// The bytes of a row. `Source` is a StoreTransaction or a StoreSnapshot.
template <typename Source>
Result<std::string> load_bytes(Source& source, const QueueRow& row) {
  REPOMAP_ASSIGN(CacheValue value, source.load_value(row.value()));
  auto* bytes = std::get_if<std::string>(&value);
  if (bytes == nullptr) {
    return fail(ErrorCode::kCorrupt, "an item of a deque is a number");
  }
  return std::move(*bytes);
}

bool is_damage(const Error& error) { return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kNotFound; }

Result<QueueRow> row_at(QueueRows& rows, std::int64_t position) {
  REPOMAP_ASSIGN(auto row, rows.at(position));
  if (!row) {
    return fail(ErrorCode::kCorrupt, "a deque has a hole");
  }
  return *std::move(row);
}

/// Removes the item; what is beyond it stays where it is.
Status drop_row(StoreTransaction& transaction, QueueRows& rows, std::int64_t position) {
  REPOMAP_ASSIGN(const QueueRow row, row_at(rows, position));
  REPOMAP_TRY(rows.erase(position));
  return transaction.drop_value(row.value());
}

Status drop_edge(StoreTransaction& transaction, OpenDeque& deque, Edge edge) {
  REPOMAP_TRY(drop_row(transaction, deque.rows, edge == Edge::kFront ? deque.range.first : deque.range.last));
  deque.range.first += edge == Edge::kFront ? 1 : 0;
  deque.range.last -= edge == Edge::kFront ? 0 : 1;
  return {};
}

/// Drops items at that end until the maximal length is kept.
Status trim(StoreTransaction& transaction, OpenDeque& deque, Edge edge) {
  while (deque.info.capacity && deque.range.count() > *deque.info.capacity) {
    REPOMAP_TRY(drop_edge(transaction, deque, edge));
  }
  return {};
}

Status erase_position(StoreTransaction& transaction, OpenDeque& deque, std::int64_t position) {
  REPOMAP_TRY(drop_row(transaction, deque.rows, position));
  const PositionRange left{deque.range.first, position - 1};
  const PositionRange right{position + 1, deque.range.last};
  return left.count() < right.count() ? deque.rows.move(left, 1) : deque.rows.move(right, -1);
}

/// Calls `visitor(row)` for each row until it gives false.
Status visit_rows(OpenDeque& deque, DequeOrder order, const std::function<Result<bool>(const QueueRow&)>& visitor) {
  const bool is_forward = order == DequeOrder::kForward;
  const std::int64_t step = is_forward ? 1 : -1;
  std::int64_t position = is_forward ? deque.range.first : deque.range.last;
  for (std::int64_t left = deque.range.count(); left > 0; --left, position += step) {
    REPOMAP_ASSIGN(const QueueRow row, row_at(deque.rows, position));
    REPOMAP_ASSIGN(const bool goes_on, visitor(row));
    if (!goes_on) {
      break;
    }
  }
  return {};
}

}  // namespace

Result<Deque> Deque::open(DiskStore& store, std::string name) {
  bool is_there = false;
  {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
    REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kDeque));
    is_there = info.has_value();
  }
  if (!is_there) {
    REPOMAP_TRY(store.transact(
        [&](StoreTransaction& transaction) { return ensure_queue(transaction.database(), name, QueueKind::kDeque); }));
  }
  return Deque(store, std::move(name));
}

Status Deque::extend(std::span<const std::string_view> values) { return grow(values, Edge::kBack); }
Status Deque::extend_left(std::span<const std::string_view> values) { return grow(values, Edge::kFront); }

Status Deque::grow(std::span<const std::string_view> values, Edge edge) {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    for (const std::string_view value : values) {
      QueueRow row;
      REPOMAP_ASSIGN(row.position, deque.rows.next_position(edge));
      const CacheValue kept = std::string(value);  // outlives the columns, which are views of it
      REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(kept));
      REPOMAP_TRY(deque.rows.insert(row, columns));
      if (deque.range.count() == 0) {
        deque.range = {row.position, row.position};
      } else {
        (edge == Edge::kFront ? deque.range.first : deque.range.last) = row.position;
      }
      REPOMAP_TRY(trim(transaction, deque, edge == Edge::kFront ? Edge::kBack : Edge::kFront));
    }
    return {};
  });
}

Result<std::optional<std::string>> Deque::take(Edge edge) {
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::optional<std::string>> {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    while (deque.range.count() > 0) {
      REPOMAP_ASSIGN(const QueueRow row,
                     row_at(deque.rows, edge == Edge::kFront ? deque.range.first : deque.range.last));
      auto value = load_bytes(transaction, row);
      if (!value && !is_damage(value.error())) {
        return std::unexpected(value.error());
      }
      REPOMAP_TRY(drop_edge(transaction, deque, edge));
      if (value) {
        return std::optional(*std::move(value));
      }
      log_warning(fmt::format("deque \"{}\": a damaged item was dropped: {}", name_, value.error().message));
    }
    return std::optional<std::string>();
  });
}

Result<std::optional<std::string>> Deque::look(Edge edge) {
  {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
    REPOMAP_ASSIGN(auto deque, open_for_read(snapshot, name_));
    if (!deque || deque->range.count() == 0) {
      return std::optional<std::string>();
    }
    REPOMAP_ASSIGN(const QueueRow row,
                   row_at(deque->rows, edge == Edge::kFront ? deque->range.first : deque->range.last));
    auto value = load_bytes(snapshot, row);
    if (value) {
      return std::optional(*std::move(value));
    }
    if (!is_damage(value.error())) {
      return std::unexpected(value.error());
    }
  }
  // Damaged: taking drops what cannot be read, and putting the next one back leaves all as it was otherwise.
  return store_->transact([&](StoreTransaction&) -> Result<std::optional<std::string>> {
    REPOMAP_ASSIGN(auto value, take(edge));
    if (value) {
      const std::string_view bytes = *value;
      REPOMAP_TRY(grow({&bytes, 1}, edge));
    }
    return value;
  });
}

Result<std::optional<std::string>> Deque::get(std::int64_t index) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(auto deque, open_for_read(snapshot, name_));
  const auto position = deque ? position_of(deque->range, index) : std::nullopt;
  if (!position) {
    return std::optional<std::string>();
  }
  REPOMAP_ASSIGN(const QueueRow row, row_at(deque->rows, *position));
  REPOMAP_ASSIGN(std::string value, load_bytes(snapshot, row));
  return std::optional(std::move(value));
}

Status Deque::set(std::int64_t index, std::string_view value) {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    const auto position = position_of(deque.range, index);
    if (!position) {
      return no_such_index(name_, index);
    }
    REPOMAP_ASSIGN(const QueueRow old, row_at(deque.rows, *position));
    const CacheValue kept = std::string(value);  // outlives the columns, which are views of it
    REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(kept));
    REPOMAP_TRY(deque.rows.replace(*position, columns));
    return transaction.drop_value(old.value());
  });
}

Status Deque::erase(std::int64_t index) {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    const auto position = position_of(deque.range, index);
    return position ? erase_position(transaction, deque, *position) : no_such_index(name_, index);
  });
}

Result<bool> Deque::remove(std::string_view value) {
  return store_->transact([&](StoreTransaction& transaction) -> Result<bool> {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    std::optional<std::int64_t> position;
    REPOMAP_TRY(visit_rows(deque, DequeOrder::kForward, [&](const QueueRow& row) -> Result<bool> {
      const auto bytes = load_bytes(transaction, row);
      if (bytes && *bytes == value) {
        position = row.position;
      }
      return !position.has_value();
    }));
    if (!position) {
      return false;
    }
    REPOMAP_TRY(erase_position(transaction, deque, *position));
    return true;
  });
}

Result<std::size_t> Deque::size() {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(const auto deque, open_for_read(snapshot, name_));
  return deque ? static_cast<std::size_t>(deque->range.count()) : 0;
}

Result<std::size_t> Deque::count(std::string_view value) {
  std::size_t result = 0;
  REPOMAP_TRY(visit(DequeOrder::kForward, [&](const std::string& item) {
    result += item == value ? 1 : 0;
    return true;
  }));
  return result;
}

Status Deque::reverse() {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    return deque.rows.reverse(deque.range);
  });
}

Status Deque::rotate(std::int64_t steps) {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    const std::int64_t count = deque.range.count();
    if (count <= 1) {
      return {};
    }
    const std::int64_t to_left = ((steps % count) + count) % count;
    const std::int64_t to_right = count - to_left;
    if (to_left <= to_right) {
      return deque.rows.move({deque.range.last - to_left + 1, deque.range.last}, -count);
    }
    return deque.rows.move({deque.range.first, deque.range.first + to_right - 1}, count);
  });
}

Result<std::size_t> Deque::clear() {
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::size_t> {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    const Status dropped = visit_rows(deque, DequeOrder::kForward, [&](const QueueRow& row) -> Result<bool> {
      REPOMAP_TRY(transaction.drop_value(row.value()));
      return true;
    });
    REPOMAP_TRY(dropped);
    REPOMAP_TRY(deque.rows.erase_all());
    return static_cast<std::size_t>(deque.range.count());
  });
}

Result<std::vector<std::string>> Deque::items() {
  std::vector<std::string> result;
  REPOMAP_TRY(visit(DequeOrder::kForward, [&](const std::string& item) {
    result.push_back(item);
    return true;
  }));
  return result;
}

Status Deque::visit(DequeOrder order, const std::function<bool(const std::string&)>& visitor) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(auto deque, open_for_read(snapshot, name_));
  if (!deque) {
    return {};
  }
  return visit_rows(*deque, order, [&](const QueueRow& row) -> Result<bool> {
    const auto value = load_bytes(snapshot, row);
    if (!value && !is_damage(value.error())) {
      return std::unexpected(value.error());
    }
    return !value || visitor(*value);
  });
}

Result<Deque> Deque::copy(std::string name) {
  const Status copied = store_->transact([&](StoreTransaction& transaction) -> Status {
    SqliteDatabase& database = transaction.database();
    REPOMAP_ASSIGN(const auto present, find_queue(database, name, QueueKind::kDeque));
    if (present) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("there is a deque \"{}\" already", name));
    }
    REPOMAP_ASSIGN(const QueueInfo info, ensure_queue(database, name, QueueKind::kDeque));
    REPOMAP_ASSIGN(OpenDeque source, open_for_write(transaction, name_));
    REPOMAP_TRY(detail::set_queue_capacity(database, info.number, source.info.capacity));
    QueueRows target(database, info.number);
    return visit_rows(source, DequeOrder::kForward, [&](const QueueRow& row) -> Result<bool> {
      REPOMAP_ASSIGN(const CacheValue value, transaction.load_value(row.value()));
      QueueRow twin;
      twin.position = row.position - source.range.first;
      REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(value));
      REPOMAP_TRY(target.insert(twin, columns));
      return true;
    });
  });
  REPOMAP_TRY(copied);
  return Deque(*store_, std::move(name));
}

Result<std::optional<std::size_t>> Deque::max_length() {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name_, QueueKind::kDeque));
  if (!info || !info->capacity) {
    return std::optional<std::size_t>();
  }
  return std::optional(static_cast<std::size_t>(*info->capacity));
}

Status Deque::set_max_length(std::optional<std::size_t> length) {
  constexpr std::size_t kLargest = std::numeric_limits<std::int64_t>::max();
  const auto capacity = length ? std::optional(static_cast<std::int64_t>(std::min(*length, kLargest))) : std::nullopt;
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name_));
    REPOMAP_TRY(detail::set_queue_capacity(transaction.database(), deque.info.number, capacity));
    deque.info.capacity = capacity;
    return trim(transaction, deque, Edge::kFront);
  });
}

}  // namespace repomap
