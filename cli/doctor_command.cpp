// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/cache_diagnosis.hpp"
#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "cli/visible_text.hpp"
#include "service/resource_paths.hpp"
#include "service/versions.hpp"

namespace repomap::cli {
namespace {

struct Check {
  std::string name;
  bool is_good = false;
  std::string detail;
};

bool is_readable(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

Check check_path(const std::string& name, const std::string& path) {
  return {name, is_readable(path), is_readable(path) ? path : path + " cannot be read: install again"};
}

/// That the root and the settings can be used: without either, the rest is checked with the defaults.
Check check_start(const Context& context) {
  if (context.startup_error) {
    return {context.root.empty() ? "repository" : "settings", false, context.startup_error->message};
  }
  return check_path("repository", context.root);
}

std::vector<Check> run_checks(Context& context, const CacheDiagnosis& diagnosis) {
  const ResourcePaths resources = find_resources();
  std::vector<Check> checks = {
      check_start(context),
      check_path("grammars", resources.languages.grammars),
      check_path("queries", resources.languages.queries),
      check_path("o200k tokens", join_path(resources.data, "o200k_base.bpe")),
      check_path("cl100k tokens", join_path(resources.data, "cl100k_base.bpe")),
  };
  const auto languages = context.service().languages();
  std::size_t working = 0;
  for (const LanguageStatus& status : languages) {
    working += status.error.empty() ? 1 : 0;
    if (!status.error.empty()) {
      checks.push_back({"language " + status.name, false, status.error});
    }
  }
  checks.push_back({"cache", diagnosis.is_good, diagnosis.detail});
  checks.push_back({"languages", working > 0, fmt::format("{} of {} work", working, languages.size())});
  return checks;
}

void print_text(const Context& context, const std::vector<Check>& checks, const CacheDiagnosis& diagnosis) {
  for (const Check& check : checks) {
    context.out.print("{} {:<16} {}\n",
                      check.is_good ? context.paint(Paint::kGood, "ok ") : context.paint(Paint::kBad, "bad"),
                      check.name, visible(check.detail));
  }
  for (const std::string& notice : diagnosis.notices) {
    context.out.print("    {}\n", visible(notice));
  }
  context.out.print("\ncache\n");
  print_kind_settings(context);
  context.out.print("\nsettings\n");
  for (const SettingValue& value : context.settings.values) {
    context.out.print(
        "    {:<22} {:<10} {}\n", value.key, visible(value.value),
        context.paint(Paint::kDim, fmt::format("{}; {}; {}", visible(value.origin), value.environment, value.help)));
  }
}

void print_json(const Context& context, const std::vector<Check>& checks, const CacheDiagnosis& diagnosis) {
  Json json;
  json["root"] = context.root;
  json["checks"] = Json::array();
  for (const Check& check : checks) {
    json["checks"].push_back({{"name", check.name}, {"ok", check.is_good}, {"detail", check.detail}});
  }
  json["settings"] = Json::array();
  for (const SettingValue& value : context.settings.values) {
    json["settings"].push_back({{"key", value.key},
                                {"value", value.value},
                                {"origin", value.origin},
                                {"environment", value.environment},
                                {"help", value.help}});
  }
  json["cache"] = to_json(context, diagnosis);
  json["versions"] = Json::object();
  for (const ComponentVersion& component : component_versions()) {
    json["versions"][component.name] = component.version;
  }
  print_document(context.out, json);
}

int run_doctor(Context& context) {
  const CacheDiagnosis diagnosis = diagnose_cache(context);
  const auto checks = run_checks(context, diagnosis);
  if (context.options.json) {
    print_json(context, checks, diagnosis);
  } else {
    print_text(context, checks, diagnosis);
  }
  const bool is_good = std::ranges::all_of(checks, &Check::is_good);
  return is_good ? kDone : kFailed;
}

}  // namespace

void add_doctor_command(Commands& commands) {
  commands.add({"doctor", "Check the installation, and show each setting and where it came from",
                "  repomap doctor\n  repomap doctor --json", Needs::kNothing},
               run_doctor);
}

}  // namespace repomap::cli
