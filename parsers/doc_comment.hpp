// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/document_syntax.hpp"
#include "parsers/line_table.hpp"

namespace repomap {

/// As Document::doc_comment(): what is said of the definition whose name begins at `name`, a byte offset, in the
/// comments right above it or in its docstring. `text` and `lines` are those of the syntax.
std::string find_doc_comment(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines,
                             std::uint32_t name);

}  // namespace repomap
