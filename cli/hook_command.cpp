// SPDX-License-Identifier: Apache-2.0
//
// What a client runs at the start of a session and with each prompt. It must neither fail nor hold the client up: every
// trouble ends in no output, status 0 and a line in a log, and whatever takes longer than the deadline is left to a
// process in the background, so that the next call finds it done.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/daemon_access.hpp"
#include "cli/hook_input.hpp"
#include "cli/hook_log.hpp"
#include "cli/output_stream.hpp"
#include "cli/quantities.hpp"
#include "core/base/file_system.hpp"
#include "service/protocol/answer_json.hpp"
#include "service/protocol/daemon_address.hpp"
#include "service/protocol/daemon_launcher.hpp"
#include "service/protocol/request_json.hpp"
#include "service/repository_root.hpp"

namespace repomap::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// For the input, the connection and the answer. With the start of the program and of a shell, a tenth of a second.
constexpr milliseconds kDeadline{80};
constexpr milliseconds kStartPatience{10'000};
constexpr std::size_t kSessionTokens = 1024;
constexpr std::size_t kPromptTokens = 512;
constexpr std::string_view kWordThatStandsNowhere = "qzxwordthatstandsnowhereqzx";

struct HookOptions {
  std::string event;
  std::size_t tokens = 0;  ///< 0: as many as is usual for the event
};

/// The repository that the client works in. A directory that is none is taken only if it is named: nobody has asked for
/// a home directory to be indexed. Errors: kNotFound if there is none; those of find_repository_root().
Result<std::string> find_root(const Context& context, const HookInput& input) {
  if (!context.options.root.empty()) {
    return find_repository_root(context.options.root, RootSearch::kAround);
  }
  const char* project = std::getenv("CLAUDE_PROJECT_DIR");
  for (const std::string& start : {input.directory, std::string(project == nullptr ? "" : project), std::string(".")}) {
    auto root = start.empty() ? Result<std::string>(std::string()) : find_repository_root(start, RootSearch::kAround);
    if (root && !root->empty() && ::access(join_path(*root, ".git").c_str(), F_OK) == 0) {
      return root;
    }
  }
  return fail(ErrorCode::kNotFound, "not a repository");
}

MapQuery make_query(const std::string& root, const HookOptions& options, const HookInput& input) {
  MapQuery query;
  query.selection.root = root;
  const bool is_prompt = options.event == "user-prompt-submit";
  query.request.token_budget = options.tokens > 0 ? options.tokens : is_prompt ? kPromptTokens : kSessionTokens;
  if (is_prompt) {
    query.request.query = words_to_look_up(input.prompt);
  }
  return query;
}

milliseconds left_until(steady_clock::time_point end) {
  return std::max(std::chrono::ceil<milliseconds>(end - steady_clock::now()), milliseconds(1));
}

/// Asks the daemon, of whatever build: the protocol is the same. Errors: kUnavailable, kLimitExceeded if the time is
/// over, and those of the daemon.
Result<MapAnswer> ask(DaemonClient& client, const MapQuery& query, steady_clock::time_point end) {
  Json params = to_params(query);
  RequestTerms terms;
  terms.deadline = left_until(end);
  add_terms(params, terms);
  DaemonClient::Wait wait;
  wait.timeout = *terms.deadline;
  REPOMAP_ASSIGN(const Json answer, client.call("map", std::move(params), wait));
  return map_answer_from_json(answer);
}

/// A process that starts the daemon if there is none, and has it take the repository in.
Status warm_in_background(const DaemonAddress& address, const std::string& root) {
  REPOMAP_TRY(launch_daemon(address, {"hook", "warm", "--root", root}, milliseconds(0)));
  return {};
}

/// The map for a prompt; none if its words pull nothing up, so that the map is that of no words. Errors: those of
/// ask().
Result<std::optional<MapAnswer>> ask_about_prompt(DaemonClient& client, const MapQuery& query,
                                                  steady_clock::time_point end) {
  REPOMAP_ASSIGN(MapAnswer answer, ask(client, query, end));
  MapQuery of_nothing = query;
  of_nothing.request.query = kWordThatStandsNowhere;
  const auto usual = ask(client, of_nothing, end);
  if (!usual) {
    return answer;
  }
  const auto is_same = [](const MapFile& one, const MapFile& other) {
    return one.path == other.path && one.rank == other.rank;
  };
  if (std::ranges::equal(answer.map.files, usual->map.files, is_same)) {
    return std::nullopt;
  }
  return answer;
}

/// The map of an event; none if there is nothing to say. Errors: those of ask().
Result<std::optional<MapAnswer>> ask_for(const HookOptions& options, DaemonClient& client, const MapQuery& query,
                                         steady_clock::time_point end) {
  if (options.event == "user-prompt-submit") {
    return ask_about_prompt(client, query, end);
  }
  REPOMAP_ASSIGN(MapAnswer answer, ask(client, query, end));
  return answer;
}

/// A map without the empty lines that it begins with.
std::string_view trimmed(std::string_view map) { return map.substr(std::min(map.find_first_not_of('\n'), map.size())); }

std::string session_text(const MapAnswer& answer) {
  const Freshness& freshness = answer.report.freshness;
  const std::string state =
      freshness.pending == 0 ? "all of them read" : fmt::format("{} of them not read yet", freshness.pending);
  return fmt::format(
      "Map of this repository by repomap: the files and definitions that most others refer to, of {} files, {}. "
      "For more ask the MCP tools repo_map, find_symbol, file_outline and references of repomap, or run "
      "`repomap map --query WORDS`, `repomap symbols NAME`, `repomap refs NAME`, `repomap outline FILE`.\n\n{}",
      count_text(answer.report.listed), state, trimmed(answer.map.text));
}

std::string prompt_text(const MapAnswer& answer) {
  return fmt::format("Parts of this repository that the prompt may be about, found by its words (repomap):\n\n{}",
                     trimmed(answer.map.text));
}

/// What the client is to add; "" for nothing. Errors: why there is nothing, where there should be something.
Result<std::string> make_text(const Context& context, const HookOptions& options, steady_clock::time_point end) {
  REPOMAP_ASSIGN(const HookInput input, read_hook_input(STDIN_FILENO, end));
  const bool is_prompt = options.event == "user-prompt-submit";
  if (is_prompt && (!is_worth_a_map(input.prompt) || words_to_look_up(input.prompt).empty())) {
    return std::string();
  }
  REPOMAP_ASSIGN(const std::string root, find_root(context, input));
  if (context.settings.settings.daemon.use == DaemonUse::kOff) {
    return fail(ErrorCode::kUnavailable, "the setting daemon is off, and without a daemon there is no answer in time");
  }
  REPOMAP_ASSIGN(const DaemonAddress address, find_daemon_address());
  const auto client = DaemonClient::connect(address.socket, left_until(end));
  if (!client) {
    const bool may_start = DaemonAccess(context.settings.settings).may_start();
    REPOMAP_TRY(may_start ? warm_in_background(address, root) : Status());
    return std::unexpected(client.error());
  }
  const auto answer = ask_for(options, **client, make_query(root, options, input), end);
  if (!answer) {
    // A prompt that comes too late says nothing of the next one, but the first map of a session may be still to be
    // made.
    const bool is_late =
        answer.error().code == ErrorCode::kUnavailable || answer.error().code == ErrorCode::kLimitExceeded;
    REPOMAP_TRY(is_late && !is_prompt ? warm_in_background(address, root) : Status());
    return std::unexpected(answer.error());
  }
  if (!*answer || (*answer)->map.files.empty()) {
    return std::string();
  }
  return is_prompt ? prompt_text(**answer) : session_text(**answer);
}

/// Prints what Claude Code takes from a hook. A client that does not listen is no trouble.
void print_context(std::string_view event_name, const std::string& text) {
  Json json;
  json["hookSpecificOutput"]["hookEventName"] = event_name;
  json["hookSpecificOutput"]["additionalContext"] = text;
  OutputStream out(STDOUT_FILENO);
  out.write(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  out.write("\n");
  if (const auto finished = out.finish(); !finished) {
    log_hook_trouble(finished.error().message);
  }
}

/// In the background: starts the daemon, and asks it for the map that a session begins with.
Status warm(const Context& context) {
  REPOMAP_ASSIGN(const std::string root, find_root(context, {}));
  DaemonAccess access(context.settings.settings);
  auto client = access.connect();
  if (!client) {
    REPOMAP_TRY(access.start(std::chrono::milliseconds(0)));
    REPOMAP_ASSIGN(const DaemonAddress address, find_daemon_address());
    REPOMAP_ASSIGN(client, connect_within(address.socket, kStartPatience));
  }
  HookOptions options;
  options.event = "session-start";
  Json params = to_params(make_query(root, options, {}));
  RequestTerms terms;
  terms.completeness = Completeness::kWhole;
  add_terms(params, terms);
  REPOMAP_TRY(client->call("map", std::move(params), {}));
  return {};
}

int run_hook(Context& context, const HookOptions& options) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  const auto end = steady_clock::now() + kDeadline;
  for (const std::string& warning : context.settings.warnings) {
    log_hook_trouble(warning);
  }
  if (options.event == "warm") {
    if (const auto warmed = warm(context); !warmed) {
      log_hook_trouble(fmt::format("warm: {}", warmed.error().message));
    }
    return kDone;
  }
  const auto text = make_text(context, options, end);
  if (!text) {
    log_hook_trouble(fmt::format("{}: {}", options.event, text.error().message));
  } else if (!text->empty()) {
    print_context(options.event == "session-start" ? "SessionStart" : "UserPromptSubmit", *text);
  }
  return kDone;
}

}  // namespace

void add_hook_command(Commands& commands) {
  auto options = std::make_shared<HookOptions>();
  CLI::App& command =
      commands.add({"hook", "Print a map for an agent's hook: what the client says comes as JSON on standard input",
                    "  repomap hook session-start < /dev/null\n"
                    "  repomap hook user-prompt-submit --tokens 800 < /dev/null\n"
                    "  repomap install claude-code --hooks    has Claude Code run them",
                    Needs::kNothing, nullptr, Answerer::kNobody, Warnings::kLeftToHandler},
                   [options](Context& context) { return run_hook(context, *options); });
  command.add_option("EVENT", options->event, "session-start or user-prompt-submit")
      ->required()
      ->check(one_of({"session-start", "user-prompt-submit", "warm"}));
  command.add_option("--tokens", options->tokens, "The budget (1024, with a prompt 512)")->type_name("N");
}

}  // namespace repomap::cli
