// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <csignal>
#include <memory>

#include "cli/command.hpp"
#include "cli/server_queries.hpp"
#include "core/base/file_system.hpp"
#include "service/documents.hpp"
#include "service/protocol/lsp_session.hpp"
#include "service/protocol/stdio_channel.hpp"
#include "service/repository_root.hpp"
#include "service/resource_paths.hpp"
#include "service/versions.hpp"

namespace repomap::cli {
namespace {

/// Without a repository of its own: the client says which folders it has.
Result<LspServer::Options> server_options(const Context& context) {
  LspServer::Options options;
  options.flags = context.options.settings;
  options.version = program_version();
  if (!context.options.root.empty()) {
    REPOMAP_ASSIGN(options.root, find_repository_root(context.options.root, RootSearch::kExact));
  }
  return options;
}

Result<LspEnd> serve(const Context& context) {
  REPOMAP_ASSIGN(LoadedSettings loaded, load_settings("", context.options.settings));
  Settings& settings = loaded.settings;
  if (context.options.no_daemon) {
    settings.daemon.use = DaemonUse::kOff;
  }
  REPOMAP_ASSIGN(const LspServer::Options options, server_options(context));
  REPOMAP_ASSIGN(const auto documents, Documents::open(find_resources(), settings.limits));
  ServerQueries queries(settings);
  const auto files = make_posix_file_system();
  StdioChannel channel(STDIN_FILENO, STDOUT_FILENO);
  return run_lsp(channel, {queries, *documents, *files}, options);
}

int run_lsp_command(Context& context) {
  // That the client is gone, the channel tells.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  const auto end = serve(context);
  if (!end) {
    return report_failure(context, end.error());
  }
  return *end == LspEnd::kWell ? kDone : kFailed;
}

}  // namespace

void add_lsp_command(Commands& commands) {
  commands.add({"lsp", "Serve an editor over stdin and stdout: the language server protocol",
                "  repomap lsp                 what an editor starts; it says which folders it has open\n"
                "  repomap lsp --root src      the folder, if the editor names none",
                Needs::kNothing, nullptr, Answerer::kNobody},
               run_lsp_command);
}

}  // namespace repomap::cli
