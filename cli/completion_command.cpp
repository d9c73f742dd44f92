// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/json_output.hpp"

namespace repomap::cli {
namespace {

// The scripts are made from the same definitions as --help, so they cannot fall behind.

struct Flag {
  std::string name;  // with dashes
  std::string help;
  bool takes_value = false;
};

std::vector<Flag> flags_of(const CLI::App& command) {
  std::vector<Flag> flags;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      flags.push_back({"--" + name, option->get_description(), option->get_items_expected_max() > 0});
    }
  }
  return flags;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string flag_words(const CLI::App& command) {
  std::string words;
  for (const Flag& flag : flags_of(command)) {
    words += words.empty() ? flag.name : " " + flag.name;
  }
  return words;
}

/// Text within single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return result;
}

std::string bash_script(const CLI::App& app) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    names += (names.empty() ? "" : " ") + command->get_name();
    cases += fmt::format("    {}) words='{}' ;;\n", command->get_name(), flag_words(*command));
  }
  return fmt::format(R"(_repomap() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} words=
  if (( COMP_CWORD == 1 )); then
    mapfile -t COMPREPLY < <(compgen -W '{}' -- "$current")
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -o filenames -F _repomap repomap
)",
                     names, cases);
}

/// A description within the brackets of zsh's _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return shell_quoted(result);
}

std::string zsh_script(const CLI::App& app) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    names += fmt::format("    '{}:{}'\n", command->get_name(), zsh_text(command->get_description()));
    cases += fmt::format("    {})\n      _arguments", command->get_name());
    for (const Flag& flag : flags_of(*command)) {
      cases += fmt::format(" \\\n        '{}[{}]{}'", flag.name, zsh_text(flag.help),
                           flag.takes_value ? ":value:_files" : "");
    }
    cases += " \\\n        '*:file:_files'\n      ;;\n";
  }
  return fmt::format(R"(#compdef repomap
_repomap() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_repomap "$@"
)",
                     names, cases);
}

std::string fish_script(const CLI::App& app) {
  std::string script = "complete -c repomap -n __fish_use_subcommand -f\n";
  for (const CLI::App* command : commands_of(app)) {
    script += fmt::format("complete -c repomap -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                          shell_quoted(command->get_description()));
    for (const Flag& flag : flags_of(*command)) {
      script +=
          fmt::format("complete -c repomap -n '__fish_seen_subcommand_from {}' -l {}{} -d '{}'\n", command->get_name(),
                      flag.name.substr(2), flag.takes_value ? " -r" : "", shell_quoted(flag.help));
    }
  }
  return script;
}

int run_completion(const Context& context, const CLI::App& app, const std::string& shell) {
  std::string script = fish_script(app);
  if (shell != "fish") {
    script = shell == "bash" ? bash_script(app) : zsh_script(app);
  }
  if (context.options.json) {
    print_document(context.out, {{"shell", shell}, {"script", script}});
  } else {
    context.out.write(script);
  }
  return kDone;
}

}  // namespace

void add_completion_command(Commands& commands) {
  auto shell = std::make_shared<std::string>();
  CLI::App& app = commands.app();
  CLI::App& command = commands.add({"completion", "Print the completion script of a shell",
                                    "  repomap completion bash > ~/.local/share/bash-completion/completions/repomap\n"
                                    "  repomap completion zsh > ~/.zfunc/_repomap\n"
                                    "  repomap completion fish > ~/.config/fish/completions/repomap.fish",
                                    Needs::kNothing},
                                   [shell, &app](Context& context) { return run_completion(context, app, *shell); });
  add_text(command, "SHELL", *shell, "bash, zsh or fish").required()->check(one_of({"bash", "zsh", "fish"}));
}

}  // namespace repomap::cli
