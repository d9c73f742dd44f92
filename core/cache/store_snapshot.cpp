// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_snapshot.hpp"

#include <utility>

#include "core/cache/value_storage.hpp"

namespace repomap {

StoreSnapshot::StoreSnapshot(SqliteDatabase& database, const ValueStorage& storage)
    : database_(&database), storage_(&storage) {}

Result<StoreSnapshot> StoreSnapshot::begin(ConnectionPool::Loan loan, const ValueStorage& storage) {
  REPOMAP_TRY(loan.database().run("BEGIN"));
  StoreSnapshot snapshot(loan.database(), storage);
  snapshot.loan_.emplace(std::move(loan));
  return snapshot;
}

StoreSnapshot::StoreSnapshot(StoreSnapshot&& other) noexcept
    : loan_(std::move(other.loan_)), database_(std::exchange(other.database_, nullptr)), storage_(other.storage_) {
  other.loan_.reset();
}

StoreSnapshot::~StoreSnapshot() {
  if (loan_) {
    // The end of a transaction that only reads cannot fail in a way that matters.
    static_cast<void>(loan_->database().run("COMMIT"));
  }
}

Result<CacheValue> StoreSnapshot::load_value(const ValueColumns& columns) { return storage_->unpack(columns); }

}  // namespace repomap
