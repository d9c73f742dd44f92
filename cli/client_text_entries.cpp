// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/client_entry.hpp"
#include "cli/client_toml.hpp"

namespace repomap::cli {
namespace {

/// The line ends of a text.
std::string line_end_of(std::string_view text) {
  const std::size_t newline = text.find('\n');
  return newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

/// `lines`, which end with \n, with other line ends.
std::string with_line_ends(std::string_view lines, const std::string& line_end) {
  std::string result;
  for (const char letter : lines) {
    result += letter == '\n' ? line_end : std::string(1, letter);
  }
  return result;
}

/// A text with lines behind it, after an empty one.
std::string with_lines(std::string_view text, std::string_view lines) {
  const std::string line_end = line_end_of(text);
  std::string result(text);
  if (!text.empty()) {
    result += text.ends_with('\n') ? "" : line_end;
    result += line_end;
  }
  return result + with_line_ends(lines, line_end);
}

/// Where the line behind the one that holds `at` begins.
std::size_t next_line(std::string_view text, std::size_t at) {
  const std::size_t newline = text.find('\n', at);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

/// A text without the lines in [begin, end), and without the empty line before them if nothing or an empty line
/// follows.
std::string without_lines(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view before = text.substr(0, begin);
  const std::string_view after = text.substr(end);
  const bool is_followed_by_text = !after.empty() && after.front() != '\n' && !after.starts_with("\r\n");
  if (!is_followed_by_text && before.ends_with("\r\n\r\n")) {
    begin -= 2;
  } else if (!is_followed_by_text && (before.ends_with("\n\n") || before == "\n")) {
    begin -= 1;
  }
  return std::string(text.substr(0, begin)) + std::string(after);
}

std::string double_quoted(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The table of our server in a TOML document.
struct TomlTable {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind its last statement and those of its sub-tables that follow it
  std::optional<TomlStatement> command;
};

class TomlServer final : public ClientEntry {
 public:
  explicit TomlServer(std::string program) : program_(std::move(program)) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    if (!table) {
      return Presence::kAbsent;
    }
    return is_own_program(command_of(text, *table)) ? Presence::kOurs : Presence::kForeign;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    const std::string lines =
        fmt::format("[mcp_servers.repomap]\ncommand = {}\nargs = [\"mcp\"]\n", double_quoted(program_));
    if (!table) {
      return JsoncEdit{with_lines(text, lines), {}};
    }
    const bool is_ours = is_own_program(command_of(text, *table));
    if (!is_ours && overwrite == Overwrite::kRefuse) {
      return fail(ErrorCode::kBusy,
                  fmt::format("{}: [mcp_servers.repomap] runs another program; --force writes over it",
                              place_in_text(text, table->begin)));
    }
    std::string result(text);
    if (!is_ours) {
      const std::string_view there = text.substr(table->begin, table->end - table->begin);
      const std::string wanted = with_line_ends(lines, line_end_of(text));
      result.replace(table->begin, there.size(), there.ends_with('\n') ? wanted : wanted.substr(0, wanted.size() - 1));
    } else if (command_of(text, *table) != program_) {
      result.replace(table->command->value_begin, table->command->end - table->command->value_begin,
                     double_quoted(program_));
    }
    return JsoncEdit{std::move(result), {}};
  }

  Result<std::string> take(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    const bool is_ours = table && is_own_program(command_of(text, *table));
    return is_ours ? without_lines(text, table->begin, table->end) : std::string(text);
  }

 private:
  static std::string command_of(std::string_view text, const TomlTable& table) {
    return table.command
               ? toml_string(text.substr(table.command->value_begin, table.command->end - table.command->value_begin))
               : std::string();
  }

  /// Whether `key` leads to our server or to something in it.
  static bool leads_to_server(const std::vector<std::string>& key) {
    return key.size() >= 2 && key[0] == "mcp_servers" && key[1] == "repomap";
  }

  static std::unexpected<Error> in_another_form(std::string_view text, const TomlStatement& statement) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: servers stand here in a form that is not edited; write [mcp_servers.repomap] by hand, "
                            "with command and args below it",
                            place_in_text(text, statement.begin)));
  }

  /// Errors: those of parse_toml(); kInvalidArgument where our server, or all servers, stand in another form.
  static Result<std::optional<TomlTable>> find_table(std::string_view text) {
    REPOMAP_ASSIGN(const auto statements, parse_toml(text));
    std::optional<TomlTable> table;
    std::vector<std::string> header;
    bool is_inside = false;
    for (const TomlStatement& statement : statements) {
      std::vector<std::string> key = statement.kind == TomlKind::kPair ? header : std::vector<std::string>();
      key.insert(key.end(), statement.key.begin(), statement.key.end());
      const bool is_own_header = statement.kind == TomlKind::kTable && key.size() == 2 && leads_to_server(key);
      const bool is_all_servers = key == std::vector<std::string>{"mcp_servers"} && statement.kind != TomlKind::kTable;
      const bool is_pair_elsewhere =
          statement.kind == TomlKind::kPair && leads_to_server(key) && !leads_to_server(header);
      if (is_all_servers || is_pair_elsewhere || (is_own_header && table)) {
        return in_another_form(text, statement);
      }
      if (statement.kind != TomlKind::kPair) {
        header = statement.key;
        is_inside = is_own_header || (is_inside && leads_to_server(key));
      }
      if (is_own_header) {
        table = TomlTable{statement.begin, 0, std::nullopt};
      }
      if (is_inside) {
        table->end = next_line(text, statement.end);
      }
      if (is_inside && header.size() == 2 && statement.key == std::vector<std::string>{"command"}) {
        table->command = statement;
      }
    }
    return table;
  }

  const std::string program_;
};

class TextBlock final : public ClientEntry {
 public:
  TextBlock(const std::string& comment, const std::string& body)
      : first_(comment + " >>> repomap install >>>\n"),
        last_(comment + " <<< repomap install <<<\n"),
        lines_(first_ + body + last_) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto extent, find_lines(text));
    return extent ? Presence::kOurs : Presence::kAbsent;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite /*overwrite*/) const override {
    REPOMAP_ASSIGN(const auto extent, find_lines(text));
    if (!extent) {
      return JsoncEdit{with_lines(text, lines_), {}};
    }
    std::string result(text);
    result.replace(extent->first, extent->second - extent->first, with_line_ends(lines_, line_end_of(text)));
    return JsoncEdit{std::move(result), {}};
  }

  Result<std::string> take(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto extent, find_lines(text));
    return extent ? without_lines(text, extent->first, extent->second) : std::string(text);
  }

 private:
  /// Where a line of that text begins; npos if there is none.
  static std::size_t find_line(std::string_view text, std::string_view line, std::size_t from) {
    const std::string_view words = line.substr(0, line.size() - 1);
    for (std::size_t at = from; at < text.size(); at = next_line(text, at)) {
      std::string_view there = text.substr(at, next_line(text, at) - at);
      while (there.ends_with('\n') || there.ends_with('\r')) {
        there.remove_suffix(1);
      }
      if (there == words) {
        return at;
      }
    }
    return std::string_view::npos;
  }

  Result<std::optional<std::pair<std::size_t, std::size_t>>> find_lines(std::string_view text) const {
    const std::size_t begin = find_line(text, first_, 0);
    if (begin == std::string_view::npos) {
      return std::nullopt;
    }
    const std::size_t end = find_line(text, last_, begin);
    if (end == std::string_view::npos) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: a block of repomap begins here and does not end; remove it by hand",
                              place_in_text(text, begin)));
    }
    return std::pair(begin, next_line(text, end));
  }

  const std::string first_;
  const std::string last_;
  const std::string lines_;
};

class OwnFile final : public ClientEntry {
 public:
  OwnFile(const std::string& comment, const std::string& body)
      : first_(comment + " Written by \"repomap install\", which writes it anew: changes here are lost.\n"),
        text_(first_ + body) {}

  Result<Presence> find(std::string_view text) const override {
    return text.empty() ? Presence::kAbsent : text.starts_with(first_) ? Presence::kOurs : Presence::kForeign;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    if (presence == Presence::kForeign && overwrite == Overwrite::kRefuse) {
      return fail(ErrorCode::kBusy, "1:1: this file is not one of repomap; --force writes over it");
    }
    return JsoncEdit{text_, {}};
  }

  Result<std::string> take(std::string_view text) const override {
    return text.starts_with(first_) ? std::string() : std::string(text);
  }

 private:
  const std::string first_;
  const std::string text_;
};

}  // namespace

ClientEntryPtr make_toml_server(std::string program) { return std::make_unique<TomlServer>(std::move(program)); }

ClientEntryPtr make_text_block(const std::string& comment, const std::string& body) {
  return std::make_unique<TextBlock>(comment, body);
}

ClientEntryPtr make_own_file(const std::string& comment, const std::string& body) {
  return std::make_unique<OwnFile>(comment, body);
}

}  // namespace repomap::cli
