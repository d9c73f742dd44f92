// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "watcher/file_lister.hpp"

namespace repomap {

/// Which files of a repository a request is about.
struct FileSelection {
  std::string root;                   ///< absolute
  std::vector<std::string> subtrees;  ///< directories relative to the root; none: all
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
  std::vector<std::string> paths = {};  ///< of these, files or directories to keep to; none: all
};

}  // namespace repomap
