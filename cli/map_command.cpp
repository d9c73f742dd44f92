// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "cli/visible_text.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap::cli {
namespace {

struct MapOptions {
  std::string query;
  std::vector<std::string> chat;
  std::vector<std::string> mentioned_identifiers;
  std::vector<std::string> mentioned_files;
  std::vector<std::string> subtrees;
  bool explain = false;
};

void print_explanation(const Context& context, const SymbolExplanation& explanation) {
  context.out.print("{:10.6f}  {}{}{}\n", explanation.rank, context.paint(Paint::kPath, visible(explanation.path)),
                    explanation.name.empty() ? "" : "  ", context.paint(Paint::kName, visible(explanation.name)));
  for (const auto& pull : explanation.pulls) {
    context.out.print("            {} {}\n", context.paint(Paint::kDim, pull.kind + ":"), visible(pull.detail));
  }
  std::string references;
  for (const auto& reference : explanation.strongest_references) {
    references +=
        fmt::format("{}{} {:.0f} %", references.empty() ? "" : ", ", visible(reference.path), 100 * reference.share);
  }
  if (!references.empty()) {
    context.out.print("            {} {}{}\n", context.paint(Paint::kDim, "referenced by:"), references,
                      explanation.referencing_files > explanation.strongest_references.size()
                          ? fmt::format(" … {} files in all", explanation.referencing_files)
                          : "");
  }
}

void print_text(const Context& context, const MapQuery& query, const MapAnswer& answer) {
  context.out.write(answer.map.text);
  if (query.explain == ExplainPolicy::kShownSymbols) {
    context.out.print("\n{}\n", context.paint(Paint::kDim, "why, best first: rank, file, symbol"));
    for (const SymbolExplanation& explanation : answer.explanations) {
      print_explanation(context, explanation);
    }
  }
  if (context.options.verbosity > 0) {
    context.out.flush();
    print_message(fmt::format("{} of {} tokens ({}), {} of {} files shown, {} with tags ({} parsed now), {} tags\n",
                              answer.map.tokens, query.request.token_budget, tokenizer_name(query.request.tokenizer),
                              answer.map.files.size(), answer.report.listed, answer.report.freshness.indexed,
                              answer.report.index.parsed, answer.report.index.tags));
  }
}

Result<MapQuery> make_query(const Context& context, const MapOptions& options) {
  MapQuery query;
  query.selection.root = context.root;
  query.selection.submodules = context.settings.settings.submodules;
  query.explain = options.explain ? ExplainPolicy::kShownSymbols : ExplainPolicy::kNone;
  MapRequest& request = query.request;
  request.token_budget = context.settings.settings.tokens;
  request.tokenizer = context.settings.settings.tokenizer;
  request.rank_mode = context.settings.settings.rank;
  query.refresh = context.settings.settings.refresh;
  request.query = options.query;
  request.mentioned_identifiers = options.mentioned_identifiers;
  for (const std::string& subtree : options.subtrees) {
    REPOMAP_ASSIGN(query.selection.subtrees.emplace_back(), path_in_root(context, subtree));
  }
  for (const std::string& file : options.chat) {
    REPOMAP_ASSIGN(request.chat_files.emplace_back(), path_in_root(context, file));
  }
  for (const std::string& file : options.mentioned_files) {
    REPOMAP_ASSIGN(request.mentioned_files.emplace_back(), path_in_root(context, file));
  }
  return query;
}

int run_map(Context& context, const MapOptions& options) {
  const auto query = make_query(context, options);
  if (!query) {
    return report_failure(context, query.error());
  }
  const auto answer = [&] {
    ProgressBar bar("indexing");
    return context.queries.map(*query,
                               {.progress = [&bar](std::size_t done, std::size_t total) { bar.update(done, total); }});
  }();
  if (!answer) {
    return report_failure(context, answer.error());
  }
  if (context.options.json) {
    print_document(context.out, map_document(*answer, *query));
  } else {
    print_text(context, *query, *answer);
    report_files(context, answer->report);
  }
  const bool is_empty = answer->map.files.empty() && query->request.token_budget > 0;
  if (is_empty && !context.options.json) {
    print_error(context.paint_error, fmt::format("nothing to show: {} files listed, {} with tags",
                                                 answer->report.listed, answer->report.freshness.indexed));
  }
  return is_empty ? kNothingFound : kDone;
}

}  // namespace

void add_map_command(Commands& commands) {
  auto options = std::make_shared<MapOptions>();
  CLI::App& command = commands.add({"map", "Print the ranked map of a repository, within a token budget",
                                    "  repomap map                                    the repository around here\n"
                                    "  repomap map ~/src/project --tokens 4096        another one, with more room\n"
                                    "  repomap map --query \"fix the race in the watcher\" --chat src/watch.c\n"
                                    "  repomap map --rank aider --mention-ident FileWatcher --explain",
                                    Needs::kRepository, nullptr, Answerer::kAnyone},
                                   [options](Context& context) { return run_map(context, *options); });
  GlobalOptions& global = commands.options();
  add_root_argument(commands, command);
  add_text(command, "--query", options->query, "What the work is about, in words").type_name("TEXT");
  add_text(command, "--chat", options->chat, "Files that are already in view: they pull, and are not shown")
      .type_name("PATH");
  add_text(command, "--mention-ident", options->mentioned_identifiers, "Identifiers of interest").type_name("NAME");
  add_text(command, "--mention-file", options->mentioned_files, "Files of interest").type_name("PATH");
  add_text(command, "--subtree", options->subtrees, "Only below these directories").type_name("DIR");
  command.add_flag("--explain", options->explain, "Say for each symbol why it is shown");
  const auto setting = [&global](const char* key) {
    return [&global, key](const std::string& value) { global.settings[key] = without_guard(value); };
  };
  command.add_option_function<std::string>("--tokens", setting("tokens"), "The budget, never exceeded (1024)")
      ->type_name("N");
  command.add_option_function<std::string>("--tokenizer", setting("tokenizer"), "o200k, cl100k or chars4 (o200k)")
      ->check(one_of({"o200k", "cl100k", "chars4", "o200k_base", "cl100k_base"}))
      ->type_name("NAME");
  command.add_option_function<std::string>("--rank", setting("rank"), "anchored or aider (anchored)")
      ->check(one_of({"anchored", "aider"}))
      ->type_name("NAME");
  command
      .add_option_function<std::string>("--refresh", setting("cache.refresh_mode"),
                                        "When a map of before may be shown again: auto, files, always, manual (auto)")
      ->check(one_of({"auto", "files", "always", "manual"}))
      ->type_name("MODE");
}

}  // namespace repomap::cli
