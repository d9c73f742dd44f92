// SPDX-License-Identifier: Apache-2.0
//
// Configuration files of any bytes: an entry that was put in is found, and what is left when it is taken out says what
// the file said before.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/client_entry.hpp"
#include "cli/client_toml.hpp"
#include "cli/jsonc_edit.hpp"

namespace repomap::cli {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// What a value says, without its layout.
std::string meaning(std::string_view text, const JsoncValue& value) {
  if (value.kind != JsoncKind::kObject && value.kind != JsoncKind::kArray) {
    return std::string(text.substr(value.begin, value.end - value.begin));
  }
  std::string result = value.kind == JsoncKind::kObject ? "{" : "[";
  for (const JsoncItem& item : value.items) {
    result +=
        Json(item.key).dump(-1, ' ', false, Json::error_handler_t::replace) + ":" + meaning(text, item.value) + ",";
  }
  return result + "]";
}

std::string meaning(std::string_view text) {
  const auto document = parse_jsonc(text);
  require(document.has_value());
  return *document ? meaning(text, **document) : "";
}

void check_jsonc(std::string_view text) {
  const JsoncPath path{"a", "own"};
  const auto document = parse_jsonc(text);
  if (!document) {
    return;
  }
  const auto found = find_jsonc(text, *document, path);
  const auto edit = set_jsonc_member(text, path, Json::object({{"command", "x"}, {"args", {1, 2}}}));
  require(found.has_value() == edit.has_value());
  if (!edit || *found != nullptr) {
    return;
  }
  const auto after = parse_jsonc(edit->text);
  // Two more levels may be more than may be read.
  if (!after) {
    return;
  }
  const auto there = find_jsonc(edit->text, *after, path);
  require(there && *there != nullptr);
  auto rest = erase_jsonc_member(edit->text, path);
  for (auto made = edit->made.rbegin(); rest && made != edit->made.rend(); ++made) {
    rest = erase_jsonc_member(*rest, *made);
  }
  require(rest.has_value());
  require(meaning(*rest) == (*document ? meaning(text) : "{]"));
}

/// Keys and values of a document, in their order.
std::string toml_meaning(std::string_view text) {
  const auto statements = parse_toml(text);
  require(statements.has_value());
  std::string result;
  for (const TomlStatement& statement : *statements) {
    result += text.substr(statement.begin, statement.end - statement.begin);
    result += '\n';
  }
  return result;
}

void check_toml(std::string_view text) {
  const auto entry = make_toml_server("/bin/repomap");
  const auto present = entry->find(text);
  const auto edit = entry->put(text, Overwrite::kRefuse);
  if (!edit || *present != Presence::kAbsent) {
    return;
  }
  const auto found = entry->find(edit->text);
  require(found && *found == Presence::kOurs);
  const auto rest = entry->take(edit->text);
  require(rest && toml_meaning(*rest) == toml_meaning(text));
}

}  // namespace
}  // namespace repomap::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  repomap::cli::check_jsonc(text);
  repomap::cli::check_toml(text);
  return 0;
}
