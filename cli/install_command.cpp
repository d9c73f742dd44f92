// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/client_table.hpp"
#include "cli/command.hpp"
#include "cli/install_diff.hpp"
#include "cli/install_plan.hpp"
#include "cli/json_output.hpp"
#include "cli/suggestion.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

struct InstallOptions {
  std::vector<std::string> clients;
  std::string scope;
  bool dry_run = false;
  bool uninstall = false;
  bool hooks = false;
  bool force = false;
};

struct ClientPlan {
  const Client* client = nullptr;
  ClientScope scope = ClientScope::kUser;
  InstallPlan plan;
};

std::string diff_of(const InstallPlan& plan) {
  if (plan.change == InstallChange::kNone) {
    return "";
  }
  const std::string before = plan.file.text.value_or("");
  return unified_diff(plan.file.path, {before, plan.after, !plan.file.text, plan.change == InstallChange::kRemoved});
}

Result<const Client*> find_client(const std::string& name) {
  const auto clients = all_clients();
  const auto found = std::ranges::find(clients, name, &Client::name);
  if (found == clients.end()) {
    std::vector<std::string> names;
    std::ranges::transform(clients, std::back_inserter(names), [](const Client& one) { return std::string(one.name); });
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("no client named \"{}\"{}; `repomap install` lists them", name, did_you_mean(name, names)));
  }
  return &*found;
}

ClientScope scope_of(const Client& client, const InstallOptions& options) {
  const bool is_project = options.scope.empty() ? !client.has_user_scope : options.scope == "project";
  return is_project ? ClientScope::kProject : ClientScope::kUser;
}

Status plan_client(const Client& client, const ClientPlaces& places, const InstallOptions& options,
                   std::vector<ClientPlan>& plans) {
  const ClientScope scope = scope_of(client, options);
  // What is taken out is everything that may have been put in.
  const bool with_hooks = client.has_hooks && (options.hooks || options.uninstall);
  REPOMAP_ASSIGN(auto targets,
                 client_targets(client, places, scope, with_hooks ? HookPolicy::kInstall : HookPolicy::kNone));
  for (ClientTarget& target : targets) {
    auto paths = installed_paths(target);
    // It is put into one file, and taken out of all.
    paths.resize(options.uninstall ? paths.size() : 1);
    for (const std::string& path : paths) {
      target.path = path;
      const Overwrite overwrite = options.force ? Overwrite::kAllow : Overwrite::kRefuse;
      REPOMAP_ASSIGN(InstallPlan plan, options.uninstall ? plan_uninstall(target) : plan_install(target, overwrite));
      plans.push_back({&client, scope, std::move(plan)});
    }
  }
  return {};
}

Result<std::vector<ClientPlan>> make_plans(const Context& context, const InstallOptions& options) {
  REPOMAP_ASSIGN(const ClientPlaces places, find_client_places(context.root));
  std::vector<const Client*> clients;
  for (const std::string& name : options.clients) {
    REPOMAP_ASSIGN(const Client* client, find_client(name));
    if (std::ranges::find(clients, client) == clients.end()) {
      clients.push_back(client);
    }
  }
  if (options.hooks && std::ranges::none_of(clients, &Client::has_hooks)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} takes no hooks", fmt::join(options.clients, ", ")));
  }
  std::vector<ClientPlan> plans;
  for (const Client* client : clients) {
    REPOMAP_TRY(plan_client(*client, places, options, plans));
  }
  return plans;
}

std::string describe(const ClientPlan& plan, const InstallOptions& options) {
  const std::string path = visible(plan.plan.file.path);
  switch (plan.plan.change) {
    case InstallChange::kMade: return fmt::format("made {}", path);
    case InstallChange::kChanged: return fmt::format("changed {}", path);
    case InstallChange::kRemoved: return fmt::format("removed {}", path);
    case InstallChange::kNone: break;
  }
  return fmt::format("{} {}", options.uninstall ? "nothing of repomap is in" : "all is there already in", path);
}

void print_plans(const Context& context, const std::vector<ClientPlan>& plans, const InstallOptions& options) {
  if (context.options.json) {
    Json json;
    json["dry_run"] = options.dry_run;
    json["changes"] = Json::array();
    for (const ClientPlan& plan : plans) {
      json["changes"].push_back({{"client", plan.client->name},
                                 {"scope", client_scope_name(plan.scope)},
                                 {"path", plan.plan.file.path},
                                 {"change", install_change_name(plan.plan.change)},
                                 {"diff", diff_of(plan.plan)}});
    }
    print_document(context.out, json);
    return;
  }
  for (const ClientPlan& plan : plans) {
    if (options.dry_run && plan.plan.change != InstallChange::kNone) {
      context.out.write(diff_of(plan.plan));
    } else {
      context.out.print("{}: {}\n", context.paint(Paint::kName, plan.client->name), describe(plan, options));
    }
  }
}

/// What is left to do, once for each client.
void print_next_steps(const Context& context, const std::vector<ClientPlan>& plans) {
  const Client* told = nullptr;
  for (const ClientPlan& plan : plans) {
    if (plan.client != told && !plan.client->next.empty() && plan.plan.change != InstallChange::kNone) {
      context.out.print("{}: {}\n", context.paint(Paint::kName, plan.client->name), plan.client->next);
      told = plan.client;
    }
  }
}

Json listed(const Client& client, const ClientPlaces& places) {
  Json json;
  json["name"] = client.name;
  json["title"] = client.title;
  json["gets"] = client.gets;
  json["found"] = is_client_found(client, places);
  json["files"] = Json::array();
  for (const ClientScope scope : {ClientScope::kUser, ClientScope::kProject}) {
    auto targets = client_targets(client, places, scope, client.has_hooks ? HookPolicy::kInstall : HookPolicy::kNone);
    for (std::size_t i = 0; targets && i < targets->size(); ++i) {
      ClientTarget& target = (*targets)[i];
      target.path = installed_paths(target).front();
      const auto file = read_install_file(target.path);
      const auto presence = target.entries.front()->find(file && file->text ? *file->text : "");
      json["files"].push_back({{"scope", client_scope_name(scope)},
                               {"path", target.path},
                               {"installed", presence && *presence == Presence::kOurs}});
    }
  }
  return json;
}

std::string installed_text(const Json& files) {
  std::string text;
  for (const Json& file : files) {
    const std::string scope = file["scope"];
    if (file["installed"] && !text.contains(scope)) {
      text += (text.empty() ? "" : ", ") + scope;
    }
  }
  return text.empty() ? "-" : text;
}

int list_clients(const Context& context) {
  const auto places = find_client_places(context.root);
  if (!places) {
    return report_failure(context, places.error());
  }
  Json json;
  json["program"] = places->program;
  json["clients"] = Json::array();
  for (const Client& client : all_clients()) {
    json["clients"].push_back(listed(client, *places));
  }
  if (context.options.json) {
    print_document(context.out, json);
    return kDone;
  }
  context.out.print("{:<13} {:<6} {:<14} {}\n", "client", "found", "installed", "gets");
  for (const Json& client : json["clients"]) {
    context.out.print("{:<13} {:<6} {:<14} {}\n", client["name"].get<std::string>(), client["found"] ? "yes" : "-",
                      installed_text(client["files"]), client["gets"].get<std::string>());
  }
  context.out.print("\n`repomap install NAME --dry-run` shows what would be written\n");
  return kDone;
}

int apply_plans(Context& context, const std::vector<ClientPlan>& plans, const InstallOptions& options) {
  for (std::size_t i = 0; i < plans.size(); ++i) {
    std::string notice;
    if (const auto applied = options.dry_run ? Status() : apply_plan(plans[i].plan, notice); !applied) {
      // With --json the error is the answer.
      if (!context.options.json) {
        print_plans(context, {plans.begin(), plans.begin() + static_cast<std::ptrdiff_t>(i)}, options);
      }
      return report_failure(context, applied.error());
    }
    if (!notice.empty()) {
      print_error(context.paint_error, visible(notice));
    }
  }
  print_plans(context, plans, options);
  if (!options.dry_run && !options.uninstall && !context.options.json) {
    print_next_steps(context, plans);
  }
  const bool is_nothing =
      std::ranges::all_of(plans, [](const ClientPlan& plan) { return plan.plan.change == InstallChange::kNone; });
  return options.uninstall && is_nothing ? kNothingFound : kDone;
}

int run_install(Context& context, const InstallOptions& options) {
  if (options.clients.empty()) {
    if (options.uninstall || options.dry_run || options.hooks || options.force || !options.scope.empty()) {
      return report_failure(context, {ErrorCode::kInvalidArgument, "a client is needed; `repomap install` lists them"});
    }
    return list_clients(context);
  }
  // Nothing is written before everything is known to fit.
  const auto plans = make_plans(context, options);
  if (!plans) {
    return report_failure(context, plans.error());
  }
  return apply_plans(context, *plans, options);
}

}  // namespace

void add_install_command(Commands& commands) {
  auto options = std::make_shared<InstallOptions>();
  CLI::App& command = commands.add({"install", "Set an editor or agent up to use repomap; without a name: list them",
                                    "  repomap install                                  which there are\n"
                                    "  repomap install claude-code --hooks              for all repositories\n"
                                    "  repomap install cursor vscode --scope project    for this repository\n"
                                    "  repomap install zed --dry-run                    only show what would change\n"
                                    "  repomap install claude-code --uninstall          undo it",
                                    Needs::kNothing, nullptr, Answerer::kNobody},
                                   [options](Context& context) { return run_install(context, *options); });
  add_text(command, "CLIENT", options->clients, "The names of editors and agents");
  command
      .add_option("--scope", options->scope,
                  "user: for all repositories; project: in this one (user, where the client has both)")
      ->check(one_of({"user", "project"}))
      ->type_name("SCOPE");
  command.add_flag("--hooks", options->hooks, "Also have a map shown at the start of a session and with each prompt");
  command.add_flag("--dry-run", options->dry_run, "Write nothing, show what would change as a unified diff");
  command.add_flag("--uninstall", options->uninstall, "Take out what was put in");
  command.add_flag("--force", options->force, "Write over an entry named repomap that starts something else");
}

}  // namespace repomap::cli
