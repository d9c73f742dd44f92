// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/tag_formats.hpp"

namespace repomap::cli {
namespace {

struct TagsOptions {
  std::vector<std::string> paths;
  bool definitions = false;
  bool references = false;
  std::string language;
  std::string format = "table";
};

int run_tags(Context& context, const TagsOptions& options) {
  const auto format = make_tag_format(context.options.json ? "jsonl" : options.format, context.root, context.out);
  TagsRequest request;
  request.selection = {context.root, {}, context.settings.settings.submodules};
  request.language = options.language;
  for (const std::string& argument : options.paths) {
    auto path = path_in_root(context, argument);
    if (!path) {
      return report_failure(context, path.error());
    }
    request.paths.push_back(std::move(*path));
  }
  const auto languages = context.service.language_names();
  if (!options.language.empty() && std::ranges::find(languages, options.language) == languages.end()) {
    return report_failure(context,
                          {ErrorCode::kInvalidArgument,
                           fmt::format("no language named \"{}\"; `repomap langs` lists them", options.language)});
  }
  std::optional<Role> role;
  if (options.definitions != options.references) {
    role = options.definitions ? Role::kDefinition : Role::kReference;
  }
  std::size_t count = 0;
  auto progress = std::make_optional<ProgressBar>("indexing");
  const auto report = context.service.tags(
      request,
      [&](const std::string& path, const FileTags& tags) {
        progress.reset();
        count += tags.tags.size();
        format->add(path, tags, role);
      },
      [&progress](std::size_t done, std::size_t total) { progress->update(done, total); });
  progress.reset();
  if (!report) {
    return report_failure(context, report.error());
  }
  format->finish();
  report_files(context, *report);
  return count == 0 ? kNothingFound : kDone;
}

}  // namespace

void add_tags_command(Commands& commands) {
  auto options = std::make_shared<TagsOptions>();
  CLI::App& command = commands.add("tags", "List the definitions and references of files",
                                   "  repomap tags src/main.c --defs\n"
                                   "  repomap tags --refs --lang go --format jsonl\n"
                                   "  repomap tags --format ctags > tags             for vim and readtags\n"
                                   "  repomap tags --format etags > TAGS             for Emacs",
                                   [options](Context& context) { return run_tags(context, *options); });
  command.add_option("PATH", options->paths, "Files or directories (default: the whole repository)");
  auto* definitions = command.add_flag("--defs", options->definitions, "Definitions only");
  command.add_flag("--refs", options->references, "References only")->excludes(definitions);
  command.add_option("--lang", options->language, "Only this language")->type_name("L");
  command.add_option("--format", options->format, "table, jsonl, ctags or etags (--json: jsonl)")
      ->check(CLI::IsMember({"table", "jsonl", "ctags", "etags"}))
      ->type_name("FORMAT");
}

}  // namespace repomap::cli
