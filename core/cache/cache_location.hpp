// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace repomap {

/// The directory below the root that this layout lives in. Other versions stand beside it.
inline constexpr const char* kCacheLayout = "v1";

/// Whether `path` is `directory` or lies below it, links resolved as far as the path exists. Both absolute.
bool is_inside(const std::string& path, const std::string& directory);

/// Errors: kInvalidArgument if a cache at `root` would write into the repository at `repository` ("": no repository).
Status check_outside(const std::string& root, const std::string& repository);

/// What else lies below the root that looks like a layout of another version: "v0", "v2", … Sorted.
std::vector<std::string> other_layouts(const std::string& root);

}  // namespace repomap
