// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace repomap::cli {

/// The arguments of the program, last first as CLI::App::parse() takes them, each guarded so that the parser does not
/// take a directory named "[id]" for a list.
std::vector<std::string> guarded_arguments(int argc, char** argv);

/// The argument without its guard.
std::string without_guard(std::string argument);

/// An option or positional argument that takes any text. `target` is a string or a vector of strings.
template <typename T>
CLI::Option& add_text(CLI::App& command, const std::string& name, T& target, const std::string& help) {
  const CLI::Validator remove_guard(
      [](std::string& value) {
        value = without_guard(std::move(value));
        return std::string();
      },
      "");
  return *command.add_option(name, target, help)->transform(remove_guard);
}

/// Accepts one of `words`; the message of another one says which there are and which was probably meant.
CLI::Validator one_of(const std::vector<std::string>& words);

/// The commands of a program or of a group of commands.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

/// What is wrong with the arguments, where, and what to do, in one sentence.
std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& error);

/// "" if the first argument is an option or a command, and of a group the second; else the sentence that says that
/// there is no such command.
std::string describe_unknown_command(const CLI::App& app, int argc, char** argv);

}  // namespace repomap::cli
