// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/file_system.hpp"
#include "watcher/ignore_rules.hpp"

namespace repomap {

/// The path to tell of when the entry `name` of `directory` changes: the entry, or else the directory, where the entry
/// decides about all that is in it.
inline std::string changed_path(std::string_view directory, std::string_view name) {
  const bool is_rule = name == kGitIgnoreName || name == kRepomapIgnoreName || name == ".git";
  return is_rule ? std::string(directory) : join_path(directory, name);
}

}  // namespace repomap
