// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "core/base/byte_codec.hpp"
#include "core/base/log.hpp"
#include "core/cache/queue_rows.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_transaction.hpp"

namespace repomap {
namespace {

using detail::Edge;
using detail::QueueKind;
using detail::QueueRow;
using detail::QueueRows;

constexpr std::int64_t kAnyTime = std::numeric_limits<std::int64_t>::min();  // before which nothing expires

Edge edge_of(QueueSide side) { return side == QueueSide::kFront ? Edge::kFront : Edge::kBack; }

std::int64_t now_us(const DiskStore& store) { return store.clock().now().time_since_epoch().count(); }

std::string encode_tags(const std::vector<CacheTag>& tags) {
  if (tags.empty()) {
    return {};
  }
  ByteWriter writer;
  writer.add_varint(tags.size());
  for (const CacheTag& tag : tags) {
    writer.add_string(tag.label);
  }
  return writer.take();
}

Result<std::vector<CacheTag>> decode_tags(std::string_view bytes) {
  std::vector<CacheTag> tags;
  if (bytes.empty()) {
    return tags;
  }
  ByteReader reader(bytes);
  for (std::uint64_t left = reader.read_count(1); left > 0 && !reader.has_failed(); --left) {
    tags.push_back({std::string(reader.read_string())});
  }
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "the tags of a queued item do not decode");
  }
  return tags;
}

/// What the row holds. `Source` is a StoreTransaction or a StoreSnapshot.
template <typename Source>
Result<QueueItem> load_item(Source& source, const QueueRow& row) {
  QueueItem item;
  item.key = row.position;
  REPOMAP_ASSIGN(item.tags, decode_tags(row.tags));
  if (row.expires_us) {
    item.expires = Clock::WallTime(std::chrono::microseconds(*row.expires_us));
  }
  REPOMAP_ASSIGN(item.value, source.load_value(row.value()));
  return item;
}

bool is_damage(const Error& error) { return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kNotFound; }

Status drop_row(StoreTransaction& transaction, QueueRows& rows, const QueueRow& row) {
  REPOMAP_TRY(rows.erase(row.position));
  return transaction.drop_value(row.value());
}

Result<bool> has_no_rows(DiskStore& store, std::string_view name) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kQueue));
  if (!info) {
    return true;
  }
  REPOMAP_ASSIGN(const auto range, QueueRows(snapshot.database(), info->number).range());
  return range.count() == 0;
}

bool has_expired(const QueueRow& row, std::int64_t now) { return row.expires_us && *row.expires_us <= now; }

/// Removes the rows that the predicate picks; gives how many.
Result<std::size_t> drop_if(StoreTransaction& transaction, std::string_view name,
                            const std::function<bool(const QueueRow&)>& predicate) {
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kQueue));
  QueueRows rows(transaction.database(), info.number);
  std::size_t removed = 0;
  REPOMAP_ASSIGN(auto row, rows.at_or_after(rows.lowest_position()));
  while (row) {
    const bool is_picked = predicate(*row);
    REPOMAP_TRY(is_picked ? drop_row(transaction, rows, *row) : Status());
    removed += is_picked ? 1 : 0;
    REPOMAP_ASSIGN(row, rows.at_or_after(row->position + 1));
  }
  return removed;
}

struct FoundItem {
  QueueRow row;
  QueueItem item;
};

/// The first item at that edge that has neither expired nor is damaged; those before it are removed.
Result<std::optional<FoundItem>> find_item(StoreTransaction& transaction, QueueRows& rows, Edge edge,
                                           std::int64_t now) {
  while (true) {
    REPOMAP_ASSIGN(auto row, rows.nearest(edge, kAnyTime));
    if (!row) {
      return std::optional<FoundItem>();
    }
    auto item = load_item(transaction, *row);
    if (!item && !is_damage(item.error())) {
      return std::unexpected(item.error());
    }
    if (item && !has_expired(*row, now)) {
      return std::optional(FoundItem{*std::move(row), *std::move(item)});
    }
    if (!item) {
      log_warning(fmt::format("a damaged item of a queue was dropped: {}", item.error().message));
    }
    REPOMAP_TRY(drop_row(transaction, rows, *row));
  }
}

enum class Taking : std::uint8_t { kRemove, kLeave };

Result<std::optional<QueueItem>> take_item(StoreTransaction& transaction, std::string_view name, Edge edge,
                                           Taking taking, std::int64_t now) {
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kQueue));
  QueueRows rows(transaction.database(), info.number);
  REPOMAP_ASSIGN(auto found, find_item(transaction, rows, edge, now));
  if (!found) {
    return std::optional<QueueItem>();
  }
  REPOMAP_TRY(taking == Taking::kRemove ? drop_row(transaction, rows, found->row) : Status());
  return std::optional(std::move(found->item));
}

/// The item nearest to that edge that has not expired; damage is an error.
Result<std::optional<QueueItem>> read_item(DiskStore& store, std::string_view name, Edge edge) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kQueue));
  if (!info) {
    return std::optional<QueueItem>();
  }
  REPOMAP_ASSIGN(const auto row, QueueRows(snapshot.database(), info->number).nearest(edge, now_us(store)));
  if (!row) {
    return std::optional<QueueItem>();
  }
  REPOMAP_ASSIGN(QueueItem item, load_item(snapshot, *row));
  return std::optional(std::move(item));
}

}  // namespace

Result<std::int64_t> StoreQueue::push(const CacheValue& value, const PushOptions& options) {
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::int64_t> {
    REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name_, QueueKind::kQueue));
    QueueRows rows(transaction.database(), info.number);
    QueueRow row;
    REPOMAP_ASSIGN(row.position, rows.next_position(edge_of(options.side)));
    row.tags = encode_tags(options.tags);
    if (options.expires) {
      row.expires_us = options.expires->time_since_epoch().count();
    }
    REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(value));
    REPOMAP_TRY(rows.insert(row, columns));
    return row.position;
  });
}

Result<std::optional<QueueItem>> StoreQueue::pull(QueueSide side) {
  REPOMAP_ASSIGN(const bool is_empty, has_no_rows(*store_, name_));
  if (is_empty) {
    return std::optional<QueueItem>();  // consumers that poll take no right to write
  }
  return store_->transact([&](StoreTransaction& transaction) {
    return take_item(transaction, name_, edge_of(side), Taking::kRemove, now_us(*store_));
  });
}

Result<std::optional<QueueItem>> StoreQueue::peek(QueueSide side) {
  auto item = read_item(*store_, name_, edge_of(side));
  if (item || !is_damage(item.error())) {
    return item;
  }
  return store_->transact([&](StoreTransaction& transaction) {
    return take_item(transaction, name_, edge_of(side), Taking::kLeave, now_us(*store_));
  });
}

Result<std::size_t> StoreQueue::size() {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name_, QueueKind::kQueue));
  if (!info) {
    return 0;
  }
  REPOMAP_ASSIGN(const auto count, QueueRows(snapshot.database(), info->number).count(now_us(*store_)));
  return static_cast<std::size_t>(count);
}

Result<std::size_t> StoreQueue::expire() {
  const std::int64_t now = now_us(*store_);
  return store_->transact([&](StoreTransaction& transaction) {
    return drop_if(transaction, name_, [&](const QueueRow& row) { return has_expired(row, now); });
  });
}

Result<std::size_t> StoreQueue::evict(const CacheTag& tag) {
  const auto carries_tag = [&](const QueueRow& row) {
    const auto tags = decode_tags(row.tags);
    return tags && std::ranges::find(*tags, tag) != tags->end();
  };
  return store_->transact([&](StoreTransaction& transaction) { return drop_if(transaction, name_, carries_tag); });
}

Result<std::size_t> StoreQueue::clear() {
  return store_->transact(
      [&](StoreTransaction& transaction) { return drop_if(transaction, name_, [](const QueueRow&) { return true; }); });
}

}  // namespace repomap
