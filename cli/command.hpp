// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"
#include "core/base/result.hpp"
#include "service/service.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// The exit statuses of docs/CLI.md.
enum ExitStatus : int { kDone = 0, kFailed = 1, kWrongUsage = 2, kNothingFound = 3 };

/// The options that every command takes.
struct GlobalOptions {
  std::string root;  ///< as given; "" for the repository around the working directory
  bool json = false;
  bool no_daemon = false;
  int verbosity = 0;
  std::map<std::string, std::string> settings;  ///< by key, from flags
};

/// What a command runs with.
struct Context {
  const GlobalOptions& options;
  std::string root;  ///< absolute
  LoadedSettings settings;
  Service& service;
  Painter out{1};
  Painter err{2};
};

/// Collects the commands of the program. Used by one thread.
class Commands {
 public:
  using Handler = std::function<int(Context&)>;

  explicit Commands(CLI::App& app) : app_(app) {}

  /// A new command with the global options. `examples` are lines for --help. The handler runs if it is the chosen one.
  CLI::App& add(const std::string& name, const std::string& summary, const std::string& examples, Handler handler);

  /// Runs the chosen command; failures go to stderr.
  int run();

  GlobalOptions& options() { return options_; }
  CLI::App& app() { return app_; }

 private:
  CLI::App& app_;
  GlobalOptions options_;
  Handler chosen_;
};

/// Says on stderr what failed, and gives kFailed (kNothingFound for kNotFound, kWrongUsage for kInvalidArgument).
int report_failure(const Context& context, const Error& error);

/// Says on stderr what the list and the index have left out: one line, and each file with -v.
void report_files(const Context& context, const FileReport& report);

/// A path argument relative to the root: looked for from the working directory, then from the root.
/// Errors: kNotFound, kInvalidArgument for a path outside of the root.
Result<std::string> path_in_root(const Context& context, const std::string& argument);

void add_map_command(Commands& commands);
void add_tags_command(Commands& commands);
void add_tree_command(Commands& commands);
void add_lookup_commands(Commands& commands);
void add_outline_command(Commands& commands);
void add_langs_command(Commands& commands);
void add_doctor_command(Commands& commands);
void add_version_command(Commands& commands);
void add_completion_command(Commands& commands);

}  // namespace repomap::cli
