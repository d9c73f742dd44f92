// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "cli/cache_command.hpp"
#include "cli/quantities.hpp"
#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap::cli {
namespace {

Json to_json(const CacheKindStats& kind) {
  Json json;
  json["kind"] = cache_kind_name(kind.kind);
  json["directory"] = kind.directory;
  json["policy"] = eviction_policy_name(kind.settings.eviction);
  json["expirations"] = kind.expirations;
  json["damaged"] = kind.damaged;
  json["quarantined"] = kind.quarantined;
  json["error"] = kind.trouble;
  json["tiers"] = Json::array();
  for (const BackendStats& tier : kind.stats.tiers) {
    json["tiers"].push_back(repomap::to_json(tier));
  }
  return json;
}

/// What a kind has on disk, and how it is used; of memory where there is nothing else.
const BackendStats& durable_tier(const CacheKindStats& kind) {
  return kind.stats.tiers.empty() ? kind.stats : kind.stats.tiers.back();
}

/// What a user should know of a kind; "" if all is well.
std::string trouble_of(const CacheKindStats& kind) {
  if (!kind.trouble.empty()) {
    return kind.trouble;
  }
  const auto tier = std::ranges::find_if(kind.stats.tiers, [](const auto& stats) { return !stats.trouble.empty(); });
  return tier == kind.stats.tiers.end() ? "" : fmt::format("{}: {}", tier->name, tier->trouble);
}

TextTable::Cell trouble_cell(std::uint64_t count) {
  return count == 0 ? TextTable::Cell{} : TextTable::Cell{count_text(count), Paint::kBad};
}

void print_table(const Context& context, const std::vector<CacheKindStats>& kinds) {
  TextTable table({{"kind", TextTable::Align::kLeft},
                   {"entries"},
                   {"size"},
                   {"limit"},
                   {"hits"},
                   {"misses"},
                   {"hit rate"},
                   {"evicted"},
                   {"errors"},
                   {"quarantined"}});
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  for (const CacheKindStats& kind : kinds) {
    const BackendStats& tier = durable_tier(kind);
    items += tier.items;
    bytes += tier.size_bytes;
    table.add_row({{std::string(cache_kind_name(kind.kind)), Paint::kName},
                   {count_text(tier.items)},
                   {bytes_text(tier.size_bytes)},
                   {bytes_text(tier.limit_bytes == 0 ? kind.settings.size_limit_bytes : tier.limit_bytes)},
                   {count_text(tier.hits)},
                   {count_text(tier.misses)},
                   {share_text(tier.hits, tier.hits + tier.misses)},
                   {count_text(tier.evictions)},
                   trouble_cell(tier.errors),
                   trouble_cell(kind.quarantined)});
  }
  if (kinds.size() > 1) {
    table.add_row({{"together", Paint::kDim}, {count_text(items)}, {bytes_text(bytes)}, {}, {}, {}, {}, {}, {}, {}});
  }
  table.print(context.out, context.paint);
}

/// What the tiers in memory may use together at this moment; null where there are none.
Json memory_json(CacheManager& caches) {
  caches.check_memory();
  const auto memory = caches.memory_stats();
  if (!memory) {
    return nullptr;
  }
  Json json;
  json["configured_bytes"] = memory->configured_bytes;
  json["budget_bytes"] = memory->budget_bytes;
  json["used_bytes"] = memory->used_bytes;
  json["state"] = memory_state_name(memory->state);
  return json;
}

int run_stats(Context& context, const CacheOptions& options) {
  const std::string root = cache_root(context);
  const auto kinds = CacheCare(context.service().caches()).stats(chosen_kinds(options));
  const bool can_be_used = std::ranges::all_of(kinds, &std::string::empty, &CacheKindStats::trouble);
  const int status = can_be_used ? kDone : kFailed;
  if (context.options.json) {
    Json json;
    json["root"] = root;
    json["memory"] = memory_json(context.service().caches());
    json["kinds"] = Json::array();
    for (const CacheKindStats& kind : kinds) {
      json["kinds"].push_back(to_json(kind));
    }
    print_document(context.out, json);
    return status;
  }
  context.out.print("{}\n\n", root.empty() ? "in memory" : context.paint(Paint::kPath, visible(root)));
  print_table(context, kinds);
  context.out.flush();
  for (const CacheKindStats& kind : kinds) {
    if (const std::string trouble = trouble_of(kind); !trouble.empty()) {
      print_error(context.paint_error, fmt::format("{}: {}", cache_kind_name(kind.kind), visible(trouble)));
    }
  }
  return status;
}

}  // namespace

void add_cache_stats_command(Commands& commands, CLI::App& group) {
  auto options = std::make_shared<CacheOptions>();
  CLI::App& command = commands.add(
      {"stats", "Show what the cache holds, and how often it has helped",
       "  repomap cache stats\n  repomap cache stats --kind tags --kind maps --json", Needs::kRepository, &group},
      [options](Context& context) { return run_stats(context, *options); });
  add_kind_option(command, *options);
}

}  // namespace repomap::cli
