// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_metrics.hpp"

#include <array>
#include <string_view>

#include "service/protocol/metric_text.hpp"

namespace repomap {
namespace {

void add_one(MetricText& text, std::string_view name, std::string_view type, std::string_view help, double value) {
  text.family(name, type, help);
  text.sample(value);
}

void add_requests(MetricText& text, const RequestMetrics::Snapshot& requests) {
  text.family("repomap_requests_total", "counter", "Requests answered, by method and outcome.");
  for (const auto& [request, count] : requests.requests) {
    text.sample(static_cast<double>(count), {{"method", request.method}, {"outcome", request.outcome}});
  }
  text.family("repomap_request_duration_seconds", "histogram", "From the arrival of a request to its answer.");
  for (const auto& [method, durations] : requests.durations) {
    text.histogram(durations, {"method", method});
  }
  add_one(text, "repomap_requests_under_way", "gauge", "Requests not answered yet.",
          static_cast<double>(requests.under_way));
  add_one(text, "repomap_connections", "gauge", "Open connections.", static_cast<double>(requests.connections));
  add_one(text, "repomap_connections_total", "counter", "Connections accepted.",
          static_cast<double>(requests.accepted));
  text.family("repomap_refusals_total", "counter", "Connections and messages not taken, by reason.");
  for (const auto& [reason, count] : requests.refusals) {
    text.sample(static_cast<double>(count), {{"reason", reason}});
  }
}

/// One value of every repository.
struct RepositoryFamily {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  double (*value)(const RepositoryStatus&);
};

constexpr std::array<RepositoryFamily, 12> kRepositoryFamilies = {{
    {"repomap_repository_loaded", "gauge", "1 if the repository is in memory.",
     [](const RepositoryStatus& one) { return one.is_loaded ? 1.0 : 0.0; }},
    {"repomap_repository_generation", "gauge", "Number of the state, rising with every change taken in.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.generation); }},
    {"repomap_repository_files", "gauge", "Files listed.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.files); }},
    {"repomap_repository_indexed_files", "gauge", "Files with tags.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.indexed); }},
    {"repomap_repository_pending_files", "gauge", "Files still to be read.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.pending); }},
    {"repomap_repository_skipped_files", "gauge", "Files left out.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.skipped); }},
    {"repomap_repository_queued_paths", "gauge", "Changed paths that wait to be looked at.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.queued); }},
    {"repomap_repository_memory_bytes", "gauge", "Memory held for the repository.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.memory_bytes); }},
    {"repomap_repository_watches", "gauge", "Directories that the kernel watches.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.watcher.watches); }},
    {"repomap_repository_polled_directories", "gauge", "Directories that are compared instead.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.watcher.polled); }},
    {"repomap_repository_watch_events_total", "counter", "Events read since the repository was loaded.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.watcher.events); }},
    {"repomap_repository_watch_overflows_total", "counter", "Times that the queue of the kernel ran over.",
     [](const RepositoryStatus& one) { return static_cast<double>(one.watcher.overflows); }},
}};

void add_repositories(MetricText& text, const ServiceStatus& status) {
  add_one(text, "repomap_repositories", "gauge", "Repositories known to the daemon.",
          static_cast<double>(status.repositories.size()));
  for (const RepositoryFamily& family : kRepositoryFamilies) {
    text.family(family.name, family.type, family.help);
    for (const RepositoryStatus& one : status.repositories) {
      text.sample(family.value(one), {{"root", one.root}});
    }
  }
}

struct TierFamily {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t BackendStats::* value;
};

constexpr std::array<TierFamily, 7> kTierFamilies = {{
    {"repomap_cache_hits_total", "counter", "Keys found, by kind of cache and tier.", &BackendStats::hits},
    {"repomap_cache_misses_total", "counter", "Keys not found, by kind of cache and tier.", &BackendStats::misses},
    {"repomap_cache_puts_total", "counter", "Entries stored.", &BackendStats::puts},
    {"repomap_cache_evictions_total", "counter", "Entries removed to make room.", &BackendStats::evictions},
    {"repomap_cache_errors_total", "counter", "Operations that failed.", &BackendStats::errors},
    {"repomap_cache_items", "gauge", "Entries kept.", &BackendStats::items},
    {"repomap_cache_bytes", "gauge", "Bytes kept, as charged against the limit.", &BackendStats::size_bytes},
}};

void add_caches(MetricText& text, const ServiceStatus& status) {
  for (const TierFamily& family : kTierFamilies) {
    text.family(family.name, family.type, family.help);
    for (const KindStats& kind : status.caches) {
      for (const BackendStats& tier : kind.stats.tiers) {
        text.sample(static_cast<double>(tier.*family.value),
                    {{"kind", cache_kind_name(kind.kind)}, {"tier", tier.name}});
      }
    }
  }
}

}  // namespace

std::string daemon_metrics_text(const RequestMetrics::Snapshot& requests, const StatusAnswer& status) {
  MetricText text;
  text.family("repomap_build_info", "gauge", "Always 1; the labels say which build runs.");
  text.sample(1, {{"version", status.daemon.version}, {"build", status.daemon.build}});
  add_one(text, "repomap_uptime_seconds", "gauge", "Time since the start of the daemon.",
          static_cast<double>(status.daemon.uptime.count()));
  add_one(text, "repomap_resident_memory_bytes", "gauge", "Memory of the process in use.",
          static_cast<double>(status.daemon.rss_bytes));
  add_one(text, "repomap_repositories_memory_bytes", "gauge", "Memory held for repositories.",
          static_cast<double>(status.service.memory_bytes));
  add_one(text, "repomap_repositories_memory_limit_bytes", "gauge", "Above it the least recently used are unloaded.",
          static_cast<double>(status.service.memory_limit_bytes));
  add_requests(text, requests);
  add_repositories(text, status.service);
  add_caches(text, status.service);
  return text.text();
}

}  // namespace repomap
