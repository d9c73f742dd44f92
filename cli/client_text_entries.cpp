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

using Extent = std::pair<std::size_t, std::size_t>;

/// The table of our server in a TOML document.
struct TomlTable {
  std::vector<Extent>
      extents;  ///< its lines and those of its sub-tables, in as many pieces as other tables make of them
  std::optional<TomlStatement> command;
};

class TomlServer final : public ClientEntry {
 public:
  explicit TomlServer(std::string program) : program_(std::move(program)) {}

  Result<Presence> find(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    return !table ? Presence::kAbsent : is_ours(text, *table) ? Presence::kOurs : Presence::kForeign;
  }

  Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    const std::string lines =
        fmt::format("[mcp_servers.repomap]\ncommand = {}\nargs = [\"mcp\"]\n", double_quoted(program_));
    if (!table) {
      return JsoncEdit{with_lines(text, lines), {}};
    }
    if (!is_ours(text, *table)) {
      if (overwrite == Overwrite::kRefuse) {
        return fail(ErrorCode::kBusy,
                    fmt::format("{}: [mcp_servers.repomap] runs another program; --force writes over it",
                                place_in_text(text, table->extents.front().first)));
      }
      return JsoncEdit{with_instead(text, *table, with_line_ends(lines, line_end_of(text))), {}};
    }
    std::string result(text);
    if (command_of(text, *table) != program_) {
      result.replace(table->command->value_begin, table->command->end - table->command->value_begin,
                     double_quoted(program_));
    }
    return JsoncEdit{std::move(result), {}};
  }

  Result<std::optional<std::string>> find_foreign(std::string_view text) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    if (!table || is_ours(text, *table)) {
      return std::nullopt;
    }
    std::string lines;
    for (const auto& [begin, end] : table->extents) {
      lines += text.substr(begin, end - begin);
      lines += lines.ends_with('\n') ? "" : line_end_of(text);
    }
    return lines;
  }

  Result<std::string> take(std::string_view text, const std::optional<std::string>& instead) const override {
    REPOMAP_ASSIGN(const auto table, find_table(text));
    if (!table || !is_ours(text, *table)) {
      return std::string(text);
    }
    return instead ? with_instead(text, *table, *instead) : without_extents(text, *table, 0);
  }

 private:
  /// The text without the pieces of a table from that number on.
  static std::string without_extents(std::string_view text, const TomlTable& table, std::size_t from) {
    std::string rest(text);
    // From behind to front, so that the places before stay right.
    for (std::size_t i = table.extents.size(); i > from; --i) {
      rest = without_lines(rest, table.extents[i - 1].first, table.extents[i - 1].second);
    }
    return rest;
  }

  /// The text with other lines in the place of a table.
  static std::string with_instead(std::string_view text, const TomlTable& table, std::string lines) {
    std::string result = without_extents(text, table, 1);
    const auto [begin, end] = table.extents.front();
    const bool ends_line = text.substr(0, end).ends_with('\n');
    while (!ends_line && (lines.ends_with('\n') || lines.ends_with('\r'))) {
      lines.pop_back();
    }
    return result.replace(begin, end - begin, lines);
  }

  bool is_ours(std::string_view text, const TomlTable& table) const {
    return is_own_program(command_of(text, table), program_);
  }

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
    TomlTable table;
    std::vector<std::string> header;
    bool has_header = false;
    bool was_inside = false;
    for (const TomlStatement& statement : statements) {
      const bool is_pair = statement.kind == TomlKind::kPair;
      std::vector<std::string> key = is_pair ? header : std::vector<std::string>();
      key.insert(key.end(), statement.key.begin(), statement.key.end());
      const bool is_own_header = statement.kind == TomlKind::kTable && key.size() == 2 && leads_to_server(key);
      const bool is_all_servers = key == std::vector<std::string>{"mcp_servers"} && statement.kind != TomlKind::kTable;
      const bool is_list = statement.kind == TomlKind::kArrayTable && key.size() == 2;
      const bool is_server_elsewhere = leads_to_server(key) && (is_list || (is_pair && !leads_to_server(header)));
      if (is_all_servers || is_server_elsewhere || (is_own_header && has_header)) {
        return in_another_form(text, statement);
      }
      header = is_pair ? header : statement.key;
      has_header = has_header || is_own_header;
      const bool is_inside = leads_to_server(header);
      if (is_inside && !was_inside) {
        table.extents.emplace_back(statement.begin, 0);
      }
      if (is_inside) {
        table.extents.back().second = next_line(text, statement.end);
      }
      if (is_pair && key == std::vector<std::string>{"mcp_servers", "repomap", "command"}) {
        table.command = statement;
      }
      was_inside = is_inside;
    }
    return table.extents.empty() ? std::nullopt : std::optional(std::move(table));
  }

  const std::string program_;
};

class TextBlock final : public ClientEntry {
 public:
  TextBlock(const std::string& comment, const std::string& body)
      : first_(comment + " >>> repomap install >>>\n"),
        last_(comment + " <<< repomap install <<<\n"),
        lines_(first_ + comment + " These lines are written anew: changes to them are lost.\n" + body + last_) {}

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

  /// Nothing: a block bears no name.
  Result<std::optional<std::string>> find_foreign(std::string_view /*text*/) const override { return std::nullopt; }

  Result<std::string> take(std::string_view text, const std::optional<std::string>& /*instead*/) const override {
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

  Result<std::optional<Extent>> find_lines(std::string_view text) const {
    const std::size_t begin = find_line(text, first_, 0);
    if (begin == std::string_view::npos) {
      return std::nullopt;
    }
    const std::size_t end = find_line(text, last_, begin);
    const std::size_t next = find_line(text, first_, next_line(text, begin));
    if (end == std::string_view::npos || next < end) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: a block of repomap begins here and does not end; remove it by hand",
                              place_in_text(text, begin)));
    }
    return Extent(begin, next_line(text, end));
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

  Result<std::optional<std::string>> find_foreign(std::string_view text) const override {
    REPOMAP_ASSIGN(const Presence presence, find(text));
    return presence == Presence::kForeign ? std::optional(std::string(text)) : std::nullopt;
  }

  Result<std::string> take(std::string_view text, const std::optional<std::string>& instead) const override {
    return text.starts_with(first_) ? instead.value_or("") : std::string(text);
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
