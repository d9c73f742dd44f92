// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// A command that can be run, by the words that call it: {"map"}, {"cache", "stats"}.
struct Leaf {
  std::vector<std::string> words;
  const CLI::App* command;

  std::string name() const { return fmt::format("{}", fmt::join(words, " ")); }
};

std::vector<Leaf> leaves_of(const CLI::App& app) {
  std::vector<Leaf> leaves;
  for (const CLI::App* command : commands_of(app)) {
    if (commands_of(*command).empty()) {
      leaves.push_back({{command->get_name()}, command});
    }
    for (const CLI::App* part : commands_of(*command)) {
      leaves.push_back({{command->get_name(), part->get_name()}, part});
    }
  }
  return leaves;
}

std::vector<const CLI::App*> groups_of(const CLI::App& app) {
  std::vector<const CLI::App*> groups = commands_of(app);
  std::erase_if(groups, [](const CLI::App* command) { return commands_of(*command).empty(); });
  return groups;
}

std::string command_words(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) {
    names.push_back(command->get_name());
  }
  return fmt::format("{}", fmt::join(names, " "));
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
  std::string groups;
  for (const CLI::App* group : groups_of(app)) {
    groups += fmt::format(R"(    {})
      if (( COMP_CWORD == 2 )); then
        mapfile -t COMPREPLY < <(compgen -W '{}' -- "$current")
        return
      fi
      command+=" ${{COMP_WORDS[2]}}"
      ;;
)",
                          group->get_name(), command_words(*group));
  }
  std::string cases;
  for (const Leaf& leaf : leaves_of(app)) {
    cases += fmt::format("    '{}') words='{}' ;;\n", leaf.name(), flag_words(*leaf.command));
  }
  return fmt::format(R"(_repomap() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} words=
  if (( COMP_CWORD == 1 )); then
    mapfile -t COMPREPLY < <(compgen -W '{}' -- "$current")
    return
  fi
  case $command in
{}  esac
  case $command in
{}  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -o filenames -F _repomap repomap
)",
                     command_words(app), groups, cases);
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

/// Lines for an array of which _describe shows the commands of `app`.
std::string zsh_commands(const CLI::App& app, std::string_view indent) {
  std::string lines;
  for (const CLI::App* command : commands_of(app)) {
    lines += fmt::format("{}'{}:{}'\n", indent, command->get_name(), zsh_text(command->get_description()));
  }
  return lines;
}

std::string zsh_script(const CLI::App& app) {
  std::string groups;
  for (const CLI::App* group : groups_of(app)) {
    groups += fmt::format(R"(    {})
      if (( CURRENT == 2 )); then
        commands=(
{}        )
        _describe command commands
        return
      fi
      command+=" $words[2]"
      shift words
      (( CURRENT-- ))
      ;;
)",
                          group->get_name(), zsh_commands(*group, "          "));
  }
  std::string cases;
  for (const Leaf& leaf : leaves_of(app)) {
    cases += fmt::format("    '{}')\n      _arguments", leaf.name());
    for (const Flag& flag : flags_of(*leaf.command)) {
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
  case $command in
{}  esac
}}
_repomap "$@"
)",
                     zsh_commands(app, "    "), groups, cases);
}

/// The line that completes a command, where `condition` holds.
std::string fish_command(const CLI::App& command, std::string_view condition) {
  return fmt::format("complete -c repomap -n '{}' -f -a {} -d '{}'\n", condition, command.get_name(),
                     shell_quoted(command.get_description()));
}

std::string fish_script(const CLI::App& app) {
  std::string script = "complete -c repomap -n __fish_use_subcommand -f\n";
  for (const CLI::App* command : commands_of(app)) {
    script += fish_command(*command, "__fish_use_subcommand");
    for (const CLI::App* part : commands_of(*command)) {
      script +=
          fish_command(*part, fmt::format("__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}",
                                          command->get_name(), command_words(*command)));
    }
  }
  for (const Leaf& leaf : leaves_of(app)) {
    const std::string condition =
        fmt::format("__fish_seen_subcommand_from {}", fmt::join(leaf.words, "; and __fish_seen_subcommand_from "));
    for (const Flag& flag : flags_of(*leaf.command)) {
      script += fmt::format("complete -c repomap -n '{}' -l {}{} -d '{}'\n", condition, flag.name.substr(2),
                            flag.takes_value ? " -r" : "", shell_quoted(flag.help));
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
                                    Needs::kNothing, nullptr, Answerer::kNobody},
                                   [shell, &app](Context& context) { return run_completion(context, app, *shell); });
  add_text(command, "SHELL", *shell, "bash, zsh or fish").required()->check(one_of({"bash", "zsh", "fish"}));
}

}  // namespace repomap::cli
