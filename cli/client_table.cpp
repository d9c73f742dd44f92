// SPDX-License-Identifier: Apache-2.0
//
// Which file of a client holds what. The facts are from the documentation of each client; docs/CLIENTS.md says which of
// them were tried.
#include "cli/client_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "cli/client_program.hpp"
#include "cli/client_texts.hpp"
#include "core/base/file_system.hpp"

namespace repomap::cli {
namespace {

constexpr mode_t kSharedMode = 0644;
constexpr mode_t kPrivateMode = 0600;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

/// $NAME if that is absolute, else `otherwise`.
std::string directory_from(const char* name, const std::string& otherwise) {
  const std::string value = environment(name);
  return value.starts_with('/') ? value : otherwise;
}

std::vector<ClientTarget> targets(std::string path, ClientScope scope, ClientEntryPtr entry) {
  std::vector<ClientTarget> list;
  ClientTarget& target = list.emplace_back();
  target.path = std::move(path);
  target.new_mode = scope == ClientScope::kUser ? kPrivateMode : kSharedMode;
  target.entries.push_back(std::move(entry));
  return list;
}

/// {"command": …, "args": ["mcp", …]}, with "type" before it unless that is "".
Json stdio_server(const ClientPlaces& places, const std::string& type, const std::vector<std::string>& arguments) {
  Json server;
  if (!type.empty()) {
    server["type"] = type;
  }
  server["command"] = places.program;
  server["args"] = arguments;
  return server;
}

/// The arguments of a client that names the directory which it has open where the project is.
std::vector<std::string> arguments_for(ClientScope scope) {
  return scope == ClientScope::kProject ? std::vector<std::string>{"mcp", "--root", "${workspaceFolder}"}
                                        : std::vector<std::string>{"mcp"};
}

std::vector<ClientTarget> claude_code(const ClientPlaces& places, ClientScope scope, HookPolicy hooks) {
  const bool is_user = scope == ClientScope::kUser;
  const std::string own = directory_from("CLAUDE_CONFIG_DIR", "");
  Json server = stdio_server(places, "stdio", {"mcp"});
  server["alwaysLoad"] = true;
  const std::string servers = !is_user      ? join_path(places.root, ".mcp.json")
                              : own.empty() ? join_path(places.home, ".claude.json")
                                            : join_path(own, ".claude.json");
  auto list = targets(servers, scope, make_json_server({"mcpServers", "repomap"}, std::move(server)));
  if (hooks == HookPolicy::kInstall) {
    const std::string directory = own.empty() ? join_path(places.home, ".claude") : own;
    ClientTarget& settings = list.emplace_back();
    settings.path = join_path(is_user ? directory : join_path(places.root, ".claude"), "settings.json");
    settings.new_mode = is_user ? kPrivateMode : kSharedMode;
    settings.entries.push_back(make_json_hook("SessionStart", "session-start", places.program));
    settings.entries.push_back(make_json_hook("UserPromptSubmit", "user-prompt-submit", places.program));
  }
  return list;
}

std::vector<ClientTarget> cursor(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string base = scope == ClientScope::kUser ? places.home : places.root;
  return targets(join_path(base, ".cursor/mcp.json"), scope,
                 make_json_server({"mcpServers", "repomap"}, stdio_server(places, "stdio", arguments_for(scope))));
}

std::vector<ClientTarget> vscode(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string path = scope == ClientScope::kUser ? join_path(places.config_home, "Code/User/mcp.json")
                                                       : join_path(places.root, ".vscode/mcp.json");
  return targets(path, scope,
                 make_json_server({"servers", "repomap"}, stdio_server(places, "stdio", arguments_for(scope))));
}

std::vector<ClientTarget> zed(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  Json server = stdio_server(places, "", {"mcp"});
  server["env"] = Json::object();
  return targets(join_path(places.config_home, "zed/settings.json"), scope,
                 make_json_server({"context_servers", "repomap"}, std::move(server)));
}

std::vector<ClientTarget> codex(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string directory = scope == ClientScope::kUser
                                    ? directory_from("CODEX_HOME", join_path(places.home, ".codex"))
                                    : join_path(places.root, ".codex");
  return targets(join_path(directory, "config.toml"), scope, make_toml_server(places.program));
}

std::vector<ClientTarget> opencode(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string directory = scope == ClientScope::kUser ? join_path(places.config_home, "opencode") : places.root;
  const std::string with_comments = join_path(directory, "opencode.jsonc");
  Json server;
  server["type"] = "local";
  server["command"] = {places.program, "mcp"};
  server["enabled"] = true;
  const std::string plain = join_path(directory, "opencode.json");
  const bool is_plain = !exists(with_comments);
  auto list = targets(is_plain ? plain : with_comments, scope, make_json_server({"mcp", "repomap"}, std::move(server)));
  list.front().others = {is_plain ? with_comments : plain};
  return list;
}

std::vector<ClientTarget> gemini_cli(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string base = scope == ClientScope::kUser ? places.home : places.root;
  return targets(join_path(base, ".gemini/settings.json"), scope,
                 make_json_server({"mcpServers", "repomap"}, stdio_server(places, "", {"mcp"})));
}

std::vector<ClientTarget> windsurf(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  return targets(join_path(places.home, ".codeium/windsurf/mcp_config.json"), scope,
                 make_json_server({"mcpServers", "repomap"}, stdio_server(places, "", {"mcp"})));
}

std::vector<ClientTarget> sublime_text(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  Json server;
  server["enabled"] = true;
  server["command"] = {places.program, "lsp"};
  server["selector"] = "source";
  return targets(join_path(places.config_home, "sublime-text/Packages/User/LSP.sublime-settings"), scope,
                 make_json_server({"clients", "repomap"}, std::move(server)));
}

/// A string as Lua and Emacs Lisp both read it.
std::string script_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter == '"' || letter == '\\' ? std::string("\\") + letter
              : letter == '\n'                ? std::string("\\n")
                                              : std::string(1, letter);
  }
  return quoted + "\"";
}

std::vector<ClientTarget> neovim(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const std::string body = fmt::format("vim.g.repomap_program = vim.g.repomap_program or {}\n{}",
                                       script_string(places.program), neovim_client_text());
  return targets(join_path(places.config_home, "nvim/plugin/repomap.lua"), scope, make_own_file("--", body));
}

constexpr std::string_view kEmacsFile = "repomap.el";

/// The directories that Emacs may take, first the one that has our file, else the one that it takes: ~/.emacs.d if that
/// is there, else the directory of XDG if that is.
std::array<std::string, 2> emacs_directories(const ClientPlaces& places) {
  std::string classic = join_path(places.home, ".emacs.d");
  std::string modern = join_path(places.config_home, "emacs");
  const bool is_classic = exists(join_path(classic, kEmacsFile)) ||
                          (!exists(join_path(modern, kEmacsFile)) && (exists(classic) || !exists(modern)));
  return is_classic ? std::array{std::move(classic), std::move(modern)}
                    : std::array{std::move(modern), std::move(classic)};
}

std::vector<ClientTarget> emacs(const ClientPlaces& places, ClientScope scope, HookPolicy /*hooks*/) {
  const auto directories = emacs_directories(places);
  const std::string own_file = join_path(directories.front(), kEmacsFile);
  auto list =
      targets(own_file, scope, make_own_file(";;; -*- lexical-binding: t -*-", std::string(emacs_client_text())));
  const std::string body =
      fmt::format("(setq repomap-program {})\n(load {} t t)\n", script_string(places.program), script_string(own_file));
  list.front().others = {join_path(directories.back(), kEmacsFile)};
  ClientTarget& init = list.emplace_back();
  // Emacs reads the first that is there, and no other.
  init.others = {join_path(places.home, ".emacs.el"), join_path(places.home, ".emacs"),
                 join_path(directories.front(), "init.el"), join_path(directories.back(), "init.el")};
  const auto found = std::find_if(init.others.begin(), init.others.begin() + 2, exists);
  init.path = *found;
  init.others.erase(found);
  init.new_mode = kPrivateMode;
  init.entries.push_back(make_text_block(";;", body));
  return list;
}

constexpr std::string_view kMaps = "maps and look-ups as MCP tools";
constexpr std::string_view kLookUps = "look-ups as a language server, and maps with a command of the editor";

constexpr std::array<Client, 11> kClients{{
    {"claude-code",
     "Claude Code",
     "maps and look-ups as MCP tools; with --hooks also a map at the start of a session and with each prompt",
     "",
     true,
     true,
     true,
     {"claude"},
     {".claude", ".claude.json"},
     claude_code},
    {"cursor",
     "Cursor",
     kMaps,
     "enable the server in Cursor's settings, under MCP",
     true,
     true,
     false,
     {"cursor"},
     {".cursor"},
     cursor},
    {"vscode",
     "Visual Studio Code",
     kMaps,
     "start the server with \"MCP: List Servers\"",
     true,
     true,
     false,
     {"code"},
     {".config/Code", ".vscode"},
     vscode},
    {"zed", "Zed", kMaps, "", true, false, false, {"zed", "zeditor"}, {".config/zed"}, zed},
    {"codex", "Codex", kMaps, "", true, true, false, {"codex"}, {".codex"}, codex},
    {"opencode", "OpenCode", kMaps, "", true, true, false, {"opencode"}, {".config/opencode"}, opencode},
    {"gemini-cli", "Gemini CLI", kMaps, "", true, true, false, {"gemini"}, {".gemini"}, gemini_cli},
    {"windsurf",
     "Windsurf",
     kMaps,
     "refresh the MCP servers in Windsurf",
     true,
     false,
     false,
     {"windsurf"},
     {".codeium/windsurf"},
     windsurf},
    {"neovim", "Neovim", kLookUps, "", true, false, false, {"nvim"}, {".config/nvim"}, neovim},
    {"emacs", "Emacs", kLookUps, "", true, false, false, {"emacs"}, {".emacs.d", ".emacs", ".config/emacs"}, emacs},
    {"sublime-text",
     "Sublime Text with the package LSP",
     "look-ups as a language server",
     "",
     true,
     false,
     false,
     {"subl", "sublime_text"},
     {".config/sublime-text"},
     sublime_text},
}};

}  // namespace

std::span<const Client> all_clients() { return kClients; }

Result<ClientPlaces> find_client_places(const std::string& root) {
  ClientPlaces places;
  places.home = directory_from("HOME", "");
  places.config_home = directory_from("XDG_CONFIG_HOME", places.home.empty() ? "" : join_path(places.home, ".config"));
  places.root = root;
  REPOMAP_ASSIGN(places.program, client_program());
  return places;
}

bool is_client_found(const Client& client, const ClientPlaces& places) {
  const auto is_directory_there = [&](std::string_view directory) {
    constexpr std::string_view kConfig = ".config/";
    const std::string path = directory.starts_with(kConfig)
                                 ? join_path(places.config_home, directory.substr(kConfig.size()))
                                 : join_path(places.home, directory);
    return !directory.empty() && !places.home.empty() && exists(path);
  };
  return std::ranges::any_of(client.directories, is_directory_there) ||
         std::ranges::any_of(client.programs,
                             [](std::string_view name) { return !name.empty() && !find_in_path(name).empty(); });
}

Result<std::vector<ClientTarget>> client_targets(const Client& client, const ClientPlaces& places, ClientScope scope,
                                                 HookPolicy hooks) {
  if (scope == ClientScope::kUser ? !client.has_user_scope : !client.has_project_scope) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} has no configuration of scope {}", client.name, client_scope_name(scope)));
  }
  if (scope == ClientScope::kUser && places.home.empty()) {
    return fail(ErrorCode::kNotFound, "there is no home directory: HOME is not set to an absolute path");
  }
  if (scope == ClientScope::kProject && places.root.empty()) {
    return fail(ErrorCode::kNotFound, "there is no repository here; --root names one");
  }
  return client.targets(places, scope, hooks);
}

std::string_view client_scope_name(ClientScope scope) { return scope == ClientScope::kUser ? "user" : "project"; }

}  // namespace repomap::cli
