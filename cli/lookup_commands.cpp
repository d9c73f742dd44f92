// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

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

struct LookupOptions {
  SymbolQuery query;
  std::string kind;
};

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (int kind = 0; kind <= static_cast<int>(SymbolKind::kSymbol); ++kind) {
    names.emplace_back(kind_name(static_cast<SymbolKind>(kind)));
  }
  return names;
}

void print_hit(const Context& context, const SymbolHit& hit) {
  const std::string place =
      fmt::format("{}:{}:{}", context.paint(Paint::kPath, visible(hit.path)), hit.line + 1, hit.column + 1);
  context.out.print("{}: {} {}{}\n    {}\n", place, context.paint(Paint::kKind, kind_name(hit.kind)),
                    context.paint(Paint::kName, visible(hit.name)),
                    hit.scope.empty() ? "" : context.paint(Paint::kDim, fmt::format(" in {}", visible(hit.scope))),
                    visible(hit.signature));
}

int run_lookup(Context& context, const LookupOptions& options) {
  SymbolQuery query = options.query;
  if (!options.kind.empty()) {
    query.kind = kind_from_name(options.kind);
  }
  if (const auto known = check_language(context, query.language); !known) {
    return report_failure(context, known.error());
  }
  const FileSelection selection{context.root, {}, context.settings.settings.submodules};
  const auto answer = [&] {
    ProgressBar bar("indexing");
    return context.queries.symbols(
        selection, query, {.progress = [&bar](std::size_t done, std::size_t total) { bar.update(done, total); }});
  }();
  if (!answer) {
    return report_failure(context, answer.error());
  }
  if (context.options.json) {
    print_document(context.out, symbols_document(*answer));
  } else {
    for (const SymbolHit& hit : answer->hits) {
      print_hit(context, hit);
    }
    if (answer->hits.size() < answer->found) {
      context.out.flush();
      print_message(fmt::format("{} more; --limit 0 shows all\n", answer->found - answer->hits.size()));
    }
    report_files(context, answer->report);
  }
  if (answer->found == 0) {
    print_error(
        context.paint_error,
        fmt::format("nothing named \"{}\" in {} files{}", visible(query.pattern), answer->report.freshness.indexed,
                    query.match == NameMatch::kExact ? "; `repomap symbols` finds parts of names, in any case" : ""));
  }
  return answer->found == 0 ? kNothingFound : kDone;
}

void add_lookup(Commands& commands, const std::string& name, const std::string& summary, const std::string& examples,
                const LookupOptions& defaults) {
  auto options = std::make_shared<LookupOptions>(defaults);
  CLI::App& command = commands.add({name, summary, examples, Needs::kRepository, nullptr, Answerer::kAnyone},
                                   [options](Context& context) { return run_lookup(context, *options); });
  const bool is_pattern = defaults.query.match == NameMatch::kPattern;
  add_text(command, is_pattern ? "PATTERN" : "NAME", options->query.pattern,
           is_pattern ? "Part of a name, in any case if it is lower case; * and ? match as in a shell"
                      : "A name, or scope and name: Parser.parse, ns::Parser::parse")
      .required();
  add_text(command, "--kind", options->kind, "Only this kind: function, method, class, …")
      .check(one_of(kind_names()))
      ->type_name("KIND");
  add_text(command, "--lang", options->query.language, "Only this language").type_name("L");
  command.add_option("--limit", options->query.limit, "At most so many (0: all)")
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace

void add_lookup_commands(Commands& commands) {
  LookupOptions options;
  options.query.limit = 100;
  add_lookup(commands, "symbols", "Find definitions by a part of their name",
             "  repomap symbols pagerank\n  repomap symbols 'Tag*' --kind class --json", options);
  options.query.limit = 0;
  options.query.match = NameMatch::kExact;
  add_lookup(commands, "defs", "Find the definitions of a name",
             "  repomap defs TagRanker\n  repomap defs TagRanker::rank --json", options);
  options.query.role = Role::kReference;
  add_lookup(commands, "refs", "Find the references to a name", "  repomap refs rank\n  repomap refs rank --kind call",
             options);
}

}  // namespace repomap::cli
