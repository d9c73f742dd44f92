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

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

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

}  // namespace

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
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const std::string name = chosen.empty() ? "repomap" : "repomap " + command.get_name();
  const auto extra = command.remaining();
  std::string what = extra.empty() ? visible(error.what()) : describe_extra(command, without_guard(extra.front()));
  if (chosen.empty() && extra.empty()) {
    what = "a command is needed";
  }
  return fmt::format("{}; {} --help shows how to use it", what, name);
}

std::string describe_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || *argv[1] == '-') {
    return "";
  }
  std::vector<std::string> names;
  std::ranges::transform(commands_of(app), std::back_inserter(names), &CLI::App::get_name);
  const std::string given = argv[1];
  if (std::ranges::find(names, given) != names.end()) {
    return "";
  }
  return fmt::format("no command named \"{}\"{}; repomap --help lists them", visible(given),
                     did_you_mean(given, names));
}

}  // namespace repomap::cli
