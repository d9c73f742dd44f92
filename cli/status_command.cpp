// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/daemon_access.hpp"
#include "cli/json_output.hpp"
#include "cli/quantities.hpp"
#include "cli/status_table.hpp"
#include "cli/terminal.hpp"
#include "cli/visible_text.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap::cli {
namespace {

constexpr std::chrono::milliseconds kAnswerTimeout{10'000};
constexpr std::chrono::milliseconds kInterval{1000};
constexpr std::string_view kClearScreen = "\x1b[H\x1b[2J";

struct StatusOptions {
  bool watch = false;
};

Json no_status() {
  Json json;
  json["daemon"] = nullptr;
  json["repositories"] = Json::array();
  json["caches"] = Json::array();
  return json;
}

Result<Json> ask_status(DaemonClient& client, const Context& context) {
  DaemonClient::Wait wait;
  wait.timeout = kAnswerTimeout;
  Json params = Json::object();
  if (!context.options.root.empty()) {
    params["root"] = context.root;
  }
  return client.call("status", std::move(params), wait);
}

/// One line for each repository, for logs and pipes.
void print_lines(const Context& context, const StatusAnswer& answer) {
  const std::string now = time_text(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
  for (const RepositoryStatus& repository : answer.service.repositories) {
    context.out.print("{} {} {} generation {}, {} files, {} pending, {} queued, {}, watcher {}\n", now,
                      visible(repository.root), repository_state(repository), repository.generation, repository.files,
                      repository.pending, repository.queued, bytes_text(repository.memory_bytes),
                      visible(repository.watcher.to_display()));
  }
  if (answer.service.repositories.empty()) {
    context.out.print("{} no repositories\n", now);
  }
  context.out.flush();
}

Status print_status(const Context& context, const Json& status, const StatusOptions& options) {
  if (context.options.json) {
    options.watch ? print_json_line(context.out, status) : print_document(context.out, status);
    return {};
  }
  const auto answer = status_answer_from_json(status);
  if (!answer) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the daemon's status is not understood, since it is of another build: {}; --json shows it",
                            answer.error().message));
  }
  if (!options.watch) {
    print_status_tables(context, *answer);
  } else if (is_terminal_with_control_codes(STDOUT_FILENO)) {
    context.out.write(kClearScreen);
    print_status_tables(context, *answer);
    context.out.flush();
  } else {
    print_lines(context, *answer);
  }
  return {};
}

/// Until the daemon ends, or the process is interrupted.
Status show(const Context& context, DaemonClient& client, const StatusOptions& options) {
  for (;;) {
    REPOMAP_ASSIGN(const Json status, ask_status(client, context));
    REPOMAP_TRY(print_status(context, status, options));
    if (!options.watch) {
      return {};
    }
    DaemonClient::Wait wait;
    wait.timeout = kInterval;
    REPOMAP_TRY(client.next_notification(wait));
  }
}

int run_status(Context& context, const StatusOptions& options) {
  if (!context.options.root.empty() && context.root.empty() && context.startup_error) {
    return report_failure(context, *context.startup_error);
  }
  auto connection = connect_to_daemon();
  if (!connection) {
    if (context.options.json) {
      print_document(context.out, no_status());
      context.out.flush();
    }
    return report_no_daemon(context, connection.error());
  }
  const auto shown = show(context, *connection->client, options);
  return shown ? kDone : report_failure(context, shown.error());
}

}  // namespace

void add_status_command(Commands& commands) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App& command = commands.add({"status", "Show what the background daemon does, for each repository",
                                    "  repomap status                   all repositories\n"
                                    "  repomap status ~/src/project     one of them\n"
                                    "  repomap status --watch           once a second, until Ctrl-C\n"
                                    "  repomap status --json | jq '.repositories[].pending'",
                                    Needs::kNothing, nullptr, Answerer::kNobody},
                                   [options](Context& context) { return run_status(context, *options); });
  add_root_argument(commands, command);
  command.add_flag("--watch", options->watch, "Show it again every second; with --json a line each time");
}

}  // namespace repomap::cli
