// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// The absolute path, without a trailing slash, of the git work tree that contains `start` (a directory, or a file in
/// one); else the directory itself. A bare repository, and what lies inside `.git`, count as plain directories.
/// Thread-safe. Errors: kNotFound, kPermissionDenied, kIo.
Result<std::string> find_root(const std::string& start);

/// What all work trees of one repository have in common: its git directory and the place of `root` in the work tree;
/// without git, `root` itself. Bytes to compare, not a path. `root` is absolute and resolved.
std::string repository_identity(const std::string& root);

}  // namespace repomap
