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

void print_outline(const Context& context, const FileTags& tags) {
  std::vector<std::uint32_t> open_ends;  // last lines of the definitions around the current one
  for (const Tag& tag : tags.tags) {
    if (tag.role != Role::kDefinition) {
      continue;
    }
    while (!open_ends.empty() && open_ends.back() < tag.line) {
      open_ends.pop_back();
    }
    context.out.print("{:>6}  {}{} {}\n", tag.line + 1, std::string(2 * open_ends.size(), ' '),
                      context.paint(Paint::kKind, kind_name(tag.kind)),
                      context.paint(Paint::kName, visible(tags.name(tag))));
    if (tag.end_line > tag.line) {
      open_ends.push_back(tag.end_line);
    }
  }
}

int run_outline(Context& context, const std::string& file) {
  const auto path = path_in_root(context, file);
  if (!path) {
    return report_failure(context, path.error());
  }
  const auto tags = context.queries.file_tags(context.root, *path);
  if (!tags) {
    return report_failure(context, tags.error());
  }
  const auto count = std::ranges::count(tags->tags, Role::kDefinition, &Tag::role);
  if (context.options.json) {
    print_document(context.out, outline_document(*path, *tags));
  } else {
    print_outline(context, *tags);
  }
  if (count == 0) {
    print_error(context.paint_error, fmt::format("{}: no definitions", visible(*path)));
  }
  return count == 0 ? kNothingFound : kDone;
}

}  // namespace

void add_outline_command(Commands& commands) {
  auto file = std::make_shared<std::string>();
  CLI::App& command = commands.add({"outline", "List the definitions of one file, nested",
                                    "  repomap outline src/main.c\n  repomap outline src/main.c --json",
                                    Needs::kRepository, nullptr, Answerer::kAnyone},
                                   [file](Context& context) { return run_outline(context, *file); });
  add_text(command, "FILE", *file, "The file").required();
}

}  // namespace repomap::cli
