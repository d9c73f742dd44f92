// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/model/document_values.hpp"
#include "parsers/document_syntax.hpp"
#include "parsers/line_table.hpp"

namespace repomap {

/// As Document::folds(): blocks, bodies and lists of several lines; comments of several lines, and comments on
/// consecutive lines; imports with nothing but blank lines between. `text` and `lines` are those of the syntax.
///
/// A block that closes with a bracket or word on a line of its own begins to fold on its own first line, and that last
/// line stays visible. A block that does not (in Python, say) folds behind the first line of the statement it is in.
std::vector<Fold> folding_ranges(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines);

}  // namespace repomap
