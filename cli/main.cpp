// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <string>

#include "service/service.hpp"

namespace {

using nlohmann::ordered_json;

void print_tags(const std::string& path, const repomap::FileTags& tags, int roles) {
  for (const repomap::Tag& tag : tags.tags) {
    const bool is_definition = tag.role == repomap::Role::kDefinition;
    if ((is_definition && roles == 2) || (!is_definition && roles == 1)) {
      continue;
    }
    ordered_json line;
    line["path"] = path;
    line["name"] = tags.name(tag);
    line["role"] = repomap::role_name(tag.role);
    line["kind"] = repomap::kind_name(tag.kind);
    line["line"] = tag.line + 1;
    line["column"] = tag.column + 1;
    line["end_line"] = tag.end_line + 1;
    line["scope"] = tags.scope(tag);
    line["signature"] = tags.signature(tag);
    line["lang"] = tags.language;
    std::cout << line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"repomap"};
  app.require_subcommand(1);
  std::string root = std::filesystem::current_path().string();
  std::vector<std::string> paths;
  std::string format = "jsonl";
  std::string language;
  bool defs = false;
  bool refs = false;
  auto* tags = app.add_subcommand("tags");
  tags->add_option("paths", paths);
  tags->add_option("--root", root);
  tags->add_option("--format", format);
  tags->add_option("--lang", language);
  tags->add_flag("--defs", defs);
  tags->add_flag("--refs", refs);
  auto* langs = app.add_subcommand("langs");
  CLI11_PARSE(app, argc, argv);
  repomap::Service service({}, repomap::find_resources());
  if (langs->parsed()) {
    for (const auto& status : service.languages()) {
      std::cout << status.name << '\t' << status.abi_version << '\t' << status.error << '\n';
    }
    return 0;
  }
  repomap::TagsRequest request;
  request.selection.root = std::filesystem::absolute(root).string();
  request.paths = paths;
  request.language = language;
  const auto report = service.tags(request,
                                   [&](const std::string& path, const repomap::FileTags& file) {
                                     print_tags(path, file, defs ? 1 : refs ? 2 : 0);
                                   },
                                   {});
  if (!report) {
    std::cerr << report.error().message << '\n';
    return 1;
  }
  std::cerr << report->index.parsed << " parsed, " << report->index.unknown << " unknown, " << report->index.tags
            << " tags\n";
  for (const auto& skipped : report->skipped) {
    std::cerr << skipped.path << ": " << repomap::skip_reason_name(skipped.reason) << ": " << skipped.detail << '\n';
  }
  return 0;
}
