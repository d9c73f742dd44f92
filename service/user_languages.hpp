// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "parsers/language_spec.hpp"

namespace repomap {

/// The languages that the user has added below `directory`: each sub-directory that holds `language.toml` is one, with
/// `grammar.so` and `tags.scm` beside it (docs/LANGUAGES.md). The directory's name is the language's name. A
/// language.toml that cannot be read gives a language without file names, which `repomap langs` then reports; a
/// directory that does not exist gives none.
std::vector<LanguageSpec> find_user_languages(const std::string& directory);

}  // namespace repomap
