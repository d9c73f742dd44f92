// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace repomap {

enum class RootSearch : std::uint8_t {
  kAround,  ///< the git work tree that contains the directory, else the directory itself
  kExact,   ///< the directory itself
};

/// The absolute path of the repository for `start`. Errors: kNotFound, kPermissionDenied, kInvalidArgument (not a
/// directory), kIo.
Result<std::string> find_repository_root(const std::string& start, RootSearch search);

}  // namespace repomap
