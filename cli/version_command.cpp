// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "service/versions.hpp"

namespace repomap::cli {
namespace {

int run_version(Context& context) {
  const auto versions = component_versions();
  if (context.options.json) {
    Json json;
    for (const ComponentVersion& component : versions) {
      json[component.name] = component.version;
    }
    print_document(context.out, json);
    return kDone;
  }
  for (const ComponentVersion& component : versions) {
    const bool is_product = &component == &versions.front();
    context.out.print("{}{} {}\n", is_product ? "" : "  ", component.name, component.version);
  }
  return kDone;
}

}  // namespace

void add_version_command(Commands& commands) {
  commands.add({"version", "Show the versions of the program and its libraries",
                "  repomap version\n  repomap version --json", Needs::kNothing, nullptr, Answerer::kNobody},
               run_version);
}

}  // namespace repomap::cli
