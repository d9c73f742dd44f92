// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace repomap {

/// What a cached value is. Each kind has its own directory, settings and statistics.
enum class CacheKind : std::uint8_t {
  kTags,      ///< one file's tags, by the content of the file
  kMaps,      ///< finished maps
  kTrees,     ///< one file's lines of interest as text
  kGraph,     ///< the symbols of a whole repository, ready to rank
  kQuery,     ///< answers to look-ups of names
  kScan,      ///< what a file's content is: language, or why it is not parsed
  kRepoScan,  ///< the files of a repository with their stat data and digests
  kRuntime,   ///< leases, and what describes the running program
  kQueue,     ///< work still to do: never evicted, never expires
  kIndex,     ///< which repositories there are: never evicted, never expires
};

inline constexpr std::array<CacheKind, 10> kAllCacheKinds = {
    CacheKind::kTags, CacheKind::kMaps,     CacheKind::kTrees,   CacheKind::kGraph, CacheKind::kQuery,
    CacheKind::kScan, CacheKind::kRepoScan, CacheKind::kRuntime, CacheKind::kQueue, CacheKind::kIndex};

/// "tags", "maps", "repo_scan", …: the name in settings, on the command line and of the directory.
std::string_view cache_kind_name(CacheKind kind);

/// The kind of that name, or nothing where there is none.
std::optional<CacheKind> cache_kind_from_name(std::string_view name);

/// Whether losing an entry of this kind loses what cannot be computed again.
bool is_durable_kind(CacheKind kind);

}  // namespace repomap
