// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

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

/// Removes the rows that the predicate picks; gives how many.
Result<std::size_t> drop_if(DiskStore& store, const std::string& name,
                            const std::function<bool(const QueueRow&)>& predicate) {
  return store.transact([&](StoreTransaction& transaction) -> Result<std::size_t> {
    std::size_t removed = 0;
    REPOMAP_ASSIGN(const auto info, find_queue(transaction.database(), name, QueueKind::kQueue));
    if (!info) {
      return removed;
    }
    QueueRows rows(transaction.database(), info->number);
    REPOMAP_ASSIGN(const auto range, rows.range());
    std::int64_t position = range.first;
    while (position <= range.last) {
      REPOMAP_ASSIGN(const auto row, rows.at_or_after(position));
      if (!row) {
        break;
      }
      if (predicate(*row)) {
        REPOMAP_TRY(drop_row(transaction, rows, *row));
        ++removed;
      }
      position = row->position + 1;
    }
    return removed;
  });
}

/// Removes the item nearest to that edge if it is damaged; tells whether there was an item.
Result<bool> drop_damaged(StoreTransaction& transaction, std::string_view name, Edge edge, std::int64_t now) {
  REPOMAP_ASSIGN(const auto info, find_queue(transaction.database(), name, QueueKind::kQueue));
  if (!info) {
    return false;
  }
  QueueRows rows(transaction.database(), info->number);
  REPOMAP_ASSIGN(const auto row, rows.nearest(edge, now));
  if (!row) {
    return false;
  }
  const auto item = load_item(transaction, *row);
  if (!item && is_damage(item.error())) {
    log_warning(fmt::format("queue \"{}\": a damaged item was dropped: {}", name, item.error().message));
    REPOMAP_TRY(drop_row(transaction, rows, *row));
  }
  return true;
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
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::optional<QueueItem>> {
    REPOMAP_ASSIGN(const auto info, find_queue(transaction.database(), name_, QueueKind::kQueue));
    if (!info) {
      return std::optional<QueueItem>();
    }
    QueueRows rows(transaction.database(), info->number);
    while (true) {
      // Any time: expired ones are met and removed too.
      REPOMAP_ASSIGN(const auto row, rows.nearest(edge_of(side), INT64_MIN));
      if (!row) {
        return std::optional<QueueItem>();
      }
      const bool has_expired = row->expires_us && *row->expires_us <= now_us(*store_);
      Result<QueueItem> item = fail(ErrorCode::kNotFound, "expired");
      if (!has_expired) {
        item = load_item(transaction, *row);
      }
      if (!item && !is_damage(item.error())) {
        return std::unexpected(item.error());
      }
      REPOMAP_TRY(drop_row(transaction, rows, *row));
      if (item) {
        return std::optional(*std::move(item));
      }
      if (!has_expired) {
        log_warning(fmt::format("queue \"{}\": a damaged item was dropped: {}", name_, item.error().message));
      }
    }
  });
}

Result<std::optional<QueueItem>> StoreQueue::peek(QueueSide side) {
  while (true) {
    {
      REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
      REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name_, QueueKind::kQueue));
      if (!info) {
        return std::optional<QueueItem>();
      }
      REPOMAP_ASSIGN(const auto row,
                     QueueRows(snapshot.database(), info->number).nearest(edge_of(side), now_us(*store_)));
      if (!row) {
        return std::optional<QueueItem>();
      }
      auto item = load_item(snapshot, *row);
      if (item) {
        return std::optional(*std::move(item));
      }
      if (!is_damage(item.error())) {
        return std::unexpected(item.error());
      }
    }
    REPOMAP_ASSIGN(const bool may_go_on, store_->transact([&](StoreTransaction& transaction) {
      return drop_damaged(transaction, name_, edge_of(side), now_us(*store_));
    }));
    if (!may_go_on) {
      return std::optional<QueueItem>();
    }
  }
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
  return drop_if(*store_, name_, [&](const QueueRow& row) { return row.expires_us && *row.expires_us <= now; });
}

Result<std::size_t> StoreQueue::evict(const CacheTag& tag) {
  return drop_if(*store_, name_, [&](const QueueRow& row) {
    const auto tags = decode_tags(row.tags);
    return tags && std::ranges::find(*tags, tag) != tags->end();
  });
}

Result<std::size_t> StoreQueue::clear() {
  return drop_if(*store_, name_, [](const QueueRow&) { return true; });
}

}  // namespace repomap
