// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "parsers/document_syntax.hpp"

namespace repomap {

/// Where a declared name is known.
struct BindingExtent {
  std::uint32_t owner = SyntaxNode::kNone;  ///< throughout this node: a block, a function
  std::uint32_t visible_from = 0;           ///< from this byte on
};

/// The extent of a name that `declaration` declares in its child `name`, within `function`. Languages whose blocks have
/// variables of their own, and where a name is not known before it is declared, are known by name; in others, and in a
/// function with syntax errors, where brackets may be missing, it is the whole function.
BindingExtent binding_extent(const DocumentSyntax& syntax, std::uint32_t name, std::uint32_t declaration,
                             std::uint32_t function);

}  // namespace repomap
