// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

std::string joined(const LanguageStatus& status) {
  std::string names;
  for (const auto* list : {&status.extensions, &status.file_names}) {
    for (const std::string& name : *list) {
      names += names.empty() ? name : " " + name;
    }
  }
  return names;
}

void print_table(const Context& context, const std::vector<LanguageStatus>& languages) {
  std::size_t working = 0;
  for (const LanguageStatus& status : languages) {
    const bool works = status.error.empty();
    working += works ? 1 : 0;
    context.out.print("{} {}{}  {}\n", works ? context.paint(Paint::kGood, "on ") : context.paint(Paint::kBad, "off"),
                      context.paint(Paint::kName, fmt::format("{:<18}", status.name)),
                      status.is_user_language ? " (yours)" : "",
                      works ? context.paint(Paint::kDim, joined(status)) : visible(status.error));
  }
  context.out.flush();
  print_message(fmt::format("{} of {} languages work\n", working, languages.size()));
}

int run_langs(Context& context) {
  const auto languages = context.service().languages();
  if (!context.options.json) {
    print_table(context, languages);
    return kDone;
  }
  Json json = Json::array();
  for (const LanguageStatus& status : languages) {
    Json entry;
    entry["name"] = status.name;
    entry["works"] = status.error.empty();
    entry["user"] = status.is_user_language;
    entry["abi_version"] = status.abi_version;
    entry["extensions"] = status.extensions;
    entry["file_names"] = status.file_names;
    entry["error"] = status.error;
    json.push_back(std::move(entry));
  }
  print_document(context.out, {{"languages", std::move(json)}});
  return kDone;
}

}  // namespace

void add_langs_command(Commands& commands) {
  commands.add(
      {"langs", "List the languages, and why one is off", "  repomap langs\n  repomap langs --json", Needs::kNothing},
      run_langs);
}

}  // namespace repomap::cli
