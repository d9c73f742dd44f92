// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/server_queries.hpp"
#include "cli/visible_text.hpp"
#include "core/base/file_system.hpp"
#include "service/protocol/mcp_http.hpp"
#include "service/protocol/mcp_http_checks.hpp"
#include "service/protocol/mcp_stdio.hpp"
#include "service/protocol/stdio_channel.hpp"
#include "service/versions.hpp"

namespace repomap::cli {
namespace {

constexpr std::uint64_t kTokenBytes = 4096;

struct McpCommandOptions {
  std::string http_port;  ///< "" for stdio
  std::string token_file;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The size of a map for which nobody says one: that of the user, if he has set one; the default is meant for prompts,
/// and a tool that a model calls may say more.
McpMapSettings map_settings(const LoadedSettings& loaded) {
  McpMapSettings maps;
  maps.tokenizer = loaded.settings.tokenizer;
  maps.rank = loaded.settings.rank;
  maps.submodules = loaded.settings.submodules;
  const auto tokens = std::ranges::find(loaded.values, "tokens", &SettingValue::key);
  if (tokens != loaded.values.end() && tokens->origin != "default") {
    maps.tokens = loaded.settings.tokens;
  }
  return maps;
}

McpServer::Options server_options(const Context& context) {
  McpServer::Options options;
  options.version = program_version();
  options.maps = map_settings(context.settings);
  options.roots.root = context.options.root;
  options.roots.project_directory = environment("CLAUDE_PROJECT_DIR");
  options.roots.home = environment("HOME");
  std::error_code ignored;
  options.roots.working_directory = std::filesystem::current_path(ignored).string();
  return options;
}

Result<std::uint16_t> read_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("--http {}: a port from 0 to 65535 is expected", text));
  }
  return port;
}

/// The token that clients must bear: from a file, from the environment, or a new one that is told once.
Result<std::string> find_token(const McpCommandOptions& options) {
  std::string token = environment("REPO_MAP_MCP_TOKEN");
  if (!options.token_file.empty()) {
    REPOMAP_ASSIGN(token, make_posix_file_system()->read_file(options.token_file, kTokenBytes));
    token.erase(token.find_last_not_of(" \t\r\n") + 1);
    if (token.empty()) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: no token in it", options.token_file));
    }
  }
  if (token.empty()) {
    REPOMAP_ASSIGN(token, make_http_token());
    print_message(fmt::format("token: {}\n", token));
  }
  const auto is_plain = [](char c) { return c > ' ' && c <= '~'; };
  if (token.size() < 16 || !std::ranges::all_of(token, is_plain)) {
    return fail(ErrorCode::kInvalidArgument, "a token has at least 16 visible ASCII characters, and no spaces");
  }
  return token;
}

Status serve_http(McpServer& server, const McpCommandOptions& options) {
  McpHttpSettings settings;
  REPOMAP_ASSIGN(settings.port, read_port(options.http_port));
  REPOMAP_ASSIGN(settings.token, find_token(options));
  REPOMAP_ASSIGN(const auto http, McpHttp::listen(server, settings));
  print_message(fmt::format("listening at http://127.0.0.1:{}/mcp\n", http->port()));
  http->run();
  return {};
}

int run_mcp(Context& context, const McpCommandOptions& options) {
  // That the client is gone, the channel tells.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  if (context.options.no_daemon) {
    context.settings.settings.daemon.use = DaemonUse::kOff;
  }
  ServerQueries queries(context.settings.settings);
  McpServer server(queries, queries, server_options(context));
  Status served;
  if (options.http_port.empty()) {
    StdioChannel channel(STDIN_FILENO, STDOUT_FILENO);
    served = serve_mcp_stdio(server, channel);
  } else {
    served = serve_http(server, options);
  }
  return served ? kDone : report_failure(context, served.error());
}

}  // namespace

void add_mcp_command(Commands& commands) {
  auto options = std::make_shared<McpCommandOptions>();
  CLI::App& command =
      commands.add({"mcp", "Serve an agent over stdin and stdout: the Model Context Protocol",
                    "  repomap mcp                     what a client starts, in the directory of the project\n"
                    "  repomap mcp --root DIR          for a client that starts it elsewhere\n"
                    "  claude mcp add repomap -- repomap mcp                        adds it to Claude Code\n"
                    "  {\"mcpServers\": {\"repomap\": {\"command\": \"repomap\", \"args\": [\"mcp\"]}}}   in the file "
                    "of most others\n"
                    "  REPO_MAP_MCP_TOKEN=$(cat FILE) repomap mcp --http 8765       at http://127.0.0.1:8765/mcp",
                    Needs::kNothing, nullptr, Answerer::kNobody},
                   [options](Context& context) { return run_mcp(context, *options); });
  add_text(command, "--http", options->http_port, "Serve at this port of 127.0.0.1 instead (0: any that is free)")
      .type_name("PORT");
  add_text(command, "--token-file", options->token_file,
           "With the token that HTTP clients must bear (default: $REPO_MAP_MCP_TOKEN, else a new one, told on stderr)")
      .type_name("FILE");
}

}  // namespace repomap::cli
