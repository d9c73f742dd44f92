// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/cache/connection_pool.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/stored_value.hpp"

namespace repomap {

class ValueStorage;

/// Reads of a DiskStore that all see it at one moment. Holds a connection of the store, which must outlive it, and
/// gives it back when destroyed; queries made of it must be gone by then. Used by one thread. Within a transaction of
/// the same thread it sees that one's changes.
class StoreSnapshot {
 public:
  StoreSnapshot(StoreSnapshot&& other) noexcept;
  ~StoreSnapshot();
  StoreSnapshot(const StoreSnapshot&) = delete;
  StoreSnapshot& operator=(const StoreSnapshot&) = delete;
  StoreSnapshot& operator=(StoreSnapshot&&) = delete;

  SqliteDatabase& database() { return *database_; }
  /// The value in those columns. Errors: kCorrupt, kNotFound for a missing file.
  Result<CacheValue> load_value(const ValueColumns& columns);

 private:
  friend class DiskStore;
  StoreSnapshot(SqliteDatabase& database, const ValueStorage& storage);
  static Result<StoreSnapshot> begin(ConnectionPool::Loan loan, const ValueStorage& storage);

  std::optional<ConnectionPool::Loan> loan_;  // nothing within a transaction of this thread
  SqliteDatabase* database_;
  const ValueStorage* storage_;
};

}  // namespace repomap
