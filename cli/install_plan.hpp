// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/client_table.hpp"
#include "cli/install_file.hpp"
#include "cli/install_receipt.hpp"
#include "core/base/result.hpp"

namespace repomap::cli {

enum class InstallChange : std::uint8_t { kNone, kMade, kChanged, kRemoved };

/// What is to be done to one file; nothing is written before apply_plan().
struct InstallPlan {
  InstallChange change = InstallChange::kNone;
  InstallFile file;
  std::string after;
  mode_t new_mode = 0600;
  std::optional<InstallReceipt> receipt;  ///< to be kept; nothing: to be dropped
};

/// The files of a target that hold an entry of it; its path if there are none.
std::vector<std::string> installed_paths(const ClientTarget& target);

/// Puts the entries of a target in. Errors, each with the path: kCorrupt for a file that cannot be read as what it is,
/// or holds something else where an entry belongs; kBusy for an entry of that name that is not ours; those of
/// read_install_file().
Result<InstallPlan> plan_install(const ClientTarget& target, Overwrite overwrite);

/// Takes them out: to the byte what was there before if nothing else has changed the file since, else the entries, and
/// of what was made for them what is empty then. A file that was made for them is removed if it holds nothing else.
Result<InstallPlan> plan_uninstall(const ClientTarget& target);

/// Errors: those of write_install_file(); those of save_receipt() where something is written over, and nothing is done
/// then. Any other receipt that cannot be kept is none: `notice` says so.
Status apply_plan(const InstallPlan& plan, std::string& notice);

/// "made", "changed", "removed", "none".
std::string_view install_change_name(InstallChange change);

}  // namespace repomap::cli
