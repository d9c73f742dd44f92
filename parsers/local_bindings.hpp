// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/document_values.hpp"
#include "parsers/document_syntax.hpp"

namespace repomap {

/// What all identifiers of one name in a text are bound to. Immutable, so thread-safe.
class NameBindings {
 public:
  /// `text` is that of the syntax. Takes O(identifiers of the text) time.
  NameBindings(const DocumentSyntax& syntax, std::string_view text, std::string_view name);

  const std::string& name() const { return name_; }

  /// As Document::local_binding(): what the identifier, one of syntax.identifiers(), means if a function around it
  /// binds it. Takes O(identifiers of the name) time.
  std::optional<LocalBinding> binding_of(std::uint32_t identifier) const;

 private:
  struct Place {
    std::uint32_t node = SyntaxNode::kNone;
    ByteRange bytes;
    std::uint32_t owner = SyntaxNode::kNone;  // the node in which the name is bound; kNone for a global
    bool declares = false;
  };

  std::string name_;
  std::vector<Place> places_;  // by node, without those that are no variables
};

}  // namespace repomap
