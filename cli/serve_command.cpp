// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "cli/quantities.hpp"
#include "cli/visible_text.hpp"
#include "core/base/log.hpp"
#include "service/protocol/daemon.hpp"
#include "service/protocol/daemon_launcher.hpp"
#include "service/resource_paths.hpp"
#include "service/service_registry.hpp"
#include "service/settings.hpp"

namespace repomap::cli {
namespace {

constexpr std::chrono::milliseconds kStartPatience{10'000};

struct ServeOptions {
  bool background = false;
  std::optional<std::string> idle_exit;
  std::optional<std::string> metrics_port;
};

void print_ready(const Context& context, const DaemonAddress& address, int pid) {
  if (context.options.json) {
    Json json;
    json["pid"] = pid;
    json["socket"] = address.socket;
    print_json_line(context.out, json);
  } else {
    context.out.print("the daemon, process {}, listens at {}\n", pid, visible(address.socket));
    context.out.flush();
  }
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
    case LogLevel::kOff: break;
  }
  return "";
}

/// A daemon lives long: each message with its time, and none kept.
void log_with_times(const GlobalOptions& options) {
  set_log_level(options.verbosity > 0 ? LogLevel::kDebug : LogLevel::kInfo);
  set_log_sink([](LogLevel level, const std::string& message) {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    print_message(fmt::format("{} {}: {}\n", time_text(now), level_name(level), visible(message)));
  });
}

Status serve_in_background(const Context& context, const DaemonAddress& address, const ServeOptions& options) {
  std::vector<std::string> arguments{"serve"};
  if (options.idle_exit) {
    arguments.insert(arguments.end(), {"--idle-exit", without_guard(*options.idle_exit)});
  }
  if (options.metrics_port) {
    arguments.insert(arguments.end(), {"--metrics-port", without_guard(*options.metrics_port)});
  }
  REPOMAP_ASSIGN(const pid_t pid, launch_daemon(address, arguments, kStartPatience));
  print_ready(context, address, pid);
  return {};
}

Status serve(const Context& context, const DaemonAddress& address, const Settings& settings) {
  log_with_times(context.options);
  DaemonOptions options;
  options.address = address;
  options.idle_exit = settings.daemon.idle_exit;
  options.metrics_port = settings.daemon.metrics_port;
  options.on_ready = [&] { print_ready(context, address, ::getpid()); };
  ServiceRegistry registry(find_resources(), settings.daemon.live);
  REPOMAP_TRY(run_daemon(options, registry));
  return {};
}

/// Of another daemon that runs already nothing is to be started.
Status check_free() {
  const auto connection = connect_to_daemon();
  if (connection) {
    return fail(ErrorCode::kBusy,
                fmt::format("a daemon runs already, process {}; `repomap stop` ends it", connection->identity.pid));
  }
  return {};
}

Status run(const Context& context, const ServeOptions& options) {
  // What a daemon is, no repository decides, and it may be started anywhere.
  std::map<std::string, std::string> settings = context.options.settings;
  if (options.idle_exit) {
    settings["daemon_idle_exit"] = without_guard(*options.idle_exit);
  }
  if (options.metrics_port) {
    settings["daemon_metrics_port"] = without_guard(*options.metrics_port);
  }
  REPOMAP_ASSIGN(const LoadedSettings loaded, load_settings("", settings));
  REPOMAP_ASSIGN(const DaemonAddress address, find_daemon_address());
  if (!options.background) {
    return serve(context, address, loaded.settings);
  }
  REPOMAP_TRY(check_free());
  return serve_in_background(context, address, options);
}

int run_serve(Context& context, const ServeOptions& options) {
  const Status served = run(context, options);
  return served ? kDone : report_failure(context, served.error());
}

}  // namespace

void add_serve_command(Commands& commands) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App& command = commands.add({"serve", "Run the daemon that keeps repositories indexed and answers at once",
                                    "  repomap serve                    in the foreground, until Ctrl-C\n"
                                    "  repomap serve --background       detached; `repomap stop` ends it\n"
                                    "  repomap serve --idle-exit 0 --metrics-port 9187",
                                    Needs::kNothing, nullptr, Answerer::kNobody},
                                   [options](Context& context) { return run_serve(context, *options); });
  command.add_flag("--background", options->background, "Detach, and return when the daemon answers");
  command
      .add_option("--idle-exit", options->idle_exit, "End after so many seconds without a connection (1800; 0: never)")
      ->type_name("N");
  command.add_option("--metrics-port", options->metrics_port, "Serve metrics at this port of 127.0.0.1 (0: nowhere)")
      ->type_name("N");
}

}  // namespace repomap::cli
