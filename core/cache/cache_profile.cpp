// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace repomap {
namespace {

/// Of what the base allows, in hundredths, in the order of kAllCacheKinds. Durable kinds have none: they keep theirs.
constexpr std::array<std::uint64_t, kAllCacheKinds.size()> kShares = {48, 8, 8, 16, 8, 4, 4, 4, 0, 0};
constexpr std::uint64_t kWhole = 100;

/// At least 1, as 0 means no limit in places.
std::uint64_t share_of(std::uint64_t whole, CacheKind kind) {
  const std::uint64_t share = kShares[static_cast<std::size_t>(kind)];
  // Parts first, so that no product overflows.
  return std::max<std::uint64_t>(1, whole / kWhole * share + whole % kWhole * share / kWhole);
}

}  // namespace

CacheSettings default_base_settings() {
  CacheSettings settings;
  settings.size_limit_bytes = std::uint64_t{5} << 30U;
  settings.l1_bytes = std::uint64_t{128} << 20U;
  settings.l1_items = 200'000;
  return settings;
}

CacheSettings CacheProfile::settings(CacheKind kind) const {
  if (const auto found = overrides.find(kind); found != overrides.end()) {
    return found->second;
  }
  CacheSettings settings = base;
  if (!is_durable_kind(kind)) {
    settings.size_limit_bytes = share_of(base.size_limit_bytes, kind);
    settings.l1_bytes = base.l1_bytes == 0 ? 0 : share_of(base.l1_bytes, kind);
    settings.l1_items = static_cast<std::size_t>(share_of(base.l1_items, kind));
    return settings;
  }
  const CacheSettings own = default_cache_settings(kind);
  settings.size_limit_bytes = own.size_limit_bytes;
  settings.eviction = own.eviction;
  settings.ttl = own.ttl;
  settings.synchronous = own.synchronous;
  settings.journal = own.journal;
  settings.l1_bytes = 0;
  return settings;
}

Status CacheProfile::validate() const {
  if (!root.empty() && !root.starts_with('/')) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("cache root \"{}\": allowed is an absolute path, or none for memory alone", root));
  }
  for (const CacheKind kind : kAllCacheKinds) {
    REPOMAP_TRY(settings(kind).validate(kind));
  }
  return {};
}

}  // namespace repomap
