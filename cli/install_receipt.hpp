// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/jsonc_edit.hpp"
#include "core/base/result.hpp"

namespace repomap::cli {

/// What `repomap install` has done to one file, so that it can be undone to the byte as long as nothing else has
/// changed the file, and so that what was written over comes back even then. Of the file it holds only what was
/// replaced.
struct InstallReceipt {
  std::string path;
  bool has_made_file = false;
  std::vector<JsoncPath> made;             ///< objects and arrays made for an entry, outermost first
  std::string after;                       ///< digest of the file as it was left
  std::size_t offset = 0;                  ///< where something was put in
  std::size_t inserted = 0;                ///< how many bytes
  std::string replaced;                    ///< what was there instead
  std::optional<std::string> overwritten;  ///< what bore the name of the entry, and was not ours
};

/// The receipt of a change from one text to another.
InstallReceipt make_receipt(const std::string& path, std::string_view before, std::string_view after);

/// The text before the change; nothing if `text` is not the one that the change left.
std::optional<std::string> undo_receipt(const InstallReceipt& receipt, std::string_view text);

/// Where receipts are kept: $XDG_STATE_HOME/repomap/install, else ~/.local/state/repomap/install; "" without a home.
std::string receipt_directory();

/// The receipt for a file; nothing if there is none, or none that can be read.
std::optional<InstallReceipt> load_receipt(const std::string& path);

/// Keeps or drops a receipt. Errors: those of write_install_file(); kNotFound without a home.
Status save_receipt(const InstallReceipt& receipt);
Status drop_receipt(const std::string& path);

}  // namespace repomap::cli
