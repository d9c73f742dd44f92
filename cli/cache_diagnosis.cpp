// SPDX-License-Identifier: Apache-2.0
#include "cli/cache_diagnosis.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "cli/quantities.hpp"
#include "cli/text_table.hpp"
#include "core/base/mount.hpp"
#include "service/cache_care.hpp"

namespace repomap::cli {
namespace {

/// The path, or the nearest directory above it that exists.
std::string existing_part(const std::string& path) {
  std::filesystem::path part = path;
  std::error_code error;
  while (part.has_relative_path() && !std::filesystem::exists(part, error)) {
    part = part.parent_path();
  }
  return part.string();
}

/// Whether this user can make something in a directory, found out by doing so: no permission bits tell it for all file
/// systems and users.
Status probe(const std::string& directory) {
  const std::string path = fmt::format("{}/.repomap-doctor-{}", directory, ::getpid());
  if (::mkdir(path.c_str(), S_IRWXU) != 0) {
    return std::unexpected(errno_error(errno, "mkdir " + path));
  }
  ::rmdir(path.c_str());
  return {};
}

std::int64_t ttl_seconds(const CacheSettings& settings) {
  return settings.ttl ? std::chrono::duration_cast<std::chrono::seconds>(*settings.ttl).count() : 0;
}

Json settings_to_json(CacheKind kind, const CacheSettings& settings) {
  Json json;
  json["kind"] = cache_kind_name(kind);
  json["size_limit_bytes"] = settings.size_limit_bytes;
  json["cull_limit"] = settings.cull_limit;
  json["eviction"] = eviction_policy_name(settings.eviction);
  json["statistics"] = settings.statistics;
  json["shards"] = settings.shards;
  json["timeout_ms"] = settings.timeout.count();
  json["min_file_bytes"] = settings.min_file_bytes;
  json["journal"] = journal_mode_name(settings.journal);
  json["mmap_bytes"] = settings.mmap_bytes;
  json["synchronous"] = synchronous_name(settings.synchronous);
  json["page_cache_bytes"] = settings.page_cache_bytes;
  json["ttl_seconds"] = ttl_seconds(settings);
  json["l1_bytes"] = settings.l1_bytes;
  json["l1_items"] = settings.l1_items;
  return json;
}

std::vector<CacheKind> existing_kinds(const CacheManager& caches) {
  std::vector<CacheKind> kinds;
  std::ranges::copy_if(kAllCacheKinds, std::back_inserter(kinds), [&](CacheKind kind) { return caches.exists(kind); });
  return kinds;
}

}  // namespace

CacheDiagnosis diagnose_cache(Context& context) {
  CacheDiagnosis diagnosis;
  CacheManager& caches = context.service().caches();
  diagnosis.root = caches.profile().root;
  if (diagnosis.root.empty()) {
    diagnosis.is_good = true;
    diagnosis.detail = "in memory only";
    return diagnosis;
  }
  const std::string present = existing_part(diagnosis.root);
  const auto mount = mount_of(present);
  if (!mount) {
    diagnosis.detail = mount.error().message;
    return diagnosis;
  }
  diagnosis.file_system = mount->kind == MountKind::kLocal ? "local" : mount->name;
  diagnosis.free_bytes = mount->free_bytes;
  diagnosis.detail = fmt::format("{} ({} file system, {} free)", diagnosis.root, diagnosis.file_system,
                                 bytes_text(diagnosis.free_bytes));
  const Status writable = probe(present);
  diagnosis.is_good = writable.has_value();
  if (!writable) {
    diagnosis.detail = fmt::format("nothing new is kept on disk: {}", writable.error().message);
  }
  for (const CacheKindStats& kind : CacheCare(caches).stats(existing_kinds(caches))) {
    if (!kind.trouble.empty()) {
      diagnosis.is_good = false;
      diagnosis.detail = kind.trouble;
    }
  }
  diagnosis.notices = caches.notices();
  return diagnosis;
}

Json to_json(const Context& context, const CacheDiagnosis& diagnosis) {
  Json json;
  json["root"] = diagnosis.root;
  json["file_system"] = diagnosis.file_system;
  json["free_bytes"] = diagnosis.free_bytes;
  json["notices"] = diagnosis.notices;
  json["kinds"] = Json::array();
  const CacheProfile& profile = context.service().caches().profile();
  for (const CacheKind kind : kAllCacheKinds) {
    json["kinds"].push_back(settings_to_json(kind, profile.settings(kind)));
  }
  return json;
}

void print_kind_settings(const Context& context) {
  TextTable table({{"kind", TextTable::Align::kLeft},
                   {"on disk"},
                   {"in memory"},
                   {"lifetime"},
                   {"shards"},
                   {"journal", TextTable::Align::kLeft},
                   {"eviction", TextTable::Align::kLeft}});
  const CacheProfile& profile = context.service().caches().profile();
  for (const CacheKind kind : kAllCacheKinds) {
    const CacheSettings settings = profile.settings(kind);
    table.add_row({{std::string(cache_kind_name(kind)), Paint::kName},
                   {profile.root.empty() ? "" : bytes_text(settings.size_limit_bytes)},
                   {bytes_text(settings.l1_bytes)},
                   {settings.ttl ? age_text(*settings.ttl) : "no end"},
                   {fmt::format("{}", settings.shards)},
                   {std::string(journal_mode_name(settings.journal))},
                   {std::string(eviction_policy_name(settings.eviction))}});
  }
  table.print(context.out, context.paint);
}

}  // namespace repomap::cli
