// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
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

using FormatMaker = std::unique_ptr<TagFormat> (*)(const TagFormatTarget&);

const std::map<std::string, FormatMaker>& format_makers() {
  static const std::map<std::string, FormatMaker> kMakers = {{"table", make_table_format},
                                                             {"jsonl", make_json_lines_format},
                                                             {"ctags", make_ctags_format},
                                                             {"etags", make_etags_format}};
  return kMakers;
}

Result<TagsRequest> make_request(const Context& context, const TagsOptions& options, const std::string& format) {
  if (options.references && (format == "ctags" || format == "etags")) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--format {} holds definitions only; --format jsonl holds references too", format));
  }
  TagsRequest request;
  request.selection = {context.root, {}, context.settings.settings.submodules};
  request.language = options.language;
  REPOMAP_TRY(check_language(context, options.language));
  for (const std::string& argument : options.paths) {
    REPOMAP_ASSIGN(request.selection.paths.emplace_back(), path_in_root(context, argument));
  }
  return request;
}

std::optional<Role> wanted_role(const TagsOptions& options) {
  if (options.definitions == options.references) {
    return std::nullopt;
  }
  return options.definitions ? Role::kDefinition : Role::kReference;
}

int run_tags(Context& context, const TagsOptions& options) {
  const std::string& name = context.options.json ? "jsonl" : options.format;
  const auto request = make_request(context, options, name);
  if (!request) {
    return report_failure(context, request.error());
  }
  const auto format = format_makers().at(name)({context.out, context.paint, context.root});
  std::size_t count = 0;
  auto progress = std::make_optional<ProgressBar>("indexing");
  const auto report = context.service().tags(
      *request,
      [&](const std::string& path, const FileTags& tags) {
        progress.reset();
        count += format->add(path, tags, wanted_role(options));
      },
      {.progress = [&progress](std::size_t done, std::size_t total) { progress->update(done, total); }});
  progress.reset();
  if (!report) {
    return report_failure(context, report.error());
  }
  format->finish();
  report_files(context, *report);
  if (format->left_out() > 0) {
    print_error(context.paint_error,
                fmt::format("{} tags left out: --format {} cannot hold control characters", format->left_out(), name));
  }
  return count == 0 ? kNothingFound : kDone;
}

}  // namespace

void add_tags_command(Commands& commands) {
  auto options = std::make_shared<TagsOptions>();
  CLI::App& command = commands.add({"tags", "List the definitions and references of files",
                                    "  repomap tags src/main.c --defs\n"
                                    "  repomap tags --refs --lang go --format jsonl\n"
                                    "  repomap tags --format ctags > tags             for vim and readtags\n"
                                    "  repomap tags --format etags > TAGS             for Emacs"},
                                   [options](Context& context) { return run_tags(context, *options); });
  std::vector<std::string> formats;
  for (const auto& [name, maker] : format_makers()) {
    formats.push_back(name);
  }
  add_text(command, "PATH", options->paths, "Files or directories (default: the whole repository)");
  auto* definitions = command.add_flag("--defs", options->definitions, "Definitions only");
  command.add_flag("--refs", options->references, "References only")->excludes(definitions);
  add_text(command, "--lang", options->language, "Only this language").type_name("L");
  add_text(command, "--format", options->format, "table, jsonl, ctags or etags (--json: jsonl)")
      .check(one_of(formats))
      ->type_name("FORMAT");
}

}  // namespace repomap::cli
