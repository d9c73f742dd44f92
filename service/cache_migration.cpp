// SPDX-License-Identifier: Apache-2.0
#include "service/cache_migration.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "core/base/file_system.hpp"
#include "core/cache/cache_location.hpp"
#include "core/cache/entry_listing.hpp"
#include "core/cache/sharded_store.hpp"

namespace repomap {
namespace {

constexpr std::size_t kPageEntries = 256;

/// The number of "v12".
unsigned version_of(std::string_view layout) {
  unsigned number = 0;
  std::from_chars(layout.data() + 1, layout.data() + layout.size(), number);
  return number;
}

bool is_directory(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

/// Adds those of the entries to the store that it lacks. One transaction for each shard would tear the page apart for
/// no gain: an entry stands for itself.
Status take_over(ShardedStore& from, ShardedStore& to, std::span<const EntrySummary> entries) {
  for (const EntrySummary& entry : entries) {
    REPOMAP_ASSIGN(auto stored, from.shard_of(entry.key).get(entry.key));
    if (!stored) {
      continue;  // expired or damaged: of no use here either
    }
    const EntryOptions options{std::move(stored->tags), stored->expires};
    const auto added = to.shard_of(entry.key).add(entry.key, stored->value, options);
    if (!added && added.error().code != ErrorCode::kLimitExceeded) {
      return std::unexpected(added.error());
    }
  }
  return {};
}

/// Calls `visit` with all entries, page by page.
template <typename Visit>
Status for_each_page(const ShardedStore& store, const Visit& visit) {
  for (std::size_t shard = 0; shard < store.shard_count(); ++shard) {
    std::int64_t after = 0;
    while (true) {
      REPOMAP_ASSIGN(const auto page, list_entries(store.shard(shard), after, kPageEntries));
      if (page.empty()) {
        break;
      }
      after = page.back().entry;
      REPOMAP_TRY(visit(std::span<const EntrySummary>(page)));
    }
  }
  return {};
}

}  // namespace

std::vector<MigratedLayout> CacheMigration::run(std::span<const CacheKind> kinds, MigrationMode mode) const {
  std::vector<MigratedLayout> layouts;
  if (!profile_.root.empty()) {
    for (const std::string& name : other_layouts(profile_.root)) {
      layouts.push_back(migrate(name, kinds, mode));
    }
  }
  return layouts;
}

MigratedLayout CacheMigration::migrate(const std::string& name, std::span<const CacheKind> kinds,
                                       MigrationMode mode) const {
  MigratedLayout layout;
  layout.name = name;
  layout.path = join_path(profile_.root, name);
  const bool is_newer = version_of(name) > version_of(kCacheLayout);
  for (const CacheKind kind : kinds) {
    const std::string directory = join_path(layout.path, cache_kind_name(kind));
    if (!is_directory(directory)) {
      continue;
    }
    if (is_newer) {
      layout.kinds.push_back({kind, 0, 0, "it belongs to a newer version of repomap"});
    } else if (kind == CacheKind::kQueue) {
      layout.kinds.push_back({kind, 0, 0, "it holds work of the version that made it"});
    } else {
      layout.kinds.push_back(migrate_kind(directory, kind, mode));
    }
  }
  if (mode == MigrationMode::kMove && !is_newer) {
    // Removes it if it is empty, and only then.
    std::error_code error;
    layout.is_removed = std::filesystem::remove(layout.path, error);
  }
  return layout;
}

MigratedKind CacheMigration::migrate_kind(const std::string& directory, CacheKind kind, MigrationMode mode) const {
  MigratedKind result;
  result.kind = kind;
  const auto moved = [&]() -> Status {
    DiskStoreConfig source;
    source.directory = directory;
    source.access = StoreAccess::kReadOnly;
    REPOMAP_ASSIGN(const auto from, ShardedStore::open(source));
    REPOMAP_ASSIGN(result.entries, from->count());
    if (mode == MigrationMode::kDryRun) {
      result.moved = result.entries;
      return {};
    }
    DiskStoreConfig target;
    target.directory = join_path(join_path(profile_.root, kCacheLayout), cache_kind_name(kind));
    target.settings = profile_.settings(kind);
    REPOMAP_ASSIGN(const auto to, ShardedStore::open(target));
    return for_each_page(*from, [&](std::span<const EntrySummary> page) -> Status {
      REPOMAP_TRY(take_over(*from, *to, page));
      result.moved += page.size();
      return {};
    });
  }();
  if (!moved) {
    result.trouble = moved.error().message;
  } else if (mode == MigrationMode::kMove) {
    std::error_code error;
    std::filesystem::remove_all(directory, error);
    result.trouble = error ? directory + ": " + error.message() : "";
  }
  return result;
}

}  // namespace repomap
