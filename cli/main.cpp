// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/hook_log.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

void add_commands(Commands& commands) {
  add_map_command(commands);
  add_index_command(commands);
  add_tags_command(commands);
  add_tree_command(commands);
  add_lookup_commands(commands);
  add_outline_command(commands);
  add_watch_command(commands);
  add_serve_command(commands);
  add_stop_command(commands);
  add_status_command(commands);
  add_lsp_command(commands);
  add_mcp_command(commands);
  add_cache_commands(commands);
  add_langs_command(commands);
  add_doctor_command(commands);
  add_hook_command(commands);
  add_install_command(commands);
  add_version_command(commands);
  add_completion_command(commands);
}

/// Wrong usage, but of a hook, which may not fail its client.
int report_usage(int argc, char** argv, const std::string& error) {
  if (is_hook_call(argc, argv)) {
    log_hook_trouble(error);
    return kDone;
  }
  print_error(Painter(2), error);
  return kWrongUsage;
}

/// Parses the arguments and runs the command; the status.
int run(int argc, char** argv, OutputStream& out) {
  CLI::App app("Which parts of a repository matter for what you work on, within a token budget.", "repomap");
  app.require_subcommand(1);
  app.set_version_flag("--version", "repomap " REPOMAP_VERSION);
  Commands commands(app);
  add_commands(commands);
  if (const std::string error = describe_unknown_command(app, argc, argv); !error.empty()) {
    return report_usage(argc, argv, error);
  }
  try {
    app.parse(guarded_arguments(argc, argv));
  } catch (const CLI::Success& request) {
    std::ostringstream text;
    app.exit(request, text, text);
    out.write(text.str());
    return kDone;
  } catch (const CLI::ParseError& error) {
    return report_usage(argc, argv, describe_usage_error(app, error));
  }
  return commands.run(out);
}

/// The same, and everything printed.
int run_to_end(int argc, char** argv) {
  OutputStream out(1);
  const int status = run(argc, argv, out);
  if (const auto finished = out.finish(); !finished) {
    print_error(Painter(2), visible(finished.error().message));
    return kFailed;
  }
  return status;
}

}  // namespace
}  // namespace repomap::cli

int main(int argc, char** argv) {
  using namespace repomap::cli;
  occupy_standard_streams();
  install_signal_handlers();
  try {
    const int status = run_to_end(argc, argv);
    return is_hook_call(argc, argv) ? kDone : status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "repomap: internal error: %s\n", error.what());
    return is_hook_call(argc, argv) ? kDone : kFailed;
  }
}
