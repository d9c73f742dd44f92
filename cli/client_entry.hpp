// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/jsonc_edit.hpp"
#include "core/base/result.hpp"

namespace repomap::cli {

/// Whether what bears our name and is not ours may be written over.
enum class Overwrite : std::uint8_t { kRefuse, kAllow };

/// What a file holds of an entry.
enum class Presence : std::uint8_t {
  kAbsent,
  kOurs,
  kForeign,  ///< something else bears its name, or holds it
};

/// One thing that `repomap install` puts into a configuration file: puts in, takes out, finds. Texts in, texts out; all
/// else in the text stays byte for byte. Immutable. Errors of every method: kInvalidArgument, "LINE:COLUMN: …" or a
/// sentence, for a text that cannot be read or holds something else where the entry belongs.
class ClientEntry {
 public:
  ClientEntry() = default;
  virtual ~ClientEntry() = default;
  ClientEntry(const ClientEntry&) = delete;
  ClientEntry& operator=(const ClientEntry&) = delete;

  virtual Result<Presence> find(std::string_view text) const = 0;

  /// The text with the entry. Of one that is ours and there, only the program is brought up to date.
  /// Errors: kBusy if something else bears its name and may not be written over.
  virtual Result<JsoncEdit> put(std::string_view text, Overwrite overwrite) const = 0;

  /// What put() writes over: the bytes of what bears the name and is not ours; nothing if there is no such thing.
  virtual Result<std::optional<std::string>> find_foreign(std::string_view text) const = 0;

  /// The text without the entry, if that is ours; `instead` of it with what find_foreign() has found, unless that is
  /// nothing.
  virtual Result<std::string> take(std::string_view text, const std::optional<std::string>& instead) const = 0;
};

using ClientEntryPtr = std::unique_ptr<ClientEntry>;

/// A server in an object of a JSON file: {"mcpServers": {"repomap": {"command": "/usr/bin/repomap", …}}}. `value` has
/// the key "command": the program, or an array that begins with it. Ours is one whose program is_own_program().
ClientEntryPtr make_json_server(JsoncPath path, Json value);

/// A hook of Claude Code: an element of {"hooks": {EVENT: […]}} that runs `program` with "hook" and `name`. Ours is one
/// that does nothing else; a command that holds this one among others is the user's, and stands for it.
ClientEntryPtr make_json_hook(std::string event, const std::string& name, const std::string& program);

/// A server in a TOML file, as the table [mcp_servers.repomap].
ClientEntryPtr make_toml_server(std::string program);

/// Lines between two marker lines, behind all others. `comment` begins a comment line: ";;".
ClientEntryPtr make_text_block(const std::string& comment, const std::string& body);

/// A file that is ours as a whole, and says so in its first line, which is `comment` and a sentence.
ClientEntryPtr make_own_file(const std::string& comment, const std::string& body);

/// Whether a program, as a configuration names it, is repomap: by the last part of its path, or because it is `own`.
bool is_own_program(std::string_view program, std::string_view own);

}  // namespace repomap::cli
