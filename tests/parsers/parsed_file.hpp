// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/file_tags.hpp"

namespace repomap {

/// A text and its scopes, as a test of the renderer needs them.
struct ParsedFile {
  std::string text;
  std::vector<ScopeSpan> scopes;
};

/// The bytes of a file; ends the process where it cannot be read.
std::string read_whole_file(const std::string& path);

/// Parses with the grammar of that name (<directory>/<name>.so), without query or language table. A text that does not
/// end in a newline is parsed as if it did. Ends the process if there is no such grammar.
ParsedFile parse_file(const std::string& grammar_directory, const std::string& grammar, std::string text);

}  // namespace repomap
