// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "parsers/language_directories.hpp"

namespace repomap {

/// Where the program's own files are: grammars, queries, token tables.
struct ResourcePaths {
  LanguageDirectories languages;
  std::string data;            ///< <encoding>.bpe
  std::string user_languages;  ///< one directory for each language that the user has added
};

/// The first of: $REPO_MAP_RESOURCE_DIR (with grammars/, queries/ and data/ in it), the build tree or installation that
/// the running program lies in, the installation that this library was built for. User languages are in
/// $REPO_MAP_LANGUAGES_DIR, else $XDG_DATA_HOME/repomap/languages, else ~/.local/share/repomap/languages; "" without a
/// home. Reads the environment, so call it before threads start.
ResourcePaths find_resources();

}  // namespace repomap
