// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_manager.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/base/mount.hpp"
#include "core/cache/cache_location.hpp"
#include "core/cache/disk_tier.hpp"
#include "core/cache/memory_backend.hpp"

namespace repomap {
namespace {

/// Without a limit for 0 bytes: a durable kind that has no store loses nothing while the program runs.
std::unique_ptr<MemoryBackend> make_memory(const CacheSettings& settings, const Clock& clock) {
  MemoryBackendSettings memory;
  memory.limit_bytes = settings.l1_bytes;
  memory.limit_items = settings.l1_bytes == 0 ? 0 : settings.l1_items;
  return std::make_unique<MemoryBackend>(memory, clock);
}

}  // namespace

/// The tiers of one kind. The pointers are into the cache.
struct CacheManager::Stack {
  std::unique_ptr<TieredCache> cache;
  MemoryBackend* memory = nullptr;
  DiskTier* disk = nullptr;
};

/// The tiers in memory of all kinds as one. Until a limit is set each has that of its settings.
class CacheManager::AllMemory final : public MemoryConsumer {
 public:
  explicit AllMemory(const CacheManager& manager) : manager_(manager) {
    for (const CacheKind kind : kAllCacheKinds) {
      configured_bytes_ += manager.profile().settings(kind).l1_bytes;
    }
  }

  std::uint64_t configured_bytes() const { return configured_bytes_; }

  std::uint64_t size_bytes() const override {
    std::uint64_t sum = 0;
    for (const auto& [kind, stack] : manager_.opened()) {
      sum += stack->memory == nullptr ? 0 : stack->memory->size_bytes();
    }
    return sum;
  }

  void set_limit_bytes(std::uint64_t limit_bytes) override {
    limit_bytes_ = limit_bytes;
    for (const auto& [kind, stack] : manager_.opened()) {
      apply(kind, *stack);
    }
  }

  /// Gives a kind its share. Called again by whoever opens it, so that none is left out.
  void apply(CacheKind kind, const Stack& stack) const {
    const std::uint64_t own_bytes = manager_.profile().settings(kind).l1_bytes;
    const std::uint64_t limit_bytes = limit_bytes_;
    if (limit_bytes > 0 && own_bytes > 0 && stack.memory != nullptr) {
      const double share = static_cast<double>(own_bytes) / static_cast<double>(configured_bytes_);
      const auto bytes = static_cast<std::uint64_t>(static_cast<double>(limit_bytes) * share);
      stack.memory->set_limit_bytes(std::max<std::uint64_t>(1, bytes));
    }
  }

 private:
  const CacheManager& manager_;
  std::uint64_t configured_bytes_ = 0;          // fixed after construction
  std::atomic<std::uint64_t> limit_bytes_ = 0;  // 0: that of the settings
};

Result<std::unique_ptr<CacheManager>> CacheManager::open(CacheManagerConfig config) {
  REPOMAP_TRY(config.profile.validate());
  REPOMAP_TRY(check_outside(config.profile.root, config.repository));
  return std::unique_ptr<CacheManager>(new CacheManager(std::move(config)));
}

CacheManager::CacheManager(CacheManagerConfig config) : config_(std::move(config)) {}

CacheManager::~CacheManager() = default;

CacheManager::Stack& CacheManager::stack(CacheKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  {
    const MutexLock lock(mutex_);
    if (stacks_[index]) {
      return *stacks_[index];
    }
  }
  // Threads that come at the same time each build one; the first one's stays.
  std::unique_ptr<Stack> built = build(kind);
  Stack* kept = nullptr;
  {
    const MutexLock lock(mutex_);
    if (!stacks_[index]) {
      stacks_[index] = std::move(built);
    }
    kept = stacks_[index].get();
  }
  if (all_memory_) {
    all_memory_->apply(kind, *kept);
  }
  return *kept;
}

void CacheManager::monitor_memory(const MemoryMonitorSettings& settings, std::unique_ptr<MemoryPressureSource> source) {
  auto all_memory = std::make_unique<AllMemory>(*this);
  if (all_memory->configured_bytes() == 0) {
    return;
  }
  all_memory_ = std::move(all_memory);
  monitor_ = std::make_unique<MemoryMonitor>(
      std::vector<MemoryShare>{{all_memory_.get(), all_memory_->configured_bytes()}}, settings, std::move(source));
}

void CacheManager::check_memory() {
  if (monitor_) {
    monitor_->check();
  }
}

std::optional<MemoryMonitorStats> CacheManager::memory_stats() const {
  return monitor_ ? std::optional(monitor_->stats()) : std::nullopt;
}

std::unique_ptr<CacheManager::Stack> CacheManager::build(CacheKind kind) {
  CacheSettings settings = config_.profile.settings(kind);
  auto stack = std::make_unique<Stack>();
  std::unique_ptr<DiskTier> disk = config_.profile.root.empty() ? nullptr : open_disk(kind, settings);
  const bool is_kept = disk && disk->store() != nullptr && !disk->is_read_only();
  if (settings.l1_bytes == 0 && !is_kept) {
    settings.l1_bytes = CacheProfile().settings(kind).l1_bytes;
  }
  std::vector<std::unique_ptr<CacheBackend>> tiers;
  if (settings.l1_bytes > 0 || !is_kept) {
    auto memory = make_memory(settings, *config_.clock);
    stack->memory = memory.get();
    tiers.push_back(std::move(memory));
  }
  if (disk) {
    stack->disk = disk.get();
    tiers.push_back(std::move(disk));
  }
  add_extra_tiers(kind, settings, tiers);
  stack->cache = std::make_unique<TieredCache>(std::move(tiers), config_.tiers, *config_.clock);
  return stack;
}

std::unique_ptr<DiskTier> CacheManager::open_disk(CacheKind kind, const CacheSettings& settings) {
  DiskStoreConfig config;
  config.directory = directory(kind);
  config.settings = settings;
  config.clock = config_.clock;
  auto disk = std::make_unique<DiskTier>(std::move(config));
  if (const Status opened = disk->ensure_open(); !opened) {
    note_failure(kind, opened.error());
  } else if (disk->is_read_only()) {
    notice(fmt::format("{}: read-only, so what is new is kept in memory only", config_.profile.root));
  }
  check_root();
  return disk;
}

// A store that is not ours is a matter of its kind; anything else is wrong with the root, and said once.
void CacheManager::note_failure(CacheKind kind, const Error& error) {
  if (error.code == ErrorCode::kUnsupported) {
    notice(fmt::format("{} are kept in memory only: {}", cache_kind_name(kind), error.message));
    return;
  }
  {
    const MutexLock lock(mutex_);
    if (std::exchange(has_root_failed_, true)) {
      return;
    }
  }
  notice(fmt::format("{} cannot be used, so the cache is in memory: {}", config_.profile.root, error.message));
}

void CacheManager::add_extra_tiers(CacheKind kind, const CacheSettings& settings,
                                   std::vector<std::unique_ptr<CacheBackend>>& tiers) {
  for (const TierFactory& factory : config_.extra_tiers) {
    auto tier = factory(kind, settings);
    if (!tier) {
      notice(fmt::format("a tier of {} is missing: {}", cache_kind_name(kind), tier.error().message));
    } else if (*tier) {
      tiers.push_back(std::move(*tier));
    }
  }
}

void CacheManager::check_root() {
  {
    const MutexLock lock(mutex_);
    if (std::exchange(is_root_checked_, true)) {
      return;
    }
  }
  const std::string& root = config_.profile.root;
  if (const auto others = other_layouts(root); !others.empty()) {
    notice(fmt::format("{}: there are caches of other versions, which are left as they are: {}", root,
                       fmt::join(others, ", ")));
  }
  if (const auto mount = mount_of(root); mount && mount->kind == MountKind::kNetwork) {
    notice(
        fmt::format("{} is on a network file system ({}), where the cache is slower: REPO_MAP_CACHE_DIR can put it "
                    "on a local disk",
                    root, mount->name));
  }
}

void CacheManager::notice(std::string text) {
  const MutexLock lock(mutex_);
  if (std::ranges::find(notices_, text) == notices_.end()) {
    notices_.push_back(std::move(text));
  }
}

CacheBackend& CacheManager::backend(CacheKind kind) { return *stack(kind).cache; }

MemoryBackend* CacheManager::memory(CacheKind kind) { return stack(kind).memory; }

ShardedStore* CacheManager::store(CacheKind kind) {
  DiskTier* const disk = stack(kind).disk;
  if (disk == nullptr || !disk->ensure_open()) {
    return nullptr;
  }
  return disk->store();
}

std::string CacheManager::directory(CacheKind kind) const {
  return config_.profile.root.empty()
             ? ""
             : fmt::format("{}/{}/{}", config_.profile.root, kCacheLayout, cache_kind_name(kind));
}

bool CacheManager::exists(CacheKind kind) const {
  const std::string path = directory(kind);
  return !path.empty() && make_posix_file_system()->stat(path).has_value();
}

std::vector<std::pair<CacheKind, const CacheManager::Stack*>> CacheManager::opened() const {
  std::vector<std::pair<CacheKind, const Stack*>> opened;
  {
    const MutexLock lock(mutex_);
    for (const CacheKind kind : kAllCacheKinds) {
      if (const auto& built = stacks_[static_cast<std::size_t>(kind)]) {
        opened.emplace_back(kind, built.get());
      }
    }
  }
  return opened;
}

std::vector<KindStats> CacheManager::stats() const {
  std::vector<KindStats> stats;
  for (const auto& [kind, built] : opened()) {
    stats.push_back({kind, built->disk == nullptr ? "" : directory(kind), built->cache->stats()});
  }
  return stats;
}

std::vector<std::string> CacheManager::notices() const {
  const MutexLock lock(mutex_);
  return notices_;
}

}  // namespace repomap
