// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>

#include "cli/command.hpp"
#include "cli/daemon_access.hpp"
#include "cli/json_output.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

// A daemon ends within a second; one that takes as long as this hangs.
constexpr std::chrono::milliseconds kPatience{10'000};

void print_outcome(const Context& context, const DaemonIdentity* stopped) {
  if (context.options.json) {
    Json json;
    json["stopped"] = stopped != nullptr;
    json["pid"] = stopped == nullptr ? Json() : Json(stopped->pid);
    print_document(context.out, json);
  } else if (stopped != nullptr) {
    context.out.print("the daemon, process {}, has ended\n", stopped->pid);
  }
}

Status end_daemon(DaemonConnection& connection) {
  DaemonClient::Wait wait;
  wait.timeout = kPatience;
  REPOMAP_TRY(connection.client->call("shutdown", Json::object({{"drain", true}}), wait));
  if (!wait_for_end(connection.identity.pid, kPatience)) {
    return fail(ErrorCode::kBusy,
                fmt::format("the daemon, process {}, does not end; its log may say why", connection.identity.pid));
  }
  return {};
}

int run_stop(Context& context) {
  auto connection = connect_to_daemon();
  if (!connection) {
    print_outcome(context, nullptr);
    context.out.flush();
    return report_no_daemon(context, connection.error());
  }
  if (const auto ended = end_daemon(*connection); !ended) {
    return report_failure(context, ended.error());
  }
  print_outcome(context, &connection->identity);
  return kDone;
}

}  // namespace

void add_stop_command(Commands& commands) {
  commands.add({"stop", "Stop the background daemon; answers under way are finished", "  repomap stop", Needs::kNothing,
                nullptr, Answerer::kNobody},
               run_stop);
}

}  // namespace repomap::cli
