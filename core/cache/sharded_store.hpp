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
#include "core/cache/cache_tag.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/store_types.hpp"

namespace repomap {

/// Several DiskStores that share the keys among them by hash, so that as many writers can write at once.
///
/// The number of shards is fixed when the store is made and remembered; asked for another one later, the store keeps
/// its own and says so in the log. One shard is the directory itself, more are the directories "000", "001", … in it.
/// The size limit of the settings is that of all shards together. A transaction is of one shard: of shard_of(key).
/// Thread-safe. Operations on many keys or shards go on after a shard has failed, and then give the first failure.
class ShardedStore {
 public:
  /// Opens or makes the store. Errors: as for DiskStore::open().
  static Result<std::unique_ptr<ShardedStore>> open(const DiskStoreConfig& config);

  /// The shard that has, or would have, this key: for all operations on single keys, and for transactions.
  DiskStore& shard_of(const CacheKey& key) const { return *shards_[shard_index(key)]; }
  std::size_t shard_index(const CacheKey& key) const;
  std::size_t shard_count() const { return shards_.size(); }
  DiskStore& shard(std::size_t index) const { return *shards_[index]; }

  Result<std::vector<std::optional<StoredEntry>>> get_many(std::span<const CacheKey> keys);
  /// One transaction for each shard.
  Status put_many(std::span<const StoreItem> items);
  Result<std::size_t> erase_many(std::span<const CacheKey> keys);

  // Sums over the shards.

  Removal evict(std::span<const CacheTag> tags);
  Removal expire();
  Removal cull();
  Removal clear();
  Result<std::size_t> count();
  Result<std::uint64_t> volume();
  StoreStats stats();
  Status reset_stats();

  /// Changes the settings of all shards. The number of shards stays.
  Status change_settings(const CacheSettings& settings);
  CacheSettings settings() const { return shards_.front()->settings(); }
  const std::string& directory() const { return directory_; }

 private:
  ShardedStore(std::string directory, std::vector<std::unique_ptr<DiskStore>> shards)
      : directory_(std::move(directory)), shards_(std::move(shards)) {}

  /// For each shard the positions of its keys.
  template <typename KeyOf>
  std::vector<std::vector<std::size_t>> positions(std::size_t count, KeyOf&& key_of) const;
  template <typename Operation>
  Removal sum(Operation&& operation);

  std::string directory_;
  std::vector<std::unique_ptr<DiskStore>> shards_;  // never empty
};

}  // namespace repomap
