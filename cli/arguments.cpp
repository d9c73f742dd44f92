// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/suggestion.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

// The parser splits an argument in brackets at its commas before anyone can object; this in front of it prevents that.
constexpr char kGuard = '\x01';

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options()) {
    std::ranges::transform(option->get_lnames(), std::back_inserter(flags),
                           [](const std::string& name) { return "--" + name; });
  }
  return flags;
}

std::string describe_extra(const CLI::App& command, const std::string& argument) {
  if (!argument.starts_with('-')) {
    return fmt::format("\"{}\" is one argument too many", visible(argument));
  }
  const std::string flag = argument.substr(0, argument.find('='));
  return fmt::format("no option {}{}", visible(flag), did_you_mean(flag, flags_of(command)));
}

/// The command that the arguments chose, within all its groups; the program itself if there is none.
const CLI::App& chosen_command(const CLI::App& app) {
  const CLI::App* command = &app;
  for (auto chosen = command->get_subcommands(); !chosen.empty(); chosen = command->get_subcommands()) {
    command = chosen.front();
  }
  return *command;
}

/// "repomap cache stats".
std::string full_name(const CLI::App& command) {
  std::string name;
  for (const CLI::App* part = &command; part->get_parent() != nullptr; part = part->get_parent()) {
    name.insert(0, part->get_name()).insert(0, 1, ' ');
  }
  return name.insert(0, "repomap");
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> guarded_arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    const std::string_view argument = argv[i];
    const bool is_like_a_list = argument.starts_with('[') && argument.ends_with(']');
    arguments.push_back((is_like_a_list ? std::string(1, kGuard) : std::string()).append(argument));
  }
  return arguments;
}

std::string without_guard(std::string argument) {
  return argument.starts_with(kGuard) ? argument.substr(1) : std::move(argument);
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  return CLI::Validator(
      [words](std::string& word) {
        if (std::ranges::find(words, word) != words.end()) {
          return std::string();
        }
        return fmt::format("\"{}\" is not one of {}{}", visible(word), fmt::join(words, ", "),
                           did_you_mean(word, words));
      },
      "");
}

std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen_command(app);
  const auto extra = command.remaining();
  std::string what = extra.empty() ? visible(error.what()) : describe_extra(command, without_guard(extra.front()));
  if (extra.empty() && !commands_of(command).empty()) {
    what = "a command is needed";
  }
  return fmt::format("{}; {} --help shows how to use it", what, full_name(command));
}

std::string describe_unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* group = &app;
  for (int i = 1; i < argc && *argv[i] != '-'; ++i) {
    const auto commands = commands_of(*group);
    if (commands.empty()) {
      return "";
    }
    const std::string given = argv[i];
    const auto found = std::ranges::find(commands, given, &CLI::App::get_name);
    if (found == commands.end()) {
      std::vector<std::string> names;
      std::ranges::transform(commands, std::back_inserter(names), &CLI::App::get_name);
      return fmt::format("no command named \"{}\"{}; {} --help lists them", visible(given), did_you_mean(given, names),
                         full_name(*group));
    }
    group = *found;
  }
  return "";
}

}  // namespace repomap::cli
