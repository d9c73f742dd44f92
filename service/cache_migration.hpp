// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/cache_kind.hpp"
#include "core/cache/cache_profile.hpp"

namespace repomap {

enum class MigrationMode : std::uint8_t { kDryRun, kMove };

/// What was found of one kind, and what became of it.
struct MigratedKind {
  CacheKind kind = CacheKind::kTags;
  std::size_t entries = 0;
  std::size_t moved = 0;  ///< taken over; of a dry run: would be
  std::string trouble;    ///< why it stays where it is; "" if all of it is taken over
};

/// One directory beside that of the present layout.
struct MigratedLayout {
  std::string name;  ///< "v0"
  std::string path;
  std::vector<MigratedKind> kinds;
  bool is_removed = false;  ///< nothing was left in it
};

/// Takes over what other versions have left below the root of a cache. Entries are found by what they were computed
/// from, so one that is out of date is never asked for, and moving it does no harm.
///
/// Of an older layout each kind whose store this version can read is moved: entries that the present store lacks are
/// added to it, then the old directory is removed. What cannot be read, work that waits, and a newer layout are named
/// and left as they are. Used by one thread.
class CacheMigration {
 public:
  explicit CacheMigration(CacheProfile profile) : profile_(std::move(profile)) {}

  /// The layouts that were found, by name.
  std::vector<MigratedLayout> run(std::span<const CacheKind> kinds, MigrationMode mode) const;

 private:
  MigratedLayout migrate(const std::string& name, std::span<const CacheKind> kinds, MigrationMode mode) const;
  MigratedKind migrate_kind(const std::string& directory, CacheKind kind, MigrationMode mode) const;

  const CacheProfile profile_;
};

}  // namespace repomap
