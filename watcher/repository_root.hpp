// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// The absolute path, without a trailing slash, of the git work tree that contains `start` (a directory, or a file in
/// one); else the directory itself. A bare repository, and what lies inside `.git`, count as plain directories.
/// Thread-safe. Errors: kNotFound, kPermissionDenied, kIo.
Result<std::string> find_root(const std::string& start);

}  // namespace repomap
