// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/index_output.hpp"
#include "cli/json_output.hpp"
#include "cli/quantities.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap::cli {

Result<IndexAnswer> run_indexing(Context& context) {
  const FileSelection selection{context.root, {}, context.settings.settings.submodules};
  ProgressBar bar("indexing");
  return context.queries.index(selection,
                               {.progress = [&bar](std::size_t done, std::size_t total) { bar.update(done, total); }});
}

void print_summary(const Context& context, const IndexAnswer& answer) {
  const IndexReport& index = answer.report.index;
  context.out.print("{} in {}: {} parsed ({}), {} known, {}\n", counted(answer.report.listed, "file", "files"),
                    duration_text(answer.elapsed), count_text(index.parsed), bytes_text(index.bytes),
                    count_text(index.reused), counted(index.tags, "tag", "tags"));
}

namespace {

int run_index(Context& context) {
  const auto answer = run_indexing(context);
  if (!answer) {
    return report_failure(context, answer.error());
  }
  if (context.options.json) {
    print_document(context.out, index_document(*answer));
  } else {
    print_summary(context, *answer);
    report_files(context, answer->report);
  }
  return kDone;
}

}  // namespace

void add_index_command(Commands& commands) {
  CLI::App& command = commands.add({"index", "Bring every cache of a repository up to date",
                                    "  repomap index                    the repository around here\n"
                                    "  repomap index ~/src/project --jobs 4 --json",
                                    Needs::kRepository, nullptr, Answerer::kAnyone},
                                   run_index);
  add_root_argument(commands, command);
}

}  // namespace repomap::cli
