// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/model/document_values.hpp"
#include "parsers/document_syntax.hpp"

namespace repomap {

/// As Document::local_binding(): what the identifier means if a function around it binds the name. `text` is that of
/// the syntax; `identifier` is one of syntax.identifiers(). Takes O(identifiers) time.
std::optional<LocalBinding> find_local_binding(const DocumentSyntax& syntax, std::string_view text,
                                               std::uint32_t identifier);

}  // namespace repomap
