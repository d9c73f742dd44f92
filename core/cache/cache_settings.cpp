// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace repomap {
namespace {

constexpr std::size_t kMaxShards = 256;

constexpr std::array<std::string_view, 4> kPolicyNames = {"least-recently-stored", "least-recently-used",
                                                          "least-frequently-used", "none"};
constexpr std::array<std::string_view, 3> kJournalNames = {"wal", "truncate", "memory"};
constexpr std::array<std::string_view, 3> kSynchronousNames = {"off", "normal", "full"};

template <typename Enum, std::size_t Count>
std::optional<Enum> find_name(const std::array<std::string_view, Count>& names, std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Enum>(found - names.begin()));
}

}  // namespace

Status CacheSettings::validate(CacheKind kind) const {
  if (shards == 0 || shards > kMaxShards) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: shards = {}: allowed is 1 to {}", cache_kind_name(kind), shards, kMaxShards));
  }
  if (is_durable_kind(kind) && (eviction != EvictionPolicy::kNone || ttl)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {}: this kind holds what cannot be computed again, so nothing of it may be evicted or "
                            "expire; allowed is eviction = \"none\" without a ttl",
                            cache_kind_name(kind), ttl ? "a ttl" : eviction_policy_name(eviction)));
  }
  return {};
}

CacheSettings default_cache_settings(CacheKind kind) {
  CacheSettings settings;
  if (is_durable_kind(kind)) {
    settings.eviction = EvictionPolicy::kNone;
    settings.synchronous = Synchronous::kFull;
  }
  return settings;
}

std::string_view eviction_policy_name(EvictionPolicy policy) { return kPolicyNames[static_cast<std::size_t>(policy)]; }
std::optional<EvictionPolicy> eviction_policy_from_name(std::string_view name) {
  return find_name<EvictionPolicy>(kPolicyNames, name);
}

std::string_view journal_mode_name(JournalMode mode) { return kJournalNames[static_cast<std::size_t>(mode)]; }
std::optional<JournalMode> journal_mode_from_name(std::string_view name) {
  return find_name<JournalMode>(kJournalNames, name);
}

std::string_view synchronous_name(Synchronous synchronous) {
  return kSynchronousNames[static_cast<std::size_t>(synchronous)];
}
std::optional<Synchronous> synchronous_from_name(std::string_view name) {
  return find_name<Synchronous>(kSynchronousNames, name);
}

}  // namespace repomap
