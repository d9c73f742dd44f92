// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

enum class SameStore : std::uint8_t { kNo, kYes };

void add_latency(LatencySummary& sum, const LatencySummary& more) {
  sum.count += more.count;
  sum.p50 = std::max(sum.p50, more.p50);
  sum.p95 = std::max(sum.p95, more.p95);
  sum.p99 = std::max(sum.p99, more.p99);
  sum.max = std::max(sum.max, more.max);
}

void add_counts(BackendStats& sum, const BackendStats& more) {
  sum.hits += more.hits;
  sum.misses += more.misses;
  sum.puts += more.puts;
  sum.evictions += more.evictions;
  sum.errors += more.errors;
  sum.skipped += more.skipped;
  add_latency(sum.get_latency, more.get_latency);
  add_latency(sum.put_latency, more.put_latency);
  if (sum.trouble.empty()) {
    sum.trouble = more.trouble;
  }
}

void add_sizes(BackendStats& sum, const BackendStats& more, SameStore same) {
  if (same == SameStore::kYes) {
    sum.items = std::max(sum.items, more.items);
    sum.size_bytes = std::max(sum.size_bytes, more.size_bytes);
    sum.limit_bytes = std::max(sum.limit_bytes, more.limit_bytes);
  } else {
    sum.items += more.items;
    sum.size_bytes += more.size_bytes;
    sum.limit_bytes += more.limit_bytes;
  }
}

}  // namespace

void add_stats(KindStats& sum, KindStats more) {
  const bool is_same_directory = sum.directory == more.directory && !sum.directory.empty();
  add_counts(sum.stats, more.stats);
  add_sizes(sum.stats, more.stats, SameStore::kNo);
  for (BackendStats& tier : more.stats.tiers) {
    const auto known = std::ranges::find(sum.stats.tiers, tier.name, &BackendStats::name);
    if (known == sum.stats.tiers.end()) {
      sum.stats.tiers.push_back(std::move(tier));
      continue;
    }
    add_counts(*known, tier);
    add_sizes(*known, tier, is_same_directory && tier.name != "memory" ? SameStore::kYes : SameStore::kNo);
  }
}

ServiceStatus status_of_all(const std::vector<std::shared_ptr<Service>>& services) {
  ServiceStatus all;
  for (const auto& service : services) {
    ServiceStatus one = service->status();
    std::ranges::move(one.repositories, std::back_inserter(all.repositories));
    for (KindStats& kind : one.caches) {
      const auto known = std::ranges::find(all.caches, kind.kind, &KindStats::kind);
      if (known == all.caches.end()) {
        all.caches.push_back(std::move(kind));
      } else {
        add_stats(*known, std::move(kind));
      }
    }
    all.memory_bytes += one.memory_bytes;
    all.memory_limit_bytes = std::max(all.memory_limit_bytes, one.memory_limit_bytes);
  }
  std::ranges::sort(all.repositories, {}, &RepositoryStatus::root);
  std::ranges::sort(all.caches, {}, &KindStats::kind);
  return all;
}

std::size_t resident_bytes() {
  // "<total> <resident> …", in pages.
  const auto statm = make_posix_file_system()->read_file("/proc/self/statm", 4096);
  const std::size_t space = statm ? statm->find(' ') : std::string::npos;
  std::size_t resident = 0;
  if (space != std::string::npos) {
    std::from_chars(statm->data() + space + 1, statm->data() + statm->size(), resident);
  }
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace repomap
