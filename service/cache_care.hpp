// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_kind.hpp"
#include "core/cache/cache_manager.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/entry_listing.hpp"
#include "core/cache/sharded_store.hpp"
#include "core/cache/store_maintenance.hpp"

namespace repomap {

/// What is known of one kind.
struct CacheKindStats {
  CacheKind kind = CacheKind::kTags;
  std::string directory;          ///< where its store lies or would lie; "": it is in memory only
  CacheSettings settings;         ///< in force
  BackendStats stats;             ///< of all tiers together; without tiers where nothing is stored yet
  std::uint64_t expirations = 0;  ///< expired entries removed by this process
  std::uint64_t damaged = 0;      ///< damaged entries removed by this process
  std::string trouble;            ///< why its store cannot be used at all; "" if it can
  std::size_t quarantined = 0;    ///< damaged databases that were put aside and are still there
};

/// What a removal has done to one kind.
struct CacheRemoval {
  CacheKind kind = CacheKind::kTags;
  std::size_t removed = 0;         ///< entries; also those before a failure
  std::uint64_t bytes_before = 0;  ///< on disk
  std::uint64_t bytes_after = 0;
  std::string trouble;  ///< why not all went; "" if it did
};

/// What a check of one kind has found.
struct CacheCheck {
  CacheKind kind = CacheKind::kTags;
  std::size_t items = 0;
  std::vector<StoreProblem> problems;
  std::string trouble;  ///< why it could not be checked; "" if it was
};

struct CacheListEntry {
  CacheKind kind = CacheKind::kTags;
  EntrySummary summary;
};

enum class CacheOrder : std::uint8_t { kNewest, kOldest, kLargest };

/// Which entries to list.
struct CacheQuery {
  std::vector<CacheKind> kinds;
  std::string text;  ///< only those whose key, as it is shown, or one of whose tags contains it; "": all
  CacheOrder order = CacheOrder::kNewest;
  std::size_t limit = 0;  ///< 0: no limit
};

struct CacheListing {
  std::vector<CacheListEntry> entries;
  std::size_t found = 0;         ///< also those beyond the limit
  std::uint64_t size_bytes = 0;  ///< of the values of all that were found
  std::vector<std::string> troubles;
};

/// An entry with its value.
struct CacheFinding {
  EntrySummary summary;
  std::string value;
};

/// What this process has looked up in all kinds.
struct CacheUse {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t memory_hits = 0;  ///< of the hits
};

/// Care for the caches of a service: what people do with them at the command line. Never on the way of a request.
///
/// Works on the stores on disk, which other processes go on using, and keeps the tiers of this process in step. A kind
/// that has nothing on disk stays so: nothing is made in order to be looked at. A kind that cannot be opened is
/// reported as such, and the others are done. Borrows the caches. Used by one thread.
class CacheCare {
 public:
  explicit CacheCare(CacheManager& caches) : caches_(caches) {}

  std::vector<CacheKindStats> stats(std::span<const CacheKind> kinds);

  CacheUse use() const;

  /// The live entry of a key, or nothing. Errors: those of opening and reading the store.
  Result<std::optional<CacheFinding>> get(CacheKind kind, const CacheKey& key);

  /// Removes the entries with that tag. With "file:<path>" and CacheKind::kRepoScan among the kinds the file's row in
  /// the manifest of the repository at `root` goes too, and counts, so that the next request reads the file again.
  std::vector<CacheRemoval> evict(std::span<const CacheKind> kinds, const CacheTag& tag, const std::string& root);

  /// Removes all entries. Queues and leases stay.
  std::vector<CacheRemoval> clear(std::span<const CacheKind> kinds);

  /// Removes what has expired.
  std::vector<CacheRemoval> expire(std::span<const CacheKind> kinds);

  /// Removes what has expired, and then as much as brings each store within its limit.
  std::vector<CacheRemoval> cull(std::span<const CacheKind> kinds);

  /// What is wrong with the stores. With Repair::kYes it is mended, and free pages are given back.
  std::vector<CacheCheck> check(std::span<const CacheKind> kinds, Repair repair);

  CacheListing inspect(const CacheQuery& query);

 private:
  using Work = std::function<Removal(ShardedStore&)>;

  /// The store of a kind; null where there is none on disk. Errors: why it cannot be used.
  Result<ShardedStore*> store(CacheKind kind);
  std::vector<CacheRemoval> remove(std::span<const CacheKind> kinds, const Work& work);
  Status check_store(ShardedStore& store, Repair repair, CacheCheck& check);

  CacheManager& caches_;
};

}  // namespace repomap
