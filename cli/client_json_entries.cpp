// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/client_entry.hpp"
#include "cli/client_program.hpp"
#include "core/base/file_system.hpp"

namespace repomap::cli {
namespace {

/// The value of the only member of that name, or null.
const JsoncValue* member(const JsoncValue& object, std::string_view key) {
  const auto found = object.members(key);
  return found.size() == 1 ? &found.front()->value : nullptr;
}

/// The string that names the program of a server: its "command", or the first element of that.
const JsoncValue* program_of(const JsoncValue& server) {
  const JsoncValue* command = member(server, "command");
  if (command != nullptr && command->kind == JsoncKind::kArray) {
    command = command->items.empty() ? nullptr : &command->items.front().value;
  }
  return command != nullptr && command->kind == JsoncKind::kString ? command : nullptr;
}

class JsonServer final : public ClientEntry {
 public:
  JsonServer(JsoncPath path, Json value) : path_(std::move(path)), value_(std::move(value)) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* server, find_jsonc(text, document, path_));
    if (server == nullptr) {
      return Presence::kAbsent;
    }
    const JsoncValue* program = program_of(*server);
    const bool is_ours = program != nullptr && is_own_program(jsonc_string(text, *program), own_program());
    return is_ours ? Presence::kOurs : Presence::kForeign;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    if (presence == Presence::kAbsent || overwrite == Overwrite::kAllow) {
      return set(text);
    }
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* server, find_jsonc(text, document, path_));
    if (presence == Presence::kForeign) {
      return fail(ErrorCode::kBusy, fmt::format("{}: \"{}\" runs another program; --force writes over it",
                                                place_in_text(text, server->begin), path_.back()));
    }
    const JsoncValue& program = *program_of(*server);
    if (jsonc_string(text, program) == own_program()) {
      return JsoncEdit{std::string(text), {}};
    }
    return JsoncEdit{replace_jsonc_value(text, program, own_program()), {}};
  }

  Result<std::optional<std::string>> find_foreign(std::string_view text) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    if (presence != Presence::kForeign) {
      return std::nullopt;
    }
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* server, find_jsonc(text, document, path_));
    return std::string(text.substr(server->begin, server->end - server->begin));
  }

  Result<std::string> take(std::string_view text, const std::optional<std::string>& instead) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    if (presence != Presence::kOurs) {
      return std::string(text);
    }
    if (!instead) {
      return erase_jsonc_member(text, path_);
    }
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* server, find_jsonc(text, document, path_));
    return std::string(text.substr(0, server->begin)) + *instead + std::string(text.substr(server->end));
  }

 private:
  std::string own_program() const {
    const Json& command = value_["command"];
    return (command.is_array() ? command[0] : command).get<std::string>();
  }

  Result<JsoncEdit> set(std::string_view text) const {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* server, find_jsonc(text, document, path_));
    if (server != nullptr) {
      // What already says the same, in whatever layout, is left.
      const auto there = parse_json(text.substr(server->begin, server->end - server->begin));
      if (there && *there == value_) {
        return JsoncEdit{std::string(text), {}};
      }
    }
    return set_jsonc_member(text, path_, value_);
  }

  const JsoncPath path_;
  const Json value_;
};

/// Where a hook that runs ours stands: the number of its group in the event's array, and of it in the group's "hooks".
struct HookPlace {
  std::size_t group = 0;
  std::size_t hook = 0;
  bool is_ours = false;  ///< it does nothing else
};

// What joins commands, redirects them or puts something into them. Behind our arguments it makes a command the user's.
constexpr std::string_view kShellOperators = ";&|<>$`()\n";

class JsonHook final : public ClientEntry {
 public:
  JsonHook(std::string event, const std::string& name, const std::string& program)
      : path_{"hooks", std::move(event)},
        arguments_(" hook " + name),
        program_(program),
        command_(shell_word(program) + arguments_) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* event, event_of(text, document));
    const auto found = place(text, event);
    return !found ? Presence::kAbsent : found->is_ours ? Presence::kOurs : Presence::kForeign;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const override {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* event, event_of(text, document));
    const auto found = place(text, event);
    if (!found) {
      Json hook;
      hook["type"] = "command";
      hook["command"] = command_;
      hook["timeout"] = kTimeoutSeconds;
      Json group;
      group["hooks"] = Json::array({hook});
      return append_jsonc_element(text, path_, group);
    }
    const JsoncValue& command = *member(hooks_of(*event, found->group)->items[found->hook].value, "command");
    if (!found->is_ours) {
      return JsoncEdit{std::string(text), {}};
    }
    const std::string there = jsonc_string(text, command);
    // Options behind the name of the event are kept, unless all is to be as if it were put in for the first time.
    const std::size_t arguments = there.find(arguments_);
    const std::string wanted = overwrite == Overwrite::kAllow
                                   ? command_
                                   : command_.substr(0, command_.size() - arguments_.size()) + there.substr(arguments);
    return JsoncEdit{there == wanted ? std::string(text) : replace_jsonc_value(text, command, wanted), {}};
  }

  /// Nothing: a hook is put beside the others.
  Result<std::optional<std::string>> find_foreign(std::string_view /*text*/) const override { return std::nullopt; }

  Result<std::string> take(std::string_view text, const std::optional<std::string>& /*instead*/) const override {
    std::string rest(text);
    for (;;) {
      REPOMAP_ASSIGN(const auto document, parse_jsonc(rest));
      REPOMAP_ASSIGN(const JsoncValue* event, event_of(rest, document));
      const auto found = place(rest, event);
      if (!found || !found->is_ours) {
        return rest;
      }
      const JsoncValue& hooks = *hooks_of(*event, found->group);
      rest = hooks.items.size() == 1 ? erase_jsonc_item(rest, *event, found->group)
                                     : erase_jsonc_item(rest, hooks, found->hook);
    }
  }

 private:
  // More than it ever takes; without it the client would wait for a minute.
  static constexpr int kTimeoutSeconds = 5;

  Result<const JsoncValue*> event_of(std::string_view text, const std::optional<JsoncValue>& document) const {
    REPOMAP_ASSIGN(const JsoncValue* event, find_jsonc(text, document, path_));
    if (event != nullptr && event->kind != JsoncKind::kArray) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: \"{}\" is not an array", place_in_text(text, event->begin), path_.back()));
    }
    return event;
  }

  static const JsoncValue* hooks_of(const JsoncValue& event, std::size_t group) {
    const JsoncValue* hooks = member(event.items[group].value, "hooks");
    return hooks != nullptr && hooks->kind == JsoncKind::kArray ? hooks : nullptr;
  }

  /// The first hook that is ours; else the first that holds ours.
  std::optional<HookPlace> place(std::string_view text, const JsoncValue* event) const {
    std::optional<HookPlace> holder;
    for (std::size_t group = 0; event != nullptr && group < event->items.size(); ++group) {
      const JsoncValue* hooks = hooks_of(*event, group);
      for (std::size_t hook = 0; hooks != nullptr && hook < hooks->items.size(); ++hook) {
        const std::string command = command_of(text, hooks->items[hook].value);
        if (is_ours(command)) {
          return HookPlace{group, hook, true};
        }
        if (!holder && holds_ours(command)) {
          holder = HookPlace{group, hook, false};
        }
      }
    }
    return holder;
  }

  static std::string command_of(std::string_view text, const JsoncValue& hook) {
    const JsoncValue* command = member(hook, "command");
    return command != nullptr && command->kind == JsoncKind::kString ? jsonc_string(text, *command) : std::string();
  }

  bool is_ours(std::string_view command) const {
    const std::size_t arguments = command.find(arguments_);
    if (arguments == std::string_view::npos) {
      return false;
    }
    const auto program = word_of_shell(command.substr(0, arguments));
    const std::string_view rest = command.substr(arguments + arguments_.size());
    return program && is_own_program(*program, program_) && (rest.empty() || rest.front() == ' ') &&
           rest.find_first_of(kShellOperators) == std::string_view::npos;
  }

  bool holds_ours(std::string_view command) const {
    std::size_t at = command.find(arguments_);
    while (at != std::string_view::npos) {
      std::string_view program = command.substr(0, at);
      program.remove_suffix(program.ends_with('\'') || program.ends_with('"') ? 1U : 0U);
      if (program.ends_with("repomap") || program.ends_with(program_)) {
        return true;
      }
      at = command.find(arguments_, at + 1);
    }
    return false;
  }

  const JsoncPath path_;
  const std::string arguments_;
  const std::string program_;
  const std::string command_;
};

}  // namespace

bool is_own_program(std::string_view program, std::string_view own) {
  return base_name(program) == "repomap" || program == own;
}

ClientEntryPtr make_json_server(JsoncPath path, Json value) {
  return std::make_unique<JsonServer>(std::move(path), std::move(value));
}

ClientEntryPtr make_json_hook(std::string event, const std::string& name, const std::string& program) {
  return std::make_unique<JsonHook>(std::move(event), name, program);
}

}  // namespace repomap::cli
