// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace repomap {

/// Where the files of the built-in languages are.
struct LanguageDirectories {
  std::string grammars;  ///< <grammar>.so
  std::string queries;   ///< <language>.scm
};

}  // namespace repomap
