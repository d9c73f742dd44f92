// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/command.hpp"

namespace {

/// Whether the first argument is meant as a command but names none.
bool is_unknown_command(const CLI::App& app, int argc, char** argv) {
  const auto is_named = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
  return argc > 1 && *argv[1] != '-' && app.get_subcommands(is_named).empty();
}

int run(int argc, char** argv) {
  using namespace repomap::cli;
  install_interrupt_handler();
  CLI::App app("Which parts of a repository matter for what you work on, within a token budget.", "repomap");
  app.require_subcommand(1);
  Commands commands(app);
  add_map_command(commands);
  add_tags_command(commands);
  add_tree_command(commands);
  add_lookup_commands(commands);
  add_outline_command(commands);
  add_langs_command(commands);
  add_doctor_command(commands);
  add_version_command(commands);
  add_completion_command(commands);
  app.set_version_flag("--version", "repomap " REPOMAP_VERSION);
  if (is_unknown_command(app, argc, argv)) {
    std::fprintf(stderr, "repomap: no command named \"%s\"; repomap --help lists them\n", argv[1]);
    return kWrongUsage;
  }
  try {
    app.parse(argc, argv);
    return commands.run();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "repomap: internal error: %s\n", error.what());
  } catch (...) {
    std::fputs("repomap: internal error of an unknown kind\n", stderr);
  }
  return repomap::cli::kFailed;
}
