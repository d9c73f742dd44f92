// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/daemon_access.hpp"
#include "cli/local_service.hpp"
#include "cli/output_stream.hpp"
#include "cli/terminal.hpp"
#include "core/base/result.hpp"
#include "service/query_backend.hpp"
#include "service/service.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// The exit statuses of docs/CLI.md; 130 is in terminal.cpp.
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
  std::string root;  ///< absolute; "" if there is none and the command needs none
  LoadedSettings settings;
  std::optional<Error> startup_error;  ///< why there is no root, or why the settings are the defaults
  LocalService& local;
  DaemonAccess& daemon;
  QueryBackend& queries;  ///< the daemon where the command may use it and one is there; else `local`
  OutputStream& out;
  Painter paint{1};
  Painter paint_error{2};

  /// The service in this process. REQUIRES: a command of Answerer::kThisProcess.
  Service& service() const { return local.opened(); }
};

/// Whether a command is about a repository, or answers without one and with settings that cannot be used.
enum class Needs : std::uint8_t { kRepository, kNothing };

/// Who answers a command.
enum class Answerer : std::uint8_t {
  kThisProcess,  ///< its service is open when the handler is called
  kAnyone,       ///< the daemon if it can; whoever it is gives the same answer
  kNobody,       ///< the command asks no questions about a repository
};

/// What becomes of LoadedSettings::warnings.
enum class Warnings : std::uint8_t {
  kPrinted,  ///< on stderr, before the handler is called
  kLeftToHandler,
};

/// Collects the commands of the program. Used by one thread.
class Commands {
 public:
  using Handler = std::function<int(Context&)>;

  explicit Commands(CLI::App& app) : app_(app) {}

  /// What a command is called, what it does in a clause, and lines for --help that show its use.
  struct Description {
    std::string name;
    std::string summary;
    std::string examples;
    Needs needs = Needs::kRepository;
    CLI::App* group = nullptr;  ///< as given by add_group(); null: the program
    Answerer answerer = Answerer::kThisProcess;
    Warnings warnings = Warnings::kPrinted;
  };

  /// A new command with the global options. The handler runs if it is the chosen one.
  CLI::App& add(const Description& description, Handler handler);

  /// A new command that only has commands of its own.
  CLI::App& add_group(const std::string& name, const std::string& summary, const std::string& examples);

  /// Runs the chosen command; failures go to stderr. What it prints goes to `out`, which the caller finishes.
  int run(OutputStream& out);

  GlobalOptions& options() { return options_; }
  CLI::App& app() { return app_; }

 private:
  Status prepare(std::string& root, LoadedSettings& settings) const;
  int run_chosen(std::string root, LoadedSettings settings, std::optional<Error> startup_error, OutputStream& out);

  CLI::App& app_;
  GlobalOptions options_;
  Handler chosen_;
  Needs needs_ = Needs::kRepository;
  Answerer answerer_ = Answerer::kThisProcess;
  Warnings warnings_ = Warnings::kPrinted;
};

/// Says on stderr what failed, and gives kFailed, or kWrongUsage for kInvalidArgument.
int report_failure(const Context& context, const Error& error);

/// Says on stderr that no daemon runs, and gives kNothingFound, if that is why there is no connection to one; else as
/// report_failure().
int report_no_daemon(const Context& context, const Error& error);

/// Says on stderr what the list and the index have left out: one line, and each file with -v.
void report_files(const Context& context, const FileReport& report);

/// Says on stderr who has answered, and how much of what this process looked up was in the cache, by tier; nothing if
/// it looked nothing up.
void report_work(const Context& context);

/// A path argument relative to the root: looked for from the working directory, then from the root.
/// Errors: kNotFound, with what may have been meant; kInvalidArgument for a path outside of the root.
Result<std::string> path_in_root(const Context& context, const std::string& argument);

/// That there is a language of that name, or that none is asked for. Errors: kInvalidArgument.
Status check_language(const Context& context, const std::string& name);

/// `--root DIR` as an argument without a name.
void add_root_argument(Commands& commands, CLI::App& command);

void add_map_command(Commands& commands);
void add_index_command(Commands& commands);
void add_cache_commands(Commands& commands);
void add_tags_command(Commands& commands);
void add_tree_command(Commands& commands);
void add_lookup_commands(Commands& commands);
void add_outline_command(Commands& commands);
void add_serve_command(Commands& commands);
void add_stop_command(Commands& commands);
void add_status_command(Commands& commands);
void add_watch_command(Commands& commands);
void add_lsp_command(Commands& commands);
void add_mcp_command(Commands& commands);
void add_langs_command(Commands& commands);
void add_doctor_command(Commands& commands);
void add_hook_command(Commands& commands);
void add_install_command(Commands& commands);
void add_version_command(Commands& commands);
void add_completion_command(Commands& commands);

}  // namespace repomap::cli
