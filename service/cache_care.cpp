// SPDX-License-Identifier: Apache-2.0
#include "service/cache_care.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

#include "core/base/file_system.hpp"
#include "core/cache/memory_backend.hpp"
#include "service/manifest_cache.hpp"

namespace repomap {
namespace {

constexpr std::size_t kPageEntries = 1000;
constexpr std::string_view kFileTag = "file:";

/// Free pages that a repair gives back at once: 256 MiB of pages of 4 KiB.
constexpr std::size_t kCompactPages = 65'536;

/// Directories with a damaged database that was put aside.
std::size_t count_quarantines(ShardedStore& store) {
  std::size_t count = 0;
  for (std::size_t shard = 0; shard < store.shard_count(); ++shard) {
    const auto entries =
        make_posix_file_system()->list_directory(join_path(store.shard(shard).directory(), "quarantine"));
    count += entries ? entries->size() : 0;
  }
  return count;
}

/// Calls `visit` with each entry of a store, until it gives false.
template <typename Visit>
Status visit_entries(ShardedStore& store, const Visit& visit) {
  for (std::size_t shard = 0; shard < store.shard_count(); ++shard) {
    std::int64_t after = 0;
    while (true) {
      REPOMAP_ASSIGN(std::vector<EntrySummary> page, list_entries(store.shard(shard), after, kPageEntries));
      if (page.empty()) {
        break;
      }
      after = page.back().entry;
      for (EntrySummary& entry : page) {
        visit(std::move(entry));
      }
    }
  }
  return {};
}

bool matches(const EntrySummary& entry, const std::string& text) {
  return text.empty() || entry.key.to_display().contains(text) ||
         std::ranges::any_of(entry.tags, [&text](const CacheTag& tag) { return tag.label.contains(text); });
}

bool is_before(const CacheListEntry& left, const CacheListEntry& right, CacheOrder order) {
  switch (order) {
    case CacheOrder::kNewest: return left.summary.stored > right.summary.stored;
    case CacheOrder::kOldest: return left.summary.stored < right.summary.stored;
    case CacheOrder::kLargest: return left.summary.size_bytes > right.summary.size_bytes;
  }
  return false;
}

/// Keeps the first `limit` entries in that order; 0: all.
void keep_first(std::vector<CacheListEntry>& entries, CacheOrder order, std::size_t limit) {
  std::ranges::stable_sort(entries,
                           [order](const auto& left, const auto& right) { return is_before(left, right, order); });
  if (limit > 0 && entries.size() > limit) {
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(limit), entries.end());
  }
}

std::string text_of(CacheValue value) {
  if (auto* bytes = std::get_if<std::string>(&value)) {
    return std::move(*bytes);
  }
  return std::visit([](const auto& number) { return fmt::format("{}", number); }, value);
}

std::uint64_t volume_of(ShardedStore* store) { return store == nullptr ? 0 : store->volume().value_or(0); }

}  // namespace

Result<ShardedStore*> CacheCare::store(CacheKind kind) {
  if (!caches_.exists(kind)) {
    return nullptr;
  }
  if (ShardedStore* store = caches_.store(kind)) {
    return store;
  }
  const auto notices = caches_.notices();
  return fail(ErrorCode::kIo, notices.empty() ? fmt::format("{} cannot be used at present", caches_.directory(kind))
                                              : fmt::format("{}", fmt::join(notices, "; ")));
}

std::vector<CacheKindStats> CacheCare::stats(std::span<const CacheKind> kinds) {
  std::vector<CacheKindStats> all;
  for (const CacheKind kind : kinds) {
    CacheKindStats stats;
    stats.kind = kind;
    stats.directory = caches_.directory(kind);
    stats.settings = caches_.profile().settings(kind);
    if (stats.directory.empty() || caches_.exists(kind)) {
      stats.stats = caches_.backend(kind).stats();
    }
    const auto found = store(kind);
    if (found && *found != nullptr) {
      const StoreStats counted = (*found)->stats();
      stats.expirations = counted.expirations;
      stats.damaged = counted.damaged;
      stats.quarantined = count_quarantines(**found);
    } else if (!found) {
      stats.trouble = found.error().message;
    }
    all.push_back(std::move(stats));
  }
  return all;
}

// The tiers on disk may count over all processes; what the tiers together count is this process's.
CacheUse CacheCare::use() const {
  CacheUse use;
  for (const KindStats& kind : caches_.stats()) {
    use.hits += kind.stats.hits;
    use.misses += kind.stats.misses;
    const auto memory = std::ranges::find(kind.stats.tiers, "memory", &BackendStats::name);
    use.memory_hits += memory == kind.stats.tiers.end() ? 0 : memory->hits;
  }
  return use;
}

Result<std::optional<CacheFinding>> CacheCare::get(CacheKind kind, const CacheKey& key) {
  REPOMAP_ASSIGN(ShardedStore* const store, this->store(kind));
  if (store == nullptr) {
    return std::nullopt;
  }
  DiskStore& shard = store->shard_of(key);
  REPOMAP_ASSIGN(const auto summary, find_entry(shard, key));
  REPOMAP_ASSIGN(auto stored, shard.get(key));
  if (!summary || !stored) {
    return std::nullopt;
  }
  return CacheFinding{*summary, text_of(std::move(stored->value))};
}

std::vector<CacheRemoval> CacheCare::remove(std::span<const CacheKind> kinds, const Work& work) {
  std::vector<CacheRemoval> removals;
  for (const CacheKind kind : kinds) {
    CacheRemoval removal;
    removal.kind = kind;
    const auto found = store(kind);
    if (!found) {
      removal.trouble = found.error().message;
    } else if (*found != nullptr) {
      removal.bytes_before = volume_of(*found);
      Removal done = work(**found);
      removal.removed = done.removed;
      removal.trouble = done.status ? "" : done.status.error().message;
      for (std::size_t shard = 0; done.removed > 0 && shard < (*found)->shard_count(); ++shard) {
        // Space that is not given back now is used again later.
        static_cast<void>(StoreMaintenance((*found)->shard(shard)).compact(kCompactPages));
      }
      removal.bytes_after = volume_of(*found);
    }
    removals.push_back(std::move(removal));
  }
  return removals;
}

std::vector<CacheRemoval> CacheCare::evict(std::span<const CacheKind> kinds, const CacheTag& tag,
                                           const std::string& root) {
  const std::array tags = {tag};
  auto removals = remove(kinds, [&tags](ShardedStore& store) { return store.evict(tags); });
  for (CacheRemoval& removal : removals) {
    if (caches_.memory(removal.kind) != nullptr) {
      static_cast<void>(caches_.memory(removal.kind)->evict(tags));
    }
    const bool has_manifest = removal.kind == CacheKind::kRepoScan && caches_.exists(removal.kind);
    if (has_manifest && tag.label.starts_with(kFileTag)) {
      removal.removed += ManifestCache(caches_.backend(removal.kind)).forget(root, tag.label.substr(kFileTag.size()));
    }
  }
  return removals;
}

std::vector<CacheRemoval> CacheCare::clear(std::span<const CacheKind> kinds) {
  auto removals = remove(kinds, [](ShardedStore& store) { return store.clear(); });
  for (const CacheKind kind : kinds) {
    if (caches_.exists(kind) && caches_.memory(kind) != nullptr) {
      static_cast<void>(caches_.memory(kind)->clear());
    }
  }
  return removals;
}

std::vector<CacheRemoval> CacheCare::expire(std::span<const CacheKind> kinds) {
  return remove(kinds, [](ShardedStore& store) { return store.expire(); });
}

std::vector<CacheRemoval> CacheCare::cull(std::span<const CacheKind> kinds) {
  return remove(kinds, [](ShardedStore& store) { return store.cull(); });
}

Status CacheCare::check_store(ShardedStore& store, Repair repair, CacheCheck& check) {
  for (std::size_t shard = 0; shard < store.shard_count(); ++shard) {
    StoreMaintenance maintenance(store.shard(shard));
    REPOMAP_ASSIGN(auto problems, maintenance.check(repair));
    std::ranges::move(problems, std::back_inserter(check.problems));
    if (repair == Repair::kYes) {
      REPOMAP_TRY(maintenance.compact(kCompactPages));
    }
  }
  REPOMAP_ASSIGN(check.items, store.count());
  return {};
}

std::vector<CacheCheck> CacheCare::check(std::span<const CacheKind> kinds, Repair repair) {
  std::vector<CacheCheck> checks;
  for (const CacheKind kind : kinds) {
    CacheCheck check;
    check.kind = kind;
    const auto found = store(kind);
    if (!found) {
      check.trouble = found.error().message;
    } else if (*found != nullptr) {
      const Status checked = check_store(**found, repair, check);
      check.trouble = checked ? "" : checked.error().message;
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

CacheListing CacheCare::inspect(const CacheQuery& query) {
  CacheListing listing;
  for (const CacheKind kind : query.kinds) {
    const auto found = store(kind);
    if (!found) {
      listing.troubles.push_back(found.error().message);
      continue;
    }
    if (*found == nullptr) {
      continue;
    }
    const Status visited = visit_entries(**found, [&](EntrySummary entry) {
      if (matches(entry, query.text)) {
        ++listing.found;
        listing.size_bytes += entry.size_bytes;
        listing.entries.push_back({kind, std::move(entry)});
      }
    });
    if (!visited) {
      listing.troubles.push_back(visited.error().message);
    }
    keep_first(listing.entries, query.order, query.limit);
  }
  return listing;
}

}  // namespace repomap
