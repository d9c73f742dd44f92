// SPDX-License-Identifier: Apache-2.0
#include "core/cache/work_list.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "core/base/log.hpp"
#include "core/base/process_identity.hpp"
#include "core/cache/claim_rows.hpp"
#include "core/cache/queue_rows.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_transaction.hpp"

// Whether the owners of claims still live is asked only when nothing else waits: then what dead ones had is freed.

namespace repomap {
namespace {

using detail::ClaimRows;
using detail::Edge;
using detail::QueueKind;
using detail::QueueRow;
using detail::QueueRows;

std::int64_t to_us(Clock::WallTime time) { return time.time_since_epoch().count(); }

/// Whether there is an item that nobody has.
Result<bool> has_free_item(DiskStore& store, const std::string& name) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kWorkList));
  if (!info) {
    return false;
  }
  const QueueRows rows(snapshot.database(), info->number);
  REPOMAP_ASSIGN(const auto items, ClaimRows(snapshot.database(), rows).free_items(to_us(store.clock().now()), 1));
  return !items.empty();
}

/// Those of this list that hold items and are dead.
Result<std::vector<std::string>> dead_owners(DiskStore& store, const std::string& name) {
  std::vector<std::string> owners;
  {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
    REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name, QueueKind::kWorkList));
    if (info) {
      const QueueRows rows(snapshot.database(), info->number);
      REPOMAP_ASSIGN(owners, ClaimRows(snapshot.database(), rows).owners());
    }
  }
  std::erase_if(owners, [](const std::string& owner) {
    const auto identity = decode_process_identity(owner);
    return identity && liveness_of(*identity) != Liveness::kDead;
  });
  return owners;
}

Status give_back_all_of(StoreTransaction& transaction, std::string_view name, std::span<const std::string> owners) {
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kWorkList));
  ClaimRows claims(transaction.database(), QueueRows(transaction.database(), info.number));
  for (const std::string& owner : owners) {
    REPOMAP_TRY(claims.give_back_all_of(owner));
  }
  return {};
}

/// Frees what dead ones held; tells whether there was any.
Result<bool> free_dead_claims(DiskStore& store, const std::string& name) {
  REPOMAP_ASSIGN(const auto owners, dead_owners(store, name));
  if (owners.empty()) {
    return false;
  }
  REPOMAP_TRY(
      store.transact([&](StoreTransaction& transaction) { return give_back_all_of(transaction, name, owners); }));
  return true;
}

/// The bytes of the item, or nothing if they are damaged: then it is dropped.
Result<std::optional<std::string>> load_or_drop(StoreTransaction& transaction, QueueRows& rows, const QueueRow& row) {
  auto value = transaction.load_value(row.value());
  if (value && std::holds_alternative<std::string>(*value)) {
    return std::optional(std::get<std::string>(*std::move(value)));
  }
  if (!value && value.error().code != ErrorCode::kCorrupt && value.error().code != ErrorCode::kNotFound) {
    return std::unexpected(value.error());
  }
  log_warning(fmt::format("a damaged work item was dropped: {}", value ? "not bytes" : value.error().message));
  REPOMAP_TRY(ClaimRows(transaction.database(), rows).erase(rows.id_of(row.position)));
  REPOMAP_TRY(rows.erase(row.position));
  REPOMAP_TRY(transaction.drop_value(row.value()));
  return std::optional<std::string>();
}

Result<std::vector<WorkItem>> claim_free(StoreTransaction& transaction, QueueRows& rows, std::size_t limit,
                                         Clock::WallTime now, std::chrono::milliseconds ttl) {
  const std::string owner = encode_process_identity(this_process());
  ClaimRows claims(transaction.database(), rows);
  std::vector<WorkItem> result;
  REPOMAP_ASSIGN(const auto ids, claims.free_items(to_us(now), limit));
  for (const std::int64_t id : ids) {
    REPOMAP_ASSIGN(const auto row, rows.at(rows.position_of(id)));
    if (!row) {
      return fail(ErrorCode::kCorrupt, "a work item went while it was handed out");
    }
    REPOMAP_ASSIGN(auto value, load_or_drop(transaction, rows, *row));
    if (value) {
      REPOMAP_ASSIGN(const auto given, claims.claim(id, owner, to_us(now + ttl)));
      const auto [token, attempts] = given;
      result.push_back({row->position, token, *std::move(value), static_cast<std::uint32_t>(attempts)});
    }
  }
  return result;
}

using ItemAction = std::function<Status(StoreTransaction&, QueueRows&, const WorkItem&)>;

/// Calls `action` for each of the items that this process still holds; gives how many.
Result<std::size_t> for_held(StoreTransaction& transaction, std::string_view name, std::span<const WorkItem> items,
                             const ItemAction& action) {
  const std::string owner = encode_process_identity(this_process());
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kWorkList));
  QueueRows rows(transaction.database(), info.number);
  ClaimRows claims(transaction.database(), rows);
  std::size_t count = 0;
  for (const WorkItem& item : items) {
    REPOMAP_ASSIGN(const bool is_held, claims.is_held(rows.id_of(item.key), item.token, owner));
    REPOMAP_TRY(is_held ? action(transaction, rows, item) : Status());
    count += is_held ? 1 : 0;
  }
  return count;
}

Status remove_item(StoreTransaction& transaction, QueueRows& rows, const WorkItem& item) {
  REPOMAP_TRY(ClaimRows(transaction.database(), rows).erase(rows.id_of(item.key)));
  REPOMAP_ASSIGN(const auto row, rows.at(item.key));
  REPOMAP_TRY(rows.erase(item.key));
  return row ? transaction.drop_value(row->value()) : Status();
}

Result<std::size_t> remove_all(StoreTransaction& transaction, std::string_view name) {
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kWorkList));
  QueueRows rows(transaction.database(), info.number);
  std::size_t removed = 0;
  REPOMAP_ASSIGN(auto row, rows.at_or_after(rows.lowest_position()));
  while (row) {
    REPOMAP_TRY(transaction.drop_value(row->value()));
    ++removed;
    REPOMAP_ASSIGN(row, rows.at_or_after(row->position + 1));
  }
  REPOMAP_TRY(ClaimRows(transaction.database(), rows).erase_all());
  REPOMAP_TRY(rows.erase_all());
  return removed;
}

Status add_items(StoreTransaction& transaction, std::string_view name, std::span<const std::string_view> values) {
  REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name, QueueKind::kWorkList));
  QueueRows rows(transaction.database(), info.number);
  QueueRow row;
  REPOMAP_ASSIGN(row.position, rows.next_position(Edge::kBack));
  for (const std::string_view value : values) {
    const CacheValue kept = std::string(value);  // outlives the columns, which are views of it
    REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(kept));
    REPOMAP_TRY(rows.insert(row, columns));
    ++row.position;
  }
  return {};
}

}  // namespace

Status WorkList::add(std::span<const std::string_view> values) {
  return store_->transact([&](StoreTransaction& transaction) { return add_items(transaction, name_, values); });
}

Result<std::vector<WorkItem>> WorkList::claim(std::size_t limit, std::chrono::milliseconds ttl) {
  while (true) {
    REPOMAP_ASSIGN(const bool has_free, has_free_item(*store_, name_));
    if (!has_free) {
      REPOMAP_ASSIGN(const bool has_freed, free_dead_claims(*store_, name_));
      if (!has_freed) {
        return std::vector<WorkItem>();
      }
    }
    const Clock::WallTime now = store_->clock().now();
    auto items = store_->transact([&](StoreTransaction& transaction) -> Result<std::vector<WorkItem>> {
      REPOMAP_ASSIGN(const auto info, ensure_queue(transaction.database(), name_, QueueKind::kWorkList));
      QueueRows rows(transaction.database(), info.number);
      return claim_free(transaction, rows, limit, now, ttl);
    });
    if (!items || !items->empty() || limit == 0) {
      return items;  // none: another process was quicker, or what waited was damaged
    }
  }
}

Result<std::size_t> WorkList::acknowledge(std::span<const WorkItem> items) {
  return store_->transact(
      [&](StoreTransaction& transaction) { return for_held(transaction, name_, items, remove_item); });
}

Result<std::size_t> WorkList::give_back(std::span<const WorkItem> items) {
  const auto action = [](StoreTransaction& transaction, QueueRows& rows, const WorkItem& item) {
    return ClaimRows(transaction.database(), rows).give_back(item.token);
  };
  return store_->transact([&](StoreTransaction& transaction) { return for_held(transaction, name_, items, action); });
}

Result<std::size_t> WorkList::renew(std::span<const WorkItem> items, std::chrono::milliseconds ttl) {
  const std::int64_t end_us = to_us(store_->clock().now() + ttl);
  const auto action = [&](StoreTransaction& transaction, QueueRows& rows, const WorkItem& item) {
    return ClaimRows(transaction.database(), rows).renew(item.token, end_us);
  };
  return store_->transact([&](StoreTransaction& transaction) { return for_held(transaction, name_, items, action); });
}

Result<WorkCounts> WorkList::counts() {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(const auto info, find_queue(snapshot.database(), name_, QueueKind::kWorkList));
  if (!info) {
    return WorkCounts{};
  }
  QueueRows rows(snapshot.database(), info->number);
  REPOMAP_ASSIGN(const std::int64_t all, rows.count(INT64_MIN));
  REPOMAP_ASSIGN(const std::int64_t claimed,
                 ClaimRows(snapshot.database(), rows).count_claimed(to_us(store_->clock().now())));
  return WorkCounts{static_cast<std::size_t>(all - claimed), static_cast<std::size_t>(claimed)};
}

Result<std::size_t> WorkList::clear() {
  return store_->transact([&](StoreTransaction& transaction) { return remove_all(transaction, name_); });
}

}  // namespace repomap
