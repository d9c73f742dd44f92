// SPDX-License-Identifier: Apache-2.0
#include "cli/status_table.hpp"

#include <fmt/format.h>

#include <string>

#include "cli/quantities.hpp"
#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

using Align = TextTable::Align;

std::string idle_exit_text(const DaemonStatus& daemon) {
  return daemon.idle_exit.count() == 0 ? "stays when idle"
                                       : fmt::format("ends after {} without a connection", age_text(daemon.idle_exit));
}

void print_daemon(const Context& context, const StatusAnswer& answer) {
  const DaemonStatus& daemon = answer.daemon;
  context.out.print("daemon {}, process {}, up {}, {}\n", context.paint(Paint::kName, visible(daemon.version)),
                    daemon.pid, age_text(daemon.uptime), idle_exit_text(daemon));
  context.out.print("{}, {}\n", counted(daemon.connections, "connection", "connections"),
                    counted(daemon.requests, "request answered", "requests answered"));
  context.out.print("memory {}, of which repositories {} of at most {}\n\n", bytes_text(daemon.rss_bytes),
                    bytes_text(answer.service.memory_bytes), bytes_text(answer.service.memory_limit_bytes));
}

TextTable::Cell state_cell(const RepositoryStatus& repository) {
  const std::string state = repository_state(repository);
  return {state, state == "trouble" ? Paint::kBad : state == "current" ? Paint::kGood : Paint::kDim};
}

void print_repositories(const Context& context, const ServiceStatus& service) {
  if (service.repositories.empty()) {
    context.out.print("no repositories so far\n");
    return;
  }
  TextTable table({{"repository", Align::kLeft},
                   {"state", Align::kLeft},
                   {"generation"},
                   {"files"},
                   {"pending"},
                   {"queued"},
                   {"skipped"},
                   {"memory"},
                   {"watches"},
                   {"watcher", Align::kLeft}});
  for (const RepositoryStatus& repository : service.repositories) {
    table.add_row({{visible(repository.root), Paint::kPath},
                   state_cell(repository),
                   {count_text(repository.generation)},
                   {count_text(repository.files)},
                   {count_text(repository.pending)},
                   {count_text(repository.queued)},
                   {count_text(repository.skipped)},
                   {bytes_text(repository.memory_bytes)},
                   {count_text(repository.watcher.watches)},
                   {visible(repository.watcher.to_display())}});
  }
  table.print(context.out, context.paint);
  for (const RepositoryStatus& repository : service.repositories) {
    if (!repository.trouble.empty()) {
      context.out.print("{}: {}\n", context.paint(Paint::kPath, visible(repository.root)), visible(repository.trouble));
    }
  }
}

void print_caches(const Context& context, const ServiceStatus& service) {
  if (service.caches.empty()) {
    return;
  }
  TextTable table({{"cache", Align::kLeft}, {"in memory"}, {"hits"}, {"misses"}, {"hit rate"}, {"from memory"}});
  const BackendStats none;
  for (const KindStats& kind : service.caches) {
    const BackendStats& memory = kind.stats.tiers.empty() ? none : kind.stats.tiers.front();
    table.add_row({{std::string(cache_kind_name(kind.kind)), Paint::kName},
                   {bytes_text(memory.size_bytes)},
                   {count_text(kind.stats.hits)},
                   {count_text(kind.stats.misses)},
                   {share_text(kind.stats.hits, kind.stats.hits + kind.stats.misses)},
                   {share_text(memory.hits, memory.hits + memory.misses)}});
  }
  context.out.print("\n");
  table.print(context.out, context.paint);
}

}  // namespace

std::string repository_state(const RepositoryStatus& repository) {
  if (!repository.trouble.empty()) {
    return "trouble";
  }
  if (repository.pending != 0 || repository.queued != 0) {
    return "indexing";
  }
  return repository.is_loaded ? "current" : "unloaded";
}

void print_status_tables(const Context& context, const StatusAnswer& answer) {
  print_daemon(context, answer);
  print_repositories(context, answer.service);
  print_caches(context, answer.service);
}

}  // namespace repomap::cli
