// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/document_syntax.hpp"

namespace repomap {

/// What one identifier does where it stands.
enum class NameRole : std::uint8_t {
  kUse,
  kNotVariable,  ///< a member, a label: it says nothing of a variable of that name
  kBind,         ///< declares the name in `owner`
  kAssign,       ///< assigns to it, which declares it in `owner` unless `owner` is a closure that found it declared
  kGlobal,       ///< says that the name means the global in `owner`
  kOuter,        ///< says that `owner` does not declare the name
};

struct NameSite {
  NameRole role = NameRole::kUse;
  bool is_type = false;                     ///< where types and variables have names of their own
  std::uint32_t owner = SyntaxNode::kNone;  ///< the node in which the name is declared; of a use, if that declares it
  std::uint32_t visible_from = 0;           ///< if it declares: the byte from which on the name is known in `owner`
  std::uint32_t before = 0;                 ///< the name is looked up in nodes that begin before this one
};

/// Tells the role of an identifier from the nodes right above it. `identifier` is one of syntax.identifiers(); `text`
/// is that of the syntax. The work is bounded, whatever the depth of the tree.
NameSite name_site(const DocumentSyntax& syntax, std::string_view text, std::uint32_t identifier);

}  // namespace repomap
