// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/mutex.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/document_syntax.hpp"
#include "parsers/line_table.hpp"
#include "parsers/local_bindings.hpp"
#include "service/document.hpp"

namespace repomap {

/// What a document owns. Thread-safe.
struct Document::State {
  State(std::string whole_text, FileTags its_tags, DocumentSyntax its_syntax)
      : text(std::move(whole_text)), tags(std::move(its_tags)), syntax(std::move(its_syntax)), lines(text) {}

  /// As NameBindings::binding_of(). Who asks for one identifier often asks for others of the same name.
  std::optional<LocalBinding> local_binding(std::uint32_t identifier) const EXCLUDES(mutex);

  // Fixed after construction.
  const std::string text;
  const FileTags tags;
  const DocumentSyntax syntax;
  const LineTable lines;

  mutable Mutex mutex;
  mutable std::shared_ptr<const NameBindings> latest GUARDED_BY(mutex);  // the name that was asked for last
};

}  // namespace repomap
