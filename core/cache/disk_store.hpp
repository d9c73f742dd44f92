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

namespace repomap {

class StoreSnapshot;
class ValueReader;
class ValueWriter;

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

  const std::string& directory() const;
  const Clock& clock() const;
  /// The settings in force: also those that another handle has changed, from this handle's next write on.
  CacheSettings settings() const;

 private:
  struct State;
  explicit DiskStore(std::unique_ptr<State> state);
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
