// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/store_transaction.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/value_stream.hpp"

namespace repomap {

class StoreSnapshot;

/// A persistent map from keys to values in one directory: an SQLite database "cache.db", and a file for each large
/// value. Shared by any number of handles, threads and processes (docs/CACHE_FORMAT.md).
///
/// Thread-safe. Borrows the clock. Reads never wait for writers and write nothing; writers wait for each other up to
/// the timeout of the settings and then fail with kBusy. A damaged entry is removed, counted and a miss. A damaged
/// database is put aside into "quarantine/", logged and replaced by an empty one. After a fork both processes can go on
/// with the same handle.
class DiskStore {
 public:
  /// Opens the store in that directory, and makes what is missing, private to the user. An existing store that fits is
  /// not written to. Errors: kUnsupported for a store of another program, version or codec, which is left as it is;
  /// kPermissionDenied, kNoSpace, kBusy, kIo.
  static Result<std::unique_ptr<DiskStore>> open(DiskStoreConfig config);
  ~DiskStore();
  DiskStore(const DiskStore&) = delete;
  DiskStore& operator=(const DiskStore&) = delete;

  /// Waits for the right to write and begins a transaction, or one nested in this thread's present one.
  /// Errors: kBusy after the timeout; kPermissionDenied for a handle that only reads.
  Result<StoreTransaction> begin();

  /// Runs `body(StoreTransaction&)`, which gives a Status or a Result, and commits if that is no error.
  template <typename Body>
  auto transact(Body&& body) -> decltype(body(std::declval<StoreTransaction&>()));

  /// What the store holds at this moment, for several reads that fit together. Keep it short: the WAL grows meanwhile.
  Result<StoreSnapshot> snapshot();

  // Reads. An expired entry is a miss and stays.

  Result<std::optional<StoredEntry>> get(const CacheKey& key);
  Result<bool> contains(const CacheKey& key);
  Result<std::vector<std::optional<StoredEntry>>> get_many(std::span<const CacheKey> keys);

  /// The value as a stream, or nothing. One that lies in the database comes from memory.
  Result<std::optional<ValueReader>> open_value(const CacheKey& key);

  // Writes: each is a transaction of its own around the operation of StoreTransaction.

  Status set(const CacheKey& key, const CacheValue& value, const EntryOptions& options = {});
  Result<bool> add(const CacheKey& key, const CacheValue& value, const EntryOptions& options = {});
  Result<bool> touch(const CacheKey& key, std::optional<Clock::WallTime> expires);
  Result<std::int64_t> increment(const CacheKey& key, std::int64_t delta = 1, std::optional<std::int64_t> initial = 0);
  Result<bool> erase(const CacheKey& key);
  Result<std::optional<StoredEntry>> pop(const CacheKey& key);
  /// A value to be written piece by piece, for set_streamed().
  Result<ValueWriter> new_value();
  Status set_streamed(const CacheKey& key, ValueWriter&& value, const EntryOptions& options = {});
  /// The live entry that was inserted last (kBackward) or first, or nothing. Expired ones on the way are removed.
  Result<std::optional<KeyedEntry>> peek(KeyDirection from);
  Status put_many(std::span<const StoreItem> items);
  Result<std::size_t> erase_many(std::span<const CacheKey> keys);

  // Removals, in transactions of at most 1,000 entries each, so that others can write in between. A failure tells how
  // many are gone.

  /// The entries that carry any of the tags.
  Removal evict(std::span<const CacheTag> tags);
  /// The entries that have expired.
  Removal expire() { return expire(clock().now()); }
  /// The entries that expire at that time or before.
  Removal expire(Clock::WallTime until);
  /// The expired entries, and then as many others, in the order of the policy, as bring the store within its limit.
  Removal cull();
  /// All entries. Queues and leases stay.
  Removal clear();

  /// A page of the keys of entries with that tag, in the order of insertion: at most `limit`, behind the entry `after`
  /// (0 at first). Empty: there are no more. Reads no value; expired entries are left out.
  Result<std::vector<ListedKey>> keys_by_tag(const CacheTag& tag, std::int64_t after, std::size_t limit);

  // What there is.

  /// Entries, expired ones included.
  Result<std::size_t> count();
  /// Bytes on disk: database, write-ahead log and value files.
  Result<std::uint64_t> volume();
  StoreStats stats();
  /// Sets hits and misses to 0, for all handles.
  Status reset_stats();

  const std::string& directory() const;
  const Clock& clock() const;
  /// The settings in force: also those that another handle has changed, from this handle's next write on.
  CacheSettings settings() const;
  /// Remembers other settings, which take effect here at once and in other handles with their next write. What belongs
  /// to connections and the number of shards stay as they are until the store is opened again.
  Status change_settings(const CacheSettings& settings);

 private:
  friend class StoreMaintenance;
  struct State;
  explicit DiskStore(std::unique_ptr<State> state);
  template <typename Body>
  auto write(Body&& body) -> decltype(body(std::declval<StoreTransaction&>()));
  template <typename Body>
  auto read(Body&& body) -> decltype(body(std::declval<SqliteDatabase&>()));
  template <typename Batch>
  Removal remove_in_batches(Batch&& batch);
  Status remove_damaged(const CacheKey& key);
  void note_access(std::int64_t id);

  std::unique_ptr<State> state_;
};

template <typename Body>
auto DiskStore::transact(Body&& body) -> decltype(body(std::declval<StoreTransaction&>())) {
  REPOMAP_ASSIGN(StoreTransaction transaction, begin());
  auto result = body(transaction);
  if (!result) {
    return result;
  }
  REPOMAP_TRY(transaction.commit());
  return result;
}

}  // namespace repomap
