// SPDX-License-Identifier: Apache-2.0
#include "cli/install_receipt.hpp"

#include <algorithm>
#include <cstdlib>

#include "cli/install_file.hpp"
#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "service/protocol/base64.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap::cli {
namespace {

constexpr mode_t kPrivate = 0600;

std::string receipt_path(const std::string& path) {
  const std::string directory = receipt_directory();
  return directory.empty() ? "" : join_path(directory, to_hex(digest_of(path)) + ".json");
}

Json to_json(const InstallReceipt& receipt) {
  Json json;
  json["path"] = base64_text(receipt.path);
  json["made_file"] = receipt.has_made_file;
  json["made"] = receipt.made;
  json["after"] = receipt.after;
  json["offset"] = receipt.offset;
  json["inserted"] = receipt.inserted;
  json["replaced"] = base64_text(receipt.replaced);
  if (receipt.overwritten) {
    json["overwritten"] = base64_text(*receipt.overwritten);
  }
  return json;
}

/// Nothing for what is not a receipt.
std::optional<InstallReceipt> from_json(const Json& json) {
  try {
    InstallReceipt receipt;
    const auto path = bytes_of_base64(json.at("path").get<std::string>());
    const auto replaced = bytes_of_base64(json.at("replaced").get<std::string>());
    const bool has_overwritten = json.contains("overwritten");
    const auto overwritten = has_overwritten ? bytes_of_base64(json["overwritten"].get<std::string>()) : std::nullopt;
    if (!path || !replaced || (has_overwritten && !overwritten)) {
      return std::nullopt;
    }
    receipt.path = *path;
    receipt.has_made_file = json.at("made_file").get<bool>();
    receipt.made = json.at("made").get<std::vector<JsoncPath>>();
    receipt.after = json.at("after").get<std::string>();
    receipt.offset = json.at("offset").get<std::size_t>();
    receipt.inserted = json.at("inserted").get<std::size_t>();
    receipt.replaced = *replaced;
    if (overwritten) {
      receipt.overwritten = *overwritten;
    }
    return receipt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

InstallReceipt make_receipt(const std::string& path, std::string_view before, std::string_view after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  while (head < shorter && before[head] == after[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < shorter - head && before[before.size() - tail - 1] == after[after.size() - tail - 1]) {
    ++tail;
  }
  InstallReceipt receipt;
  receipt.path = path;
  receipt.after = to_hex(digest_of(after));
  receipt.offset = head;
  receipt.inserted = after.size() - head - tail;
  receipt.replaced = before.substr(head, before.size() - head - tail);
  return receipt;
}

std::optional<std::string> undo_receipt(const InstallReceipt& receipt, std::string_view text) {
  const bool fits = receipt.offset <= text.size() && receipt.inserted <= text.size() - receipt.offset;
  if (!fits || to_hex(digest_of(text)) != receipt.after) {
    return std::nullopt;
  }
  std::string before(text);
  before.replace(receipt.offset, receipt.inserted, receipt.replaced);
  return before;
}

std::string receipt_directory() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') {
    return join_path(state, "repomap/install");
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? join_path(home, ".local/state/repomap/install") : std::string();
}

std::optional<InstallReceipt> load_receipt(const std::string& path) {
  const std::string place = receipt_path(path);
  const auto file = place.empty() ? Result<InstallFile>(InstallFile{}) : read_install_file(place);
  if (!file || !file->text) {
    return std::nullopt;
  }
  const auto json = parse_json(*file->text);
  auto receipt = json ? from_json(*json) : std::nullopt;
  return receipt && receipt->path == path ? receipt : std::nullopt;
}

Status save_receipt(const InstallReceipt& receipt) {
  const std::string place = receipt_path(receipt.path);
  if (place.empty()) {
    return fail(ErrorCode::kNotFound, "there is neither XDG_STATE_HOME nor HOME to keep a receipt in");
  }
  REPOMAP_ASSIGN(const InstallFile file, read_install_file(place));
  return write_install_file(file, to_json(receipt).dump() + "\n", kPrivate);
}

Status drop_receipt(const std::string& path) {
  const std::string place = receipt_path(path);
  if (place.empty()) {
    return {};
  }
  REPOMAP_ASSIGN(const InstallFile file, read_install_file(place));
  return file.text ? remove_install_file(file) : Status();
}

}  // namespace repomap::cli
