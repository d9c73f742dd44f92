// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_kind.hpp"

#include <algorithm>

namespace repomap {
namespace {

constexpr std::array<std::string_view, kAllCacheKinds.size()> kNames = {
    "tags", "maps", "trees", "graph", "query", "scan", "repo_scan", "runtime", "queue", "index"};

}  // namespace

std::string_view cache_kind_name(CacheKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<CacheKind> cache_kind_from_name(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(kAllCacheKinds[static_cast<std::size_t>(found - kNames.begin())]);
}

bool is_durable_kind(CacheKind kind) { return kind == CacheKind::kQueue || kind == CacheKind::kIndex; }

}  // namespace repomap
