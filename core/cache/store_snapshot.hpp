// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/stored_value.hpp"

namespace repomap {

struct ReadSession;

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

  SqliteDatabase& database();
  /// The value in those columns. Errors: kCorrupt, kNotFound for a missing file.
  Result<CacheValue> load_value(const ValueColumns& columns);

 private:
  friend class DiskStore;
  explicit StoreSnapshot(std::unique_ptr<ReadSession> session);
  std::unique_ptr<ReadSession> session_;
};

}  // namespace repomap
