// SPDX-License-Identifier: Apache-2.0
#include "core/cache/index.hpp"

#include <limits>

#include "core/cache/sqlite.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_transaction.hpp"

// The order of insertion is that of the ids of the table `entries`.

namespace repomap {
namespace {

constexpr std::int64_t kBeforeAll = 0;  // ids start at 1
constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

constexpr std::int64_t kPageItems = 100;
constexpr std::int64_t kAllItems = -1;  // SQLite's LIMIT

struct Place {
  std::int64_t id = 0;
  CacheKey key;
};

/// The items next to `id` in that direction, at most `limit`.
Result<std::vector<Place>> next_places(SqliteDatabase& database, IndexOrder order, std::int64_t id,
                                       std::int64_t limit) {
  REPOMAP_ASSIGN(auto query, order == IndexOrder::kForward
                                 ? database.query("SELECT id, key FROM entries WHERE id > ? ORDER BY id LIMIT ?")
                                 : database.query("SELECT id, key FROM entries WHERE id < ? ORDER BY id DESC LIMIT ?"));
  query.bind(1, id).bind(2, limit);
  std::vector<Place> places;
  while (true) {
    REPOMAP_ASSIGN(const bool found, query.next());
    if (!found) {
      return places;
    }
    REPOMAP_ASSIGN(CacheKey key, CacheKey::from_encoded(query.bytes(1)));
    places.push_back({query.integer(0), std::move(key)});
  }
}

Result<std::vector<Place>> first_places(DiskStore& store, IndexOrder order, std::int64_t id, std::int64_t limit) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  return next_places(snapshot.database(), order, id, limit);
}

std::int64_t start_of(IndexOrder order) { return order == IndexOrder::kForward ? kBeforeAll : kBehindAll; }

Result<std::optional<std::string>> bytes_of(Result<std::optional<StoredEntry>> found) {
  REPOMAP_ASSIGN(auto entry, std::move(found));
  if (!entry) {
    return std::optional<std::string>();
  }
  auto* bytes = std::get_if<std::string>(&entry->value);
  if (bytes == nullptr) {
    return fail(ErrorCode::kCorrupt, "an item of an index is a number");
  }
  return std::optional(std::move(*bytes));
}

Status set_all(StoreTransaction& transaction, std::span<const IndexItem> items) {
  for (const auto& [key, value] : items) {
    REPOMAP_TRY(transaction.set(key, value));
  }
  return {};
}

Result<std::size_t> erase_all(StoreTransaction& transaction) {
  REPOMAP_ASSIGN(const auto places, next_places(transaction.database(), IndexOrder::kForward, kBeforeAll, kAllItems));
  for (const Place& place : places) {
    REPOMAP_TRY(transaction.erase(place.key));
  }
  return places.size();
}

}  // namespace

Result<Index> Index::open(DiskStore& store) {
  const CacheSettings settings = store.settings();
  if (settings.eviction != EvictionPolicy::kNone || settings.ttl) {
    return fail(ErrorCode::kInvalidArgument,
                store.directory() + ": an index needs a store without eviction and without a time to live");
  }
  return Index(store);
}

Result<std::optional<std::string>> Index::get(const CacheKey& key) { return bytes_of(store_->get(key)); }

Result<bool> Index::contains(const CacheKey& key) { return store_->contains(key); }

Status Index::set(const CacheKey& key, std::string_view value) { return store_->set(key, std::string(value)); }

Status Index::update(std::span<const IndexItem> items) {
  return store_->transact([&](StoreTransaction& transaction) { return set_all(transaction, items); });
}

Result<std::string> Index::set_default(const CacheKey& key, std::string_view value) {
  REPOMAP_ASSIGN(auto present, get(key));
  if (present) {
    return *std::move(present);
  }
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::string> {
    REPOMAP_ASSIGN(auto found, bytes_of(transaction.get(key)));
    if (found) {
      return *std::move(found);
    }
    REPOMAP_TRY(transaction.set(key, std::string(value)));
    return std::string(value);
  });
}

Result<bool> Index::erase(const CacheKey& key) { return store_->erase(key); }

Result<std::optional<std::string>> Index::pop(const CacheKey& key) { return bytes_of(store_->pop(key)); }

Result<std::optional<IndexItem>> Index::peek_item(IndexOrder order) {
  std::optional<IndexItem> item;
  REPOMAP_TRY(visit(order, [&](const CacheKey& key, const std::string& value) {
    item.emplace(key, value);
    return false;
  }));
  return item;
}

Result<std::optional<IndexItem>> Index::pop_item(IndexOrder order) {
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::optional<IndexItem>> {
    std::int64_t id = start_of(order);
    while (true) {
      REPOMAP_ASSIGN(const auto places, next_places(transaction.database(), order, id, 1));
      if (places.empty()) {
        return std::optional<IndexItem>();
      }
      REPOMAP_ASSIGN(auto value, bytes_of(transaction.pop(places.front().key)));
      if (value) {
        return std::optional(IndexItem(places.front().key, *std::move(value)));
      }
      id = places.front().id;
    }
  });
}

Result<std::size_t> Index::size() {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store_->snapshot());
  REPOMAP_ASSIGN(const std::int64_t count, snapshot.database().integer_of("SELECT count(*) FROM entries"));
  return static_cast<std::size_t>(count);
}

Result<std::size_t> Index::clear() {
  return store_->transact([](StoreTransaction& transaction) { return erase_all(transaction); });
}

Status Index::visit(IndexOrder order, const std::function<bool(const CacheKey&, const std::string&)>& visitor) {
  const bool is_forward = order == IndexOrder::kForward;
  REPOMAP_ASSIGN(const auto newest, first_places(*store_, IndexOrder::kBackward, kBehindAll, 1));
  const std::int64_t last_id = newest.empty() ? kBeforeAll : newest.front().id;
  std::int64_t id = is_forward ? kBeforeAll : last_id + 1;
  while (true) {
    REPOMAP_ASSIGN(const auto places, first_places(*store_, order, id, kPageItems));
    for (const Place& place : places) {
      id = place.id;
      if (id > last_id) {
        return {};
      }
      REPOMAP_ASSIGN(const auto value, get(place.key));
      if (value && !visitor(place.key, *value)) {
        return {};
      }
    }
    if (places.empty()) {
      return {};
    }
  }
}

Result<std::vector<IndexItem>> Index::items() {
  std::vector<IndexItem> result;
  REPOMAP_TRY(visit(IndexOrder::kForward, [&](const CacheKey& key, const std::string& value) {
    result.emplace_back(key, value);
    return true;
  }));
  return result;
}

Result<std::vector<CacheKey>> Index::keys() {
  REPOMAP_ASSIGN(auto places, first_places(*store_, IndexOrder::kForward, kBeforeAll, kAllItems));
  std::vector<CacheKey> result;
  result.reserve(places.size());
  for (Place& place : places) {
    result.push_back(std::move(place.key));
  }
  return result;
}

Result<bool> Index::equals(Index& other) {
  REPOMAP_ASSIGN(const auto mine, items());
  REPOMAP_ASSIGN(const auto theirs, other.items());
  return mine == theirs;
}

Result<bool> Index::equals(const std::map<CacheKey, std::string>& items) {
  REPOMAP_ASSIGN(const auto mine, this->items());
  return std::map<CacheKey, std::string>(mine.begin(), mine.end()) == items;
}

}  // namespace repomap
