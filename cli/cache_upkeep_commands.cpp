// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/cache_command.hpp"
#include "cli/index_output.hpp"
#include "cli/json_output.hpp"
#include "cli/quantities.hpp"
#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"
#include "service/cache_migration.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap::cli {
namespace {

FileSelection whole_repository(const Context& context) {
  return {context.root, {}, context.settings.settings.submodules};
}

void print_stages(const Context& context, const std::string& path, const std::vector<StageExplanation>& stages) {
  context.out.print("{}\n", context.paint(Paint::kPath, visible(path)));
  TextTable table({{"stage", TextTable::Align::kLeft},
                   {"", TextTable::Align::kLeft},
                   {"changed", TextTable::Align::kLeft},
                   {"cost"},
                   {"why", TextTable::Align::kLeft}});
  for (const StageExplanation& stage : stages) {
    table.add_row({{stage.stage, Paint::kName},
                   {stage.is_hit ? "HIT" : "MISS", stage.is_hit ? Paint::kGood : Paint::kBad},
                   {fmt::format("{}", fmt::join(stage.changed, ", "))},
                   {stage.cost.count() == 0 ? "" : duration_text(stage.cost)},
                   {visible(stage.detail)}});
  }
  table.print(context.out, context.paint);
}

int run_explain(Context& context, const CacheOptions& options, const std::string& argument) {
  const auto path = path_in_root(context, argument);
  if (!path) {
    return report_failure(context, path.error());
  }
  auto stages = context.service().explain(whole_repository(context), *path);
  if (!stages) {
    return report_failure(context, stages.error());
  }
  if (!options.kinds.empty()) {
    std::erase_if(*stages, [&options](const StageExplanation& stage) {
      return std::ranges::find(options.kinds, stage.stage) == options.kinds.end();
    });
  }
  if (!context.options.json) {
    print_stages(context, *path, *stages);
    return kDone;
  }
  Json json;
  json["path"] = *path;
  json["stages"] = Json::array();
  for (const StageExplanation& stage : *stages) {
    json["stages"].push_back({{"stage", stage.stage},
                              {"hit", stage.is_hit},
                              {"changed", stage.changed},
                              {"detail", stage.detail},
                              {"cost_us", stage.cost.count() == 0 ? Json() : Json(stage.cost.count())}});
  }
  print_document(context.out, json);
  return kDone;
}

/// The map that is asked for without any option.
Result<MapAnswer> build_default_map(Context& context) {
  MapQuery query;
  query.selection = whole_repository(context);
  query.request.token_budget = context.settings.settings.tokens;
  query.request.tokenizer = context.settings.settings.tokenizer;
  query.request.rank_mode = context.settings.settings.rank;
  return context.service().map(query, {});
}

int run_warm(Context& context, const CacheOptions& options) {
  const auto indexed = run_indexing(context);
  if (!indexed) {
    return report_failure(context, indexed.error());
  }
  const auto kinds = chosen_kinds(options);
  std::optional<std::size_t> map_tokens;
  if (std::ranges::find(kinds, CacheKind::kMaps) != kinds.end()) {
    const auto map = build_default_map(context);
    if (!map) {
      return report_failure(context, map.error());
    }
    map_tokens = map->map.tokens;
  }
  if (context.options.json) {
    Json json = index_document(*indexed);
    json["map_tokens"] = map_tokens ? Json(*map_tokens) : Json();
    print_document(context.out, json);
    return kDone;
  }
  print_summary(context, *indexed);
  if (map_tokens) {
    context.out.print("a map of {} is ready\n", counted(*map_tokens, "token", "tokens"));
  }
  report_files(context, indexed->report);
  return kDone;
}

Json to_json(const MigratedLayout& layout) {
  Json kinds = Json::array();
  for (const MigratedKind& kind : layout.kinds) {
    kinds.push_back({{"kind", cache_kind_name(kind.kind)},
                     {"entries", kind.entries},
                     {"moved", kind.moved},
                     {"error", kind.trouble}});
  }
  return {{"layout", layout.name}, {"path", layout.path}, {"removed", layout.is_removed}, {"kinds", std::move(kinds)}};
}

void print_layout(const Context& context, const MigratedLayout& layout, bool is_dry_run) {
  context.out.print("{}\n", context.paint(Paint::kPath, visible(layout.path)));
  for (const MigratedKind& kind : layout.kinds) {
    const std::string name = context.paint(Paint::kName, fmt::format("{:<10}", cache_kind_name(kind.kind)));
    if (kind.trouble.empty()) {
      context.out.print("  {} {} of {} {}\n", name, count_text(kind.moved), counted(kind.entries, "entry", "entries"),
                        is_dry_run ? "would be moved" : "moved");
    } else {
      context.out.print("  {} {}: {}\n", name, context.paint(Paint::kBad, "left"), visible(kind.trouble));
    }
  }
  context.out.print("  {}\n", layout.is_removed ? "removed" : is_dry_run ? "nothing was changed" : "left as it is");
}

int run_migrate(Context& context, const CacheOptions& options, bool is_dry_run) {
  const std::string root = cache_root(context);
  const CacheMigration migration(context.settings.settings.cache);
  const auto layouts = migration.run(chosen_kinds(options), is_dry_run ? MigrationMode::kDryRun : MigrationMode::kMove);
  if (context.options.json) {
    Json json;
    json["root"] = root;
    json["dry_run"] = is_dry_run;
    json["layouts"] = Json::array();
    std::ranges::transform(layouts, std::back_inserter(json["layouts"]),
                           [](const MigratedLayout& layout) { return to_json(layout); });
    print_document(context.out, json);
  } else if (layouts.empty()) {
    context.out.write("there is no older layout\n");
  }
  for (std::size_t i = 0; !context.options.json && i < layouts.size(); ++i) {
    print_layout(context, layouts[i], is_dry_run);
  }
  return kDone;
}

}  // namespace

void add_cache_explain_command(Commands& commands, CLI::App& group) {
  auto options = std::make_shared<CacheOptions>();
  auto path = std::make_shared<std::string>();
  CLI::App& command = commands.add(
      {"explain", "Say of a file what the next request finds in the cache, and why not",
       "  repomap cache explain src/main.c\n  repomap cache explain src/main.c --json", Needs::kRepository, &group},
      [options, path](Context& context) { return run_explain(context, *options, *path); });
  add_text(command, "PATH", *path, "The file").required();
  add_kind_option(command, *options);
}

void add_cache_warm_command(Commands& commands, CLI::App& group) {
  auto options = std::make_shared<CacheOptions>();
  CLI::App& command = commands.add(
      {"warm", "Fill the cache: index the repository, and make its map",
       "  repomap cache warm\n  repomap cache warm --root ~/src/project --json", Needs::kRepository, &group},
      [options](Context& context) { return run_warm(context, *options); });
  add_kind_option(command, *options);
}

void add_cache_migrate_command(Commands& commands, CLI::App& group) {
  auto options = std::make_shared<CacheOptions>();
  auto is_dry_run = std::make_shared<bool>(false);
  CLI::App& command =
      commands.add({"migrate", "Move what an older version has left in the cache directory to where it is looked for",
                    "  repomap cache migrate --dry-run\n  repomap cache migrate", Needs::kRepository, &group},
                   [options, is_dry_run](Context& context) { return run_migrate(context, *options, *is_dry_run); });
  add_kind_option(command, *options);
  command.add_flag("--dry-run", *is_dry_run, "Say what would be done, and change nothing");
}

}  // namespace repomap::cli
