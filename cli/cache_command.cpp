// SPDX-License-Identifier: Apache-2.0
#include "cli/cache_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/arguments.hpp"
#include "cli/quantities.hpp"

namespace repomap::cli {
namespace {

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  names.reserve(kAllCacheKinds.size());
  for (const CacheKind kind : kAllCacheKinds) {
    names.emplace_back(cache_kind_name(kind));
  }
  return names;
}

}  // namespace

void add_kind_option(CLI::App& command, CacheOptions& options) {
  add_text(command, "--kind", options.kinds, "Only this kind; can be repeated (default: all)")
      .delimiter(',')
      ->check(one_of(kind_names()))
      ->expected(1)
      ->take_all()
      ->type_name("KIND");
}

void add_removal_options(CLI::App& command, CacheOptions& options) {
  add_kind_option(command, options);
  command.add_flag("--force", options.force, "Also of queue and index, which cannot be computed again");
}

std::vector<CacheKind> chosen_kinds(const CacheOptions& options) {
  std::vector<CacheKind> kinds;
  std::ranges::copy_if(kAllCacheKinds, std::back_inserter(kinds), [&options](CacheKind kind) {
    return options.kinds.empty() || std::ranges::find(options.kinds, cache_kind_name(kind)) != options.kinds.end();
  });
  return kinds;
}

Result<std::vector<CacheKind>> removable_kinds(const CacheOptions& options) {
  std::vector<CacheKind> kinds = chosen_kinds(options);
  if (options.force) {
    return kinds;
  }
  const auto durable = std::ranges::find_if(kinds, is_durable_kind);
  if (durable != kinds.end() && !options.kinds.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("what the kind {} holds cannot be computed again; --force removes it all the same",
                            cache_kind_name(*durable)));
  }
  std::erase_if(kinds, is_durable_kind);
  return kinds;
}

std::string cache_root(const Context& context) {
  const std::string& root = context.settings.settings.cache.root;
  if (root.empty()) {
    print_error(context.paint_error, "there is no cache on disk: cache.dir is off (`repomap doctor` says why)");
  }
  return root;
}

Json to_json(CacheKind kind, const EntrySummary& summary) {
  Json json;
  json["kind"] = cache_kind_name(kind);
  json["key"] = summary.key.to_display();
  json["bytes"] = summary.size_bytes;
  json["tags"] = Json::array();
  for (const CacheTag& tag : summary.tags) {
    json["tags"].push_back(tag.label);
  }
  json["stored"] = time_text(summary.stored);
  json["accessed"] = time_text(summary.accessed);
  json["accesses"] = summary.access_count;
  json["expires"] = summary.expires ? Json(time_text(*summary.expires)) : Json();
  json["file"] = summary.has_file;
  return json;
}

void add_cache_commands(Commands& commands) {
  CLI::App& group = commands.add_group("cache", "Look after the cache: see, check, empty, explain",
                                       "  repomap cache stats\n"
                                       "  repomap cache explain src/main.c\n"
                                       "  repomap cache clear --kind maps");
  add_cache_stats_command(commands, group);
  add_cache_explain_command(commands, group);
  add_cache_entry_commands(commands, group);
  add_cache_check_command(commands, group);
  add_cache_warm_command(commands, group);
  add_cache_removal_commands(commands, group);
  add_cache_migrate_command(commands, group);
}

}  // namespace repomap::cli
