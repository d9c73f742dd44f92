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

std::int64_t edge_position(const OpenDeque& deque, Edge edge) {
  return edge == Edge::kFront ? deque.range.first : deque.range.last;
}

Status add_item(StoreTransaction& transaction, OpenDeque& deque, std::string_view value, Edge edge) {
  QueueRow row;
  REPOMAP_ASSIGN(row.position, deque.rows.next_position(edge));
  const CacheValue kept = std::string(value);  // outlives the columns, which are views of it
  REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(kept));
  REPOMAP_TRY(deque.rows.insert(row, columns));
  const bool was_empty = deque.range.count() == 0;
  deque.range.first = was_empty ? row.position : std::min(deque.range.first, row.position);
  deque.range.last = was_empty ? row.position : std::max(deque.range.last, row.position);
  return trim(transaction, deque, edge == Edge::kFront ? Edge::kBack : Edge::kFront);
}

Status add_items(StoreTransaction& transaction, std::string_view name, std::span<const std::string_view> values,
                 Edge edge) {
  REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name));
  for (const std::string_view value : values) {
    REPOMAP_TRY(add_item(transaction, deque, value, edge));
  }
  return {};
}

/// The first item at that edge that is not damaged; those before it are removed.
Result<std::optional<std::string>> find_item(StoreTransaction& transaction, OpenDeque& deque, Edge edge) {
  while (deque.range.count() > 0) {
    REPOMAP_ASSIGN(const QueueRow row, row_at(deque.rows, edge_position(deque, edge)));
    auto value = load_bytes(transaction, row);
    if (value) {
      return std::optional(*std::move(value));
    }
    if (!is_damage(value.error())) {
      return std::unexpected(value.error());
    }
    log_warning(fmt::format("a damaged item of a deque was dropped: {}", value.error().message));
    REPOMAP_TRY(drop_edge(transaction, deque, edge));
  }
  return std::optional<std::string>();
}

enum class Taking : std::uint8_t { kRemove, kLeave };

Result<std::optional<std::string>> take_item(StoreTransaction& transaction, std::string_view name, Edge edge,
                                             Taking taking) {
  REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name));
  REPOMAP_ASSIGN(auto value, find_item(transaction, deque, edge));
  REPOMAP_TRY(value && taking == Taking::kRemove ? drop_edge(transaction, deque, edge) : Status());
  return value;
}

/// The item at that edge; damage is an error.
Result<std::optional<std::string>> read_item(DiskStore& store, std::string_view name, Edge edge) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(auto deque, open_for_read(snapshot, name));
  if (!deque || deque->range.count() == 0) {
    return std::optional<std::string>();
  }
  REPOMAP_ASSIGN(const QueueRow row, row_at(deque->rows, edge_position(*deque, edge)));
  REPOMAP_ASSIGN(std::string value, load_bytes(snapshot, row));
  return std::optional(std::move(value));
}

Result<bool> remove_item(StoreTransaction& transaction, std::string_view name, std::string_view value) {
  REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name));
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
}

Result<std::size_t> remove_all(StoreTransaction& transaction, std::string_view name) {
  REPOMAP_ASSIGN(OpenDeque deque, open_for_write(transaction, name));
  REPOMAP_TRY(visit_rows(deque, DequeOrder::kForward, [&](const QueueRow& row) -> Result<bool> {
    const Status dropped = transaction.drop_value(row.value());
    return dropped ? Result<bool>(true) : std::unexpected(dropped.error());
  }));
  REPOMAP_TRY(deque.rows.erase_all());
  return static_cast<std::size_t>(deque.range.count());
}

Status copy_item(StoreTransaction& transaction, QueueRows& target, const QueueRow& source, std::int64_t position) {
  REPOMAP_ASSIGN(const CacheValue value, transaction.load_value(source.value()));
  QueueRow row;
  row.position = position;
  REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(value));
  return target.insert(row, columns);
}

Status copy_items(StoreTransaction& transaction, std::string_view from, std::string_view to) {
  SqliteDatabase& database = transaction.database();
  REPOMAP_ASSIGN(const auto present, find_queue(database, to, QueueKind::kDeque));
  if (present) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("there is a deque \"{}\" already", to));
  }
  REPOMAP_ASSIGN(const QueueInfo info, ensure_queue(database, to, QueueKind::kDeque));
  REPOMAP_ASSIGN(OpenDeque source, open_for_write(transaction, from));
  REPOMAP_TRY(detail::set_queue_capacity(database, info.number, source.info.capacity));
  QueueRows target(database, info.number);
  return visit_rows(source, DequeOrder::kForward, [&](const QueueRow& row) -> Result<bool> {
    const Status copied = copy_item(transaction, target, row, row.position - source.range.first);
    return copied ? Result<bool>(true) : std::unexpected(copied.error());
  });
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
  return store_->transact([&](StoreTransaction& transaction) { return add_items(transaction, name_, values, edge); });
}

Result<std::optional<std::string>> Deque::take(Edge edge) {
  return store_->transact(
      [&](StoreTransaction& transaction) { return take_item(transaction, name_, edge, Taking::kRemove); });
}

Result<std::optional<std::string>> Deque::look(Edge edge) {
  auto value = read_item(*store_, name_, edge);
  if (value || !is_damage(value.error())) {
    return value;
  }
  return store_->transact(
      [&](StoreTransaction& transaction) { return take_item(transaction, name_, edge, Taking::kLeave); });
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
  return store_->transact([&](StoreTransaction& transaction) { return remove_item(transaction, name_, value); });
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
  return store_->transact([&](StoreTransaction& transaction) { return remove_all(transaction, name_); });
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
  REPOMAP_TRY(store_->transact([&](StoreTransaction& transaction) { return copy_items(transaction, name_, name); }));
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
