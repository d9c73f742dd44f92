// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cache_command.hpp"
#include "cli/quantities.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

struct CheckOptions : CacheOptions {
  bool repair = false;
};

std::string_view problem_name(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kDatabase: return "database";
    case ProblemKind::kEntry: return "entry";
    case ProblemKind::kTags: return "tags";
    case ProblemKind::kFileList: return "file_list";
    case ProblemKind::kUnknownFile: return "unknown_file";
    case ProblemKind::kEmptyDirectory: return "empty_directory";
  }
  return "other";
}

void print_json(const Context& context, const std::string& root, const std::vector<CacheCheck>& checks) {
  Json json;
  json["root"] = root;
  json["kinds"] = Json::array();
  for (const CacheCheck& check : checks) {
    Json problems = Json::array();
    for (const StoreProblem& problem : check.problems) {
      problems.push_back(
          {{"problem", problem_name(problem.kind)}, {"detail", problem.detail}, {"repaired", problem.is_repaired}});
    }
    json["kinds"].push_back({{"kind", cache_kind_name(check.kind)},
                             {"entries", check.items},
                             {"problems", std::move(problems)},
                             {"error", check.trouble}});
  }
  print_document(context.out, json);
}

void print_check(const Context& context, const CacheCheck& check) {
  const std::string name = fmt::format("{:<10}", cache_kind_name(check.kind));
  if (!check.trouble.empty()) {
    context.out.print("{} {} {}\n", context.paint(Paint::kBad, "bad"), name, visible(check.trouble));
    return;
  }
  if (check.problems.empty()) {
    context.out.print("{} {} {}\n", context.paint(Paint::kGood, "ok "), name, counted(check.items, "entry", "entries"));
  }
  for (const StoreProblem& problem : check.problems) {
    context.out.print("{} {} {}: {}{}\n", context.paint(Paint::kBad, "bad"), name, problem_name(problem.kind),
                      visible(problem.detail), problem.is_repaired ? context.paint(Paint::kGood, " (repaired)") : "");
  }
}

bool is_sound(const CacheCheck& check) {
  return check.trouble.empty() && std::ranges::all_of(check.problems, &StoreProblem::is_repaired);
}

int run_check(Context& context, const CheckOptions& options) {
  const std::string root = cache_root(context);
  CacheCare care(context.service().caches());
  const auto checks = care.check(chosen_kinds(options), options.repair ? Repair::kYes : Repair::kNo);
  if (context.options.json) {
    print_json(context, root, checks);
  } else {
    std::ranges::for_each(checks, [&context](const CacheCheck& check) { print_check(context, check); });
  }
  const bool is_good = std::ranges::all_of(checks, is_sound);
  if (!is_good && !options.repair && !context.options.json) {
    context.out.flush();
    print_message("`repomap cache check --repair` mends this\n");
  }
  return is_good ? kDone : kFailed;
}

}  // namespace

void add_cache_check_command(Commands& commands, CLI::App& group) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App& command = commands.add({"check", "Look for damage: read every entry and every file of the cache",
                                    "  repomap cache check\n"
                                    "  repomap cache check --repair        and remove what is damaged or left behind",
                                    Needs::kRepository, &group},
                                   [options](Context& context) { return run_check(context, *options); });
  add_kind_option(command, *options);
  command.add_flag("--repair", options->repair, "Mend what is wrong, and give free space back to the file system");
}

}  // namespace repomap::cli
