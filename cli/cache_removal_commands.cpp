// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/cache_command.hpp"
#include "cli/quantities.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

using Removals = std::vector<CacheRemoval>;

/// Removes entries of the kinds.
using Remover = std::function<Removals(Context&, CacheCare&, std::span<const CacheKind>)>;

std::uint64_t freed_bytes(const CacheRemoval& removal) {
  return removal.bytes_before > removal.bytes_after ? removal.bytes_before - removal.bytes_after : 0;
}

void print_json(const Context& context, const std::string& root, const Removals& removals) {
  Json kinds = Json::array();
  std::size_t removed = 0;
  for (const CacheRemoval& removal : removals) {
    removed += removal.removed;
    kinds.push_back({{"kind", cache_kind_name(removal.kind)},
                     {"removed", removal.removed},
                     {"bytes_before", removal.bytes_before},
                     {"bytes_after", removal.bytes_after},
                     {"error", removal.trouble}});
  }
  print_document(context.out, {{"root", root}, {"removed", removed}, {"kinds", std::move(kinds)}});
}

void print_text(const Context& context, const Removals& removals) {
  std::size_t removed = 0;
  std::uint64_t freed = 0;
  for (const CacheRemoval& removal : removals) {
    removed += removal.removed;
    freed += freed_bytes(removal);
    if (removal.removed > 0) {
      context.out.print("{:<10} {} removed\n",
                        context.paint(Paint::kName, fmt::format("{:<10}", cache_kind_name(removal.kind))),
                        counted(removal.removed, "entry", "entries"));
    }
  }
  if (removed == 0) {
    context.out.write("nothing to remove\n");
  } else {
    context.out.print("{} removed, {} of disk space freed\n", counted(removed, "entry", "entries"),
                      freed == 0 ? "no" : bytes_text(freed));
  }
}

int run_removal(Context& context, const CacheOptions& options, const Remover& remover) {
  const auto kinds = removable_kinds(options);
  if (!kinds) {
    return report_failure(context, kinds.error());
  }
  const std::string root = cache_root(context);
  CacheCare care(context.service().caches());
  const Removals removals = remover(context, care, *kinds);
  if (context.options.json) {
    print_json(context, root, removals);
  } else {
    print_text(context, removals);
  }
  context.out.flush();
  int status = kDone;
  for (const CacheRemoval& removal : removals) {
    if (!removal.trouble.empty()) {
      print_error(context.paint_error, fmt::format("{}: {}", cache_kind_name(removal.kind), visible(removal.trouble)));
      status = kFailed;
    }
  }
  return status;
}

CLI::App& add_removal(Commands& commands, const Commands::Description& description, Remover remover) {
  auto options = std::make_shared<CacheOptions>();
  CLI::App& command = commands.add(description, [options, remover = std::move(remover)](Context& context) {
    return run_removal(context, *options, remover);
  });
  add_removal_options(command, *options);
  return command;
}

}  // namespace

void add_cache_removal_commands(Commands& commands, CLI::App& group) {
  auto tag = std::make_shared<std::string>();
  CLI::App& evict = add_removal(commands,
                                {"evict", "Remove the entries that carry a tag",
                                 "  repomap cache evict file:src/main.c        all that was computed from that file\n"
                                 "  repomap cache evict lang:c --kind tags",
                                 Needs::kRepository, &group},
                                [tag](Context& context, CacheCare& care, std::span<const CacheKind> kinds) {
                                  return care.evict(kinds, CacheTag{*tag}, context.root);
                                });
  add_text(evict, "TAG", *tag, "A tag as `repomap cache inspect` shows it: file:PATH, lang:NAME, …").required();
  add_removal(commands,
              {"expire", "Remove the entries whose time is over",
               "  repomap cache expire\n  repomap cache expire --json", Needs::kRepository, &group},
              [](Context&, CacheCare& care, std::span<const CacheKind> kinds) { return care.expire(kinds); });
  add_removal(commands,
              {"cull", "Remove what has expired, and then as much as brings each kind within its limit",
               "  repomap cache cull\n  REPO_MAP_CACHE_SIZE_MB=512 repomap cache cull", Needs::kRepository, &group},
              [](Context&, CacheCare& care, std::span<const CacheKind> kinds) { return care.cull(kinds); });
  add_removal(commands,
              {"clear", "Remove all entries; what is needed is computed again",
               "  repomap cache clear\n  repomap cache clear --kind maps --kind trees", Needs::kRepository, &group},
              [](Context&, CacheCare& care, std::span<const CacheKind> kinds) { return care.clear(kinds); });
}

}  // namespace repomap::cli
