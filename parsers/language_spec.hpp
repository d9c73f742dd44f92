// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace repomap {

/// What the registry must know of a language before it loads anything.
struct LanguageSpec {
  std::string name;                       ///< "cpp"; also the name of the query file, cpp.scm
  std::string grammar;                    ///< file and symbol of the grammar: cpp.so exports tree_sitter_cpp
  std::string symbol;                     ///< the exported function, if it is not tree_sitter_<grammar>
  std::vector<std::string> extensions;    ///< with the dot; compared as written, then in lower case
  std::vector<std::string> file_names;    ///< whole base names: "Makefile"
  std::vector<std::string> interpreters;  ///< base names in a "#!" line, without version digits: "python"
  std::string scope_separator = ".";      ///< between the names of a scope: "::" in C++

  std::string grammar_path;  ///< absolute; empty for a built-in language
  std::string query_path;    ///< absolute; empty for a built-in language
};

/// The languages that come with the product, sorted by name.
std::vector<LanguageSpec> built_in_languages();

}  // namespace repomap
