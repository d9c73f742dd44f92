// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"

namespace repomap::cli {

/// The path relative to `root` of what `argument` names, from the working directory or else from the root; "" for the
/// root itself. Symbolic links are resolved.
/// Errors: kNotFound, naming what may have been meant; kInvalidArgument for a path outside of the root; those of the
/// operating system.
Result<std::string> resolve_path_argument(const std::string& root, const std::string& argument);

/// "; did you mean X?" for a path that does not exist, X being next to it, or "".
std::string neighbour_hint(const std::string& path);

}  // namespace repomap::cli
