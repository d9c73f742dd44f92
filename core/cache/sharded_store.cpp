// SPDX-License-Identifier: Apache-2.0
#include "core/cache/sharded_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <utility>

#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/cache/store_location.hpp"
#include "core/cache/value_files.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxShards = 256;
constexpr std::uint64_t kLongestCount = 16;
constexpr mode_t kPrivateFile = 0600;

std::string count_path(const std::string& directory) { return join_path(directory, "shards"); }

/// The number in the file "shards", or nothing where there is none.
Result<std::optional<std::size_t>> read_count(const std::string& directory) {
  const auto text = make_posix_file_system()->read_file(count_path(directory), kLongestCount);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return std::nullopt;
  }
  if (!text) {
    return std::unexpected(text.error());
  }
  std::size_t count = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '\n' || count < 2 || count > kMaxShards) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: not a number of shards", count_path(directory)));
  }
  return count;
}

Status write_count(const std::string& directory, std::size_t count) {
  const std::string temporary = count_path(directory) + ".new";
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivateFile);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, fmt::format("create {}", temporary)));
  }
  Status written = write_fully(descriptor, fmt::format("{}\n", count), temporary);
  ::close(descriptor);
  REPOMAP_TRY(std::move(written));
  if (::rename(temporary.c_str(), count_path(directory).c_str()) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("rename {}", temporary)));
  }
  return {};
}

/// How many shards the store has; a new one gets as many as are wanted.
Result<std::size_t> settle_count(const DiskStoreConfig& config) {
  const bool has_wish = config.settings.has_value();
  const std::size_t wanted = has_wish ? config.settings->shards : 1;
  REPOMAP_ASSIGN(std::optional<std::size_t> count, read_count(config.directory));
  const bool is_single = !count && (wanted == 1 || config.access == StoreAccess::kReadOnly);
  if (!count && !is_single) {
    REPOMAP_TRY(make_private_directories(config.directory));
    REPOMAP_ASSIGN(const DirectoryLock lock, DirectoryLock::acquire(config.directory, config.settings->timeout));
    REPOMAP_ASSIGN(count, read_count(config.directory));
    if (!count && identity_of(join_path(config.directory, "cache.db")) == FileIdentity{}) {
      REPOMAP_TRY(write_count(config.directory, wanted));
      count = wanted;
    }
  }
  const std::size_t settled = count.value_or(1);
  if (has_wish && settled != wanted) {
    log_warning(fmt::format("{}: the cache keeps its {} shards instead of {}: their number is fixed when it is made",
                            config.directory, settled, wanted));
  }
  return settled;
}

}  // namespace

Result<std::unique_ptr<ShardedStore>> ShardedStore::open(const DiskStoreConfig& config) {
  REPOMAP_ASSIGN(const std::size_t count, settle_count(config));
  std::vector<std::unique_ptr<DiskStore>> shards;
  for (std::size_t i = 0; i < count; ++i) {
    DiskStoreConfig shard = config;
    shard.directory = count == 1 ? config.directory : join_path(config.directory, fmt::format("{:03}", i));
    if (shard.settings) {
      shard.settings->shards = count;
    }
    REPOMAP_ASSIGN(std::unique_ptr<DiskStore> store, DiskStore::open(std::move(shard)));
    shards.push_back(std::move(store));
  }
  return std::unique_ptr<ShardedStore>(new ShardedStore(config.directory, std::move(shards)));
}

std::size_t ShardedStore::shard_index(const CacheKey& key) const {
  return shards_.size() == 1 ? 0 : hash64_of(key.encoded()) % shards_.size();
}

template <typename KeyOf>
std::vector<std::vector<std::size_t>> ShardedStore::positions(std::size_t count, KeyOf&& key_of) const {
  std::vector<std::vector<std::size_t>> result(shards_.size());
  for (std::size_t i = 0; i < count; ++i) {
    result[shard_index(key_of(i))].push_back(i);
  }
  return result;
}

Result<std::vector<std::optional<StoredEntry>>> ShardedStore::get_many(std::span<const CacheKey> keys) {
  if (shards_.size() == 1) {
    return shards_.front()->get_many(keys);
  }
  std::vector<std::optional<StoredEntry>> entries(keys.size());
  std::optional<Error> failure;
  const auto by_shard = positions(keys.size(), [&](std::size_t i) -> const CacheKey& { return keys[i]; });
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    std::vector<CacheKey> wanted;
    for (const std::size_t i : by_shard[shard]) {
      wanted.push_back(keys[i]);
    }
    auto found = wanted.empty() ? Result<std::vector<std::optional<StoredEntry>>>() : shards_[shard]->get_many(wanted);
    if (!found) {
      failure = failure ? failure : std::optional(std::move(found).error());
      continue;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      entries[by_shard[shard][i]] = std::move((*found)[i]);
    }
  }
  return failure ? Result<std::vector<std::optional<StoredEntry>>>(std::unexpected(*failure)) : std::move(entries);
}

Status ShardedStore::put_many(std::span<const StoreItem> items) {
  if (shards_.size() == 1) {
    return shards_.front()->put_many(items);
  }
  Status result;
  const auto by_shard = positions(items.size(), [&](std::size_t i) -> const CacheKey& { return *items[i].key; });
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    std::vector<StoreItem> own;
    for (const std::size_t i : by_shard[shard]) {
      own.push_back(items[i]);
    }
    Status stored = own.empty() ? Status{} : shards_[shard]->put_many(own);
    result = result ? std::move(stored) : result;
  }
  return result;
}

Result<std::size_t> ShardedStore::erase_many(std::span<const CacheKey> keys) {
  if (shards_.size() == 1) {
    return shards_.front()->erase_many(keys);
  }
  std::size_t erased = 0;
  std::optional<Error> failure;
  const auto by_shard = positions(keys.size(), [&](std::size_t i) -> const CacheKey& { return keys[i]; });
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    std::vector<CacheKey> own;
    for (const std::size_t i : by_shard[shard]) {
      own.push_back(keys[i]);
    }
    auto done = own.empty() ? Result<std::size_t>(0) : shards_[shard]->erase_many(own);
    erased += done.value_or(0);
    failure = failure || done ? failure : std::optional(std::move(done).error());
  }
  return failure ? Result<std::size_t>(std::unexpected(*failure)) : erased;
}

template <typename Operation>
Removal ShardedStore::sum(Operation&& operation) {
  Removal total;
  for (const auto& shard : shards_) {
    Removal part = operation(*shard);
    total.removed += part.removed;
    total.status = total.status ? std::move(part.status) : total.status;
  }
  return total;
}

Removal ShardedStore::evict(std::span<const CacheTag> tags) {
  return sum([&](DiskStore& shard) { return shard.evict(tags); });
}

Removal ShardedStore::expire() {
  return sum([](DiskStore& shard) { return shard.expire(); });
}

Removal ShardedStore::cull() {
  return sum([](DiskStore& shard) { return shard.cull(); });
}

Removal ShardedStore::clear() {
  return sum([](DiskStore& shard) { return shard.clear(); });
}

Result<std::size_t> ShardedStore::count() {
  std::size_t total = 0;
  for (const auto& shard : shards_) {
    REPOMAP_ASSIGN(const std::size_t part, shard->count());
    total += part;
  }
  return total;
}

Result<std::uint64_t> ShardedStore::volume() {
  std::uint64_t total = 0;
  for (const auto& shard : shards_) {
    REPOMAP_ASSIGN(const std::uint64_t part, shard->volume());
    total += part;
  }
  return total;
}

StoreStats ShardedStore::stats() {
  StoreStats total;
  for (const auto& shard : shards_) {
    const StoreStats part = shard->stats();
    total.hits += part.hits;
    total.misses += part.misses;
    total.puts += part.puts;
    total.evictions += part.evictions;
    total.expirations += part.expirations;
    total.damaged += part.damaged;
    total.quarantines += part.quarantines;
  }
  return total;
}

Status ShardedStore::reset_stats() {
  for (const auto& shard : shards_) {
    REPOMAP_TRY(shard->reset_stats());
  }
  return {};
}

Status ShardedStore::change_settings(const CacheSettings& settings) {
  for (const auto& shard : shards_) {
    REPOMAP_TRY(shard->change_settings(settings));
  }
  return {};
}

}  // namespace repomap
