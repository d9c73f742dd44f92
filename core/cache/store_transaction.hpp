// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/stored_value.hpp"

namespace repomap {

class SqliteDatabase;
class ValueWriter;
struct WriteSession;

/// All changes of an entry, and any number of them as one: they are all made by commit(), or none is.
///
/// Made by DiskStore::begin(); holds the store's only right to write until it ends, so it should be short. What is not
/// committed when it is destroyed is undone, value files included. Used by the thread that began it; a begin() of the
/// same thread meanwhile, and every operation of DiskStore by it, is nested in this one. In a process forked meanwhile
/// every operation fails. A failed write (not a refused one: kNotFound, kInvalidArgument, kLimitExceeded) makes
/// commit() fail with the same error.
///
/// Expired entries do not exist for any of these operations.
class StoreTransaction {
 public:
  StoreTransaction(StoreTransaction&& other) noexcept;
  ~StoreTransaction();
  StoreTransaction(const StoreTransaction&) = delete;
  StoreTransaction& operator=(const StoreTransaction&) = delete;
  StoreTransaction& operator=(StoreTransaction&&) = delete;

  /// Makes the changes visible to all (of a nested one: to the outer one). Errors: kBusy, kNoSpace, kIo …; then they
  /// are undone. REQUIRES: transactions nested in this one have ended.
  Status commit();
  void rollback();

  // One entry.

  Result<std::optional<StoredEntry>> get(const CacheKey& key);
  Result<bool> contains(const CacheKey& key);

  /// Stores the value in the place of what the key had, but keeps its place in the order of insertion.
  /// Errors: kLimitExceeded if it is larger than the store's limit.
  Status set(const CacheKey& key, const CacheValue& value, const EntryOptions& options = {});
  /// The same for what was streamed into a value file.
  Status set_streamed(const CacheKey& key, ValueWriter&& value, const EntryOptions& options = {});
  /// Stores the value if the key has none; tells whether it did.
  Result<bool> add(const CacheKey& key, const CacheValue& value, const EntryOptions& options = {});
  /// Gives the entry another end, or none; tells whether there was one. Nothing else of it changes.
  Result<bool> touch(const CacheKey& key, std::optional<Clock::WallTime> expires);
  /// Adds to a number, which keeps its tags and expiry; a missing one starts as `initial` without either. Gives the
  /// sum. Errors: kNotFound where it is missing and there is no `initial`, kInvalidArgument for bytes and reals,
  /// kLimitExceeded for a sum that does not fit 64 bits. The value is then as it was.
  Result<std::int64_t> increment(const CacheKey& key, std::int64_t delta = 1, std::optional<std::int64_t> initial = 0);
  Result<bool> erase(const CacheKey& key);
  /// The live entry that was inserted last (kBackward) or first, or nothing. Expired ones on the way are removed.
  Result<std::optional<KeyedEntry>> peek(KeyDirection from);
  /// Reads and removes.
  Result<std::optional<StoredEntry>> pop(const CacheKey& key);

  // Many entries.

  Result<std::vector<std::optional<StoredEntry>>> get_many(std::span<const CacheKey> keys);
  /// Stores all but those that are larger than the limit; their keys have no entry afterwards, and the call fails with
  /// kLimitExceeded, which does not keep the others from being committed.
  Status put_many(std::span<const StoreItem> items);
  Result<std::size_t> erase_many(std::span<const CacheKey> keys);
  /// Removes the entries that carry any of the tags, at most `limit`.
  Result<std::size_t> evict(std::span<const CacheTag> tags, std::size_t limit);

  // For tables of one's own (queues, leases …), in the same transaction:
  //
  //   REPOMAP_ASSIGN(StoreTransaction transaction, store.begin());
  //   REPOMAP_ASSIGN(ValueColumns columns, transaction.store_value(value));
  //   {
  //     REPOMAP_ASSIGN(SqliteQuery insert, transaction.database().query("INSERT INTO queue(…) VALUES(?1, …, ?6)"));
  //     bind_value(insert, 2, columns);
  //     REPOMAP_TRY(insert.bind(1, number).run());
  //   }
  //   return transaction.commit();
  //
  // Queries are prepared once per connection and must be gone before the transaction ends. To read,
  // DiskStore::snapshot() needs no right to write.

  SqliteDatabase& database();
  /// Tells commit() to fail: a change was made by half.
  void set_failed(const Error& error);
  /// The columns of a value; a large one is in a file afterwards, which commit() keeps and rollback removes. The views
  /// are of `value` or of this transaction and good until the next store_value.
  Result<ValueColumns> store_value(const CacheValue& value);
  /// The value in those columns. Errors: kCorrupt, kNotFound for a missing file.
  Result<CacheValue> load_value(const ValueColumns& columns);
  /// The row with this value goes: its file, if it has one, is removed after the outermost commit.
  Status drop_value(const ValueColumns& columns);

 private:
  friend class DiskStore;
  explicit StoreTransaction(WriteSession& session);
  Status check() const;

  WriteSession* session_;
  std::size_t depth_;  // 1: the outermost
  std::uint64_t serial_;
  std::uint64_t generation_;  // of forks, when it began
};

}  // namespace repomap
