// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/mutex.hpp"
#include "core/cache/cache_manager.hpp"
#include "core/cache/graph_cache.hpp"
#include "core/cache/lease_table.hpp"
#include "core/cache/map_cache.hpp"
#include "core/cache/scan_cache.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/cache/tree_cache.hpp"
#include "service/manifest_cache.hpp"
#include "service/query_cache.hpp"
#include "service/symbols_base.hpp"

namespace repomap {

/// The typed caches over the backends of a manager, each made when it is first needed. Borrows the manager; the caches
/// live as long as this. Thread-safe.
class ServiceCaches {
 public:
  explicit ServiceCaches(CacheManager& manager) : manager_(manager) {}

  ManifestCache& manifests() EXCLUDES(mutex_) { return ensure(manifests_, CacheKind::kRepoScan); }
  ScanCache& scans() EXCLUDES(mutex_) { return ensure(scans_, CacheKind::kScan); }
  TagCache& tags() EXCLUDES(mutex_) { return ensure(tags_, CacheKind::kTags); }
  GraphCache& graphs() EXCLUDES(mutex_) { return ensure(graphs_, CacheKind::kGraph); }
  SymbolsBaseCache& bases() EXCLUDES(mutex_) { return ensure(bases_, CacheKind::kGraph); }
  MapCache& maps() EXCLUDES(mutex_) { return ensure(maps_, CacheKind::kMaps); }
  TreeCache& trees() EXCLUDES(mutex_) { return ensure(trees_, CacheKind::kTrees); }
  QueryCache& queries() EXCLUDES(mutex_) { return ensure(queries_, CacheKind::kQuery); }

  /// Null where there is no store for them.
  LeaseTable* leases() EXCLUDES(mutex_);

  CacheManager& manager() { return manager_; }

 private:
  template <typename Cache>
  Cache& ensure(std::optional<Cache>& cache, CacheKind kind) EXCLUDES(mutex_) {
    CacheBackend& backend = manager_.backend(kind);
    MutexLock lock(mutex_);
    return cache ? *cache : cache.emplace(backend);
  }

  CacheManager& manager_;

  Mutex mutex_;  // over which of these are there; each is thread-safe itself
  std::optional<ManifestCache> manifests_;
  std::optional<ScanCache> scans_;
  std::optional<TagCache> tags_;
  std::optional<GraphCache> graphs_;
  std::optional<SymbolsBaseCache> bases_;
  std::optional<MapCache> maps_;
  std::optional<TreeCache> trees_;
  std::optional<QueryCache> queries_;
  std::optional<LeaseTable> leases_ GUARDED_BY(mutex_);
};

}  // namespace repomap
