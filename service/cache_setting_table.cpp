// SPDX-License-Identifier: Apache-2.0
#include "service/cache_setting_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "service/setting_values.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxMegabytes = std::uint64_t{1} << 24U;  // 16 TiB
constexpr std::uint64_t kMaxItems = 1'000'000'000;
constexpr std::uint64_t kMaxMilliseconds = 3'600'000;
constexpr std::uint64_t kMaxSeconds = 10ULL * 366 * 24 * 3600;

/// Sets `target` where there is a value, and says whether there is.
template <typename Target, typename Value>
bool assign(Target& target, const std::optional<Value>& value) {
  if (value) {
    target = static_cast<Target>(*value);
  }
  return value.has_value();
}

bool set_cull_limit(CacheSettings& settings, std::string_view value) {
  return assign(settings.cull_limit, number_from(value, kMaxItems));
}

bool set_eviction(CacheSettings& settings, std::string_view value) {
  return assign(settings.eviction, eviction_policy_from_name(value));
}

bool set_journal(CacheSettings& settings, std::string_view value) {
  return assign(settings.journal, journal_mode_from_name(value));
}

bool set_l1_items(CacheSettings& settings, std::string_view value) {
  return assign(settings.l1_items, number_from(value, kMaxItems)) && settings.l1_items > 0;
}

bool set_l1_size(CacheSettings& settings, std::string_view value) {
  return assign(settings.l1_bytes, bytes_from(value));
}

bool set_min_file_size(CacheSettings& settings, std::string_view value) {
  return assign(settings.min_file_bytes, bytes_from(value)) && settings.min_file_bytes > 0;
}

bool set_mmap_size(CacheSettings& settings, std::string_view value) {
  return assign(settings.mmap_bytes, bytes_from(value));
}

bool set_page_cache_size(CacheSettings& settings, std::string_view value) {
  return assign(settings.page_cache_bytes, bytes_from(value)) && settings.page_cache_bytes > 0;
}

bool set_shards(CacheSettings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxShards = 256;
  return assign(settings.shards, number_from(value, kMaxShards)) && settings.shards > 0;
}

bool set_size_mb(CacheSettings& settings, std::string_view value) {
  const auto megabytes = number_from(value, kMaxMegabytes);
  settings.size_limit_bytes = megabytes.value_or(0) << 20U;
  return settings.size_limit_bytes > 0;
}

bool set_statistics(CacheSettings& settings, std::string_view value) {
  return assign(settings.statistics, flag_from(value));
}

bool set_synchronous(CacheSettings& settings, std::string_view value) {
  return assign(settings.synchronous, synchronous_from_name(value));
}

bool set_timeout(CacheSettings& settings, std::string_view value) {
  const auto number = number_from(value, kMaxMilliseconds);
  settings.timeout = std::chrono::milliseconds(number.value_or(0));
  return number.has_value();
}

bool set_ttl(CacheSettings& settings, std::string_view value) {
  const auto number = number_from(value, kMaxSeconds);
  settings.ttl.reset();
  if (number && *number > 0) {
    settings.ttl = std::chrono::seconds(*number);
  }
  return number.has_value();
}

constexpr std::array<CacheSettingField, 14> kFields = {{
    {"cull_limit", "10", "0 to 1000000000", "expired entries removed along with each write", set_cull_limit},
    {"eviction", "least-recently-stored", "least-recently-stored, least-recently-used, least-frequently-used or none",
     "which entries go first when room is needed", set_eviction},
    {"journal", "wal", "wal, truncate or memory", "where a change on disk is written first", set_journal},
    {"l1_items", "200000", "1 to 1000000000", "entries kept in memory", set_l1_items},
    {"l1_size", "128M", "0 to 2048M, in bytes or with K or M", "bytes kept in memory; 0: no tier there", set_l1_size},
    {"min_file_size", "32K", "1 to 2048M, in bytes or with K or M", "from this size on a value gets a file of its own",
     set_min_file_size},
    {"mmap_size", "64M", "0 to 2048M, in bytes or with K or M", "how much of a database is mapped into memory",
     set_mmap_size},
    {"page_cache_size", "8M", "1 to 2048M, in bytes or with K or M", "pages kept for each connection to a database",
     set_page_cache_size},
    {"shards", "1", "1 to 256", "databases that share the work; counts for a cache that is made anew", set_shards},
    {"size_mb", "5120", "1 to 16777216", "megabytes on disk", set_size_mb},
    {"statistics", "true", "true or false", "whether hits and misses are counted", set_statistics},
    {"synchronous", "normal", "off, normal or full", "when a write waits for the disk", set_synchronous},
    {"timeout", "10000", "0 to 3600000", "milliseconds to wait for other writers", set_timeout},
    {"ttl", "0", "0 to 316224000", "seconds after which an entry expires; 0: never", set_ttl},
}};
static_assert(std::ranges::is_sorted(kFields, {}, &CacheSettingField::name));
static_assert(kMaxSeconds == 316224000);

}  // namespace

std::span<const CacheSettingField> cache_setting_fields() { return kFields; }

const CacheSettingField* find_cache_setting(std::string_view name) {
  const auto* found = std::ranges::find(kFields, name, &CacheSettingField::name);
  return found == kFields.end() ? nullptr : found;
}

std::string_view allowed_for(const CacheSettingField& field, CacheKind kind) {
  if (is_durable_kind(kind) && field.name == "eviction") {
    return "none, as what this kind holds cannot be computed again";
  }
  if (is_durable_kind(kind) && field.name == "ttl") {
    return "0, as what this kind holds cannot be computed again";
  }
  return field.allowed;
}

}  // namespace repomap
