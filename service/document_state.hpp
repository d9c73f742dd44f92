// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "core/model/file_tags.hpp"
#include "parsers/document_syntax.hpp"
#include "parsers/line_table.hpp"
#include "service/document.hpp"

namespace repomap {

/// What a document owns. Immutable.
struct Document::State {
  State(std::string whole_text, FileTags its_tags, DocumentSyntax its_syntax)
      : text(std::move(whole_text)), tags(std::move(its_tags)), syntax(std::move(its_syntax)), lines(text) {}

  const std::string text;
  const FileTags tags;
  const DocumentSyntax syntax;
  const LineTable lines;
};

}  // namespace repomap
