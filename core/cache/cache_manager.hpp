// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_backend.hpp"
#include "core/cache/cache_kind.hpp"
#include "core/cache/cache_profile.hpp"
#include "core/cache/memory_monitor.hpp"
#include "core/cache/tiered_cache.hpp"

namespace repomap {

class DiskTier;
class MemoryBackend;
class ShardedStore;

/// Makes a tier behind those of this machine; null where a kind shall have none. Called when the kind is first used.
using TierFactory = std::function<Result<std::unique_ptr<CacheBackend>>(CacheKind, const CacheSettings&)>;

struct CacheManagerConfig {
  CacheProfile profile;
  std::string repository;                ///< where nothing may be written; "": there is none
  std::vector<TierFactory> extra_tiers;  ///< nearest first
  TieredCacheSettings tiers;
  const Clock* clock = &system_clock();  ///< outlives the manager
};

/// What one kind has done, of all its tiers (BackendStats::tiers).
struct KindStats {
  CacheKind kind = CacheKind::kTags;
  std::string directory;  ///< "" without a store on disk
  BackendStats stats;
};

/// Builds the tiers of each kind from a profile: memory, then disk at <root>/v1/<kind>, then the extra ones.
///
/// A kind is opened when it is first asked for, so that a program pays only for those it uses. Nothing that is wrong
/// with the disk fails a request or this manager: such a kind works in memory, the disk is tried again every now and
/// then, and notices() says why. Owns all tiers; they live as long as the manager. Thread-safe.
class CacheManager {
 public:
  /// Touches no file. Errors: kInvalidArgument for a profile that cannot be, and for a root inside the repository.
  static Result<std::unique_ptr<CacheManager>> open(CacheManagerConfig config);
  ~CacheManager();
  CacheManager(const CacheManager&) = delete;
  CacheManager& operator=(const CacheManager&) = delete;

  CacheBackend& backend(CacheKind kind);

  /// The tier in memory of a kind, or null where it has none.
  MemoryBackend* memory(CacheKind kind);

  /// The store on disk of a kind, for what only a store has, or null where it cannot be used at present.
  ShardedStore* store(CacheKind kind);

  /// Where the store of a kind lies, also if it does not exist; "" without a root.
  std::string directory(CacheKind kind) const;

  /// Whether the kind has a store on disk, without opening or making it.
  bool exists(CacheKind kind) const;

  const CacheProfile& profile() const { return config_.profile; }

  /// From now on the tiers in memory together follow what memory there is (MemoryMonitor), also those opened later;
  /// each gets the share that its settings have of all. Call it at most once, before threads use the manager.
  void monitor_memory(const MemoryMonitorSettings& settings, std::unique_ptr<MemoryPressureSource> source);

  /// Looks now, for those whose monitor has no thread.
  void check_memory();

  /// What the monitor has seen and done; nothing without one.
  std::optional<MemoryMonitorStats> memory_stats() const;

  /// Of the kinds that have been opened, in the order of the enumeration.
  std::vector<KindStats> stats() const;

  /// What a user should know: why something is kept in memory only, what lies in the root besides. In order, each once.
  std::vector<std::string> notices() const;

 private:
  struct Stack;
  class AllMemory;
  explicit CacheManager(CacheManagerConfig config);
  Stack& stack(CacheKind kind) EXCLUDES(mutex_);
  std::unique_ptr<Stack> build(CacheKind kind);
  std::unique_ptr<DiskTier> open_disk(CacheKind kind, const CacheSettings& settings);
  void note_failure(CacheKind kind, const Error& error) EXCLUDES(mutex_);
  void check_root() EXCLUDES(mutex_);
  void add_extra_tiers(CacheKind kind, const CacheSettings& settings,
                       std::vector<std::unique_ptr<CacheBackend>>& tiers);
  void notice(std::string text) EXCLUDES(mutex_);
  std::vector<std::pair<CacheKind, const Stack*>> opened() const EXCLUDES(mutex_);

  const CacheManagerConfig config_;

  mutable Mutex mutex_;
  std::array<std::unique_ptr<Stack>, kAllCacheKinds.size()> stacks_ GUARDED_BY(mutex_);  // each set once
  bool is_root_checked_ GUARDED_BY(mutex_) = false;
  bool has_root_failed_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> notices_ GUARDED_BY(mutex_);

  // Set once, by monitor_memory(). The monitor is the last member: stopped before what it uses is destroyed.
  std::unique_ptr<AllMemory> all_memory_;
  std::unique_ptr<MemoryMonitor> monitor_;
};

}  // namespace repomap
