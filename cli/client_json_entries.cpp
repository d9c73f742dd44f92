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
    const bool is_ours = program != nullptr && is_own_program(jsonc_string(text, *program));
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
    const Json& command = value_["command"];
    const Json& wanted = command.is_array() ? command[0] : command;
    if (jsonc_string(text, program) == wanted.get<std::string>()) {
      return JsoncEdit{std::string(text), {}};
    }
    return JsoncEdit{replace_jsonc_value(text, program, wanted), {}};
  }

  Result<std::string> take(std::string_view text) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    return presence == Presence::kOurs ? erase_jsonc_member(text, path_) : std::string(text);
  }

 private:
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

/// Where a hook of ours stands: the number of its group in the event's array, and of it in the group's "hooks".
struct HookPlace {
  std::size_t group = 0;
  std::size_t hook = 0;
};

class JsonHook final : public ClientEntry {
 public:
  JsonHook(std::string event, const std::string& name, const std::string& program)
      : path_{"hooks", std::move(event)}, arguments_(" hook " + name), command_(shell_word(program) + arguments_) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* event, event_of(text, document));
    return place(text, event) ? Presence::kOurs : Presence::kAbsent;
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
    const std::string there = jsonc_string(text, command);
    // Options behind the name of the event are kept, unless all is to be as if it were put in for the first time.
    const std::size_t arguments = there.rfind(arguments_);
    const std::string wanted = overwrite == Overwrite::kAllow
                                   ? command_
                                   : command_.substr(0, command_.size() - arguments_.size()) + there.substr(arguments);
    return JsoncEdit{there == wanted ? std::string(text) : replace_jsonc_value(text, command, wanted), {}};
  }

  Result<std::string> take(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* event, event_of(text, document));
    const auto found = place(text, event);
    if (!found) {
      return std::string(text);
    }
    const JsoncValue& hooks = *hooks_of(*event, found->group);
    return hooks.items.size() == 1 ? erase_jsonc_item(text, *event, found->group)
                                   : erase_jsonc_item(text, hooks, found->hook);
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

  std::optional<HookPlace> place(std::string_view text, const JsoncValue* event) const {
    for (std::size_t group = 0; event != nullptr && group < event->items.size(); ++group) {
      const JsoncValue* hooks = hooks_of(*event, group);
      for (std::size_t hook = 0; hooks != nullptr && hook < hooks->items.size(); ++hook) {
        const JsoncValue* command = member(hooks->items[hook].value, "command");
        if (command != nullptr && command->kind == JsoncKind::kString && is_ours(jsonc_string(text, *command))) {
          return HookPlace{group, hook};
        }
      }
    }
    return std::nullopt;
  }

  bool is_ours(std::string_view command) const {
    const std::size_t arguments = command.rfind(arguments_);
    if (arguments == std::string_view::npos) {
      return false;
    }
    const std::string_view rest = command.substr(arguments + arguments_.size());
    std::string_view program = command.substr(0, arguments);
    if (program.size() > 1 && program.front() == '\'' && program.back() == '\'') {
      program = program.substr(1, program.size() - 2);
    }
    return is_own_program(program) && (rest.empty() || rest.front() == ' ');
  }

  const JsoncPath path_;
  const std::string arguments_;
  const std::string command_;
};

}  // namespace

bool is_own_program(std::string_view program) { return base_name(program) == "repomap"; }

ClientEntryPtr make_json_server(JsoncPath path, Json value) {
  return std::make_unique<JsonServer>(std::move(path), std::move(value));
}

ClientEntryPtr make_json_hook(std::string event, const std::string& name, const std::string& program) {
  return std::make_unique<JsonHook>(std::move(event), name, program);
}

}  // namespace repomap::cli
