// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <exception>

#include "cli/command.hpp"

int main(int argc, char** argv) {
  using namespace repomap::cli;
  install_interrupt_handler();
  CLI::App app("Which parts of a repository matter for what you work on, within a token budget.", "repomap");
  app.require_subcommand(1);
  Commands commands(app);
  add_map_command(commands);
  try {
    app.parse(argc, argv);
    return commands.run();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "repomap: internal error: %s\n", error.what());
    return kFailed;
  }
}
