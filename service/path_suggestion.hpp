// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace repomap {

/// The path that was probably meant by one that does not exist: a file of the same name, in any case if there is none
/// as written, whose directories have most in common with those given, from the end. Among equals the shortest path,
/// then the first. "" if there is none. Time: proportional to the paths.
std::string suggest_path(std::span<const std::string> paths, std::string_view missing);

}  // namespace repomap
