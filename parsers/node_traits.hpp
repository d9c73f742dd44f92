// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// What a kind of syntax node is, whatever the language. Told by the words in its name, which grammars agree on fairly
/// well ("function_definition", "func_literal", "method").
enum class NodeTrait : std::uint16_t {
  kIdentifier = 1U << 0U,     ///< a name, if it is a token
  kTypeName = 1U << 1U,       ///< a name that can only be a type's
  kMember = 1U << 2U,         ///< a name that is never a variable: of a field, a label, a package
  kComment = 1U << 3U,        //
  kImport = 1U << 4U,         //
  kFunction = 1U << 5U,       ///< binds parameters and local variables
  kClass = 1U << 6U,          ///< what is declared right in it is a member
  kComprehension = 1U << 7U,  ///< binds the variables of its own loops only
  kClosure = 1U << 8U,        ///< a function that assigns to the variables of the one around it
  kBlock = 1U << 9U,          ///< can be folded: a body, a list, a block
  kContainer = 1U << 10U,     ///< definitions stand in it side by side
  kAnnotation = 1U << 11U,    ///< an attribute or decorator of a definition
  kParameter = 1U << 12U,     ///< a parameter or a list of them
};

/// A set of traits.
class TraitSet {
 public:
  void add(NodeTrait trait) { bits_ |= static_cast<std::uint16_t>(trait); }
  void remove(NodeTrait trait) { bits_ &= static_cast<std::uint16_t>(~static_cast<unsigned>(trait)); }
  bool has(NodeTrait trait) const { return (bits_ & static_cast<std::uint16_t>(trait)) != 0; }
  bool is_scope() const {
    return has(NodeTrait::kFunction) || has(NodeTrait::kClass) || has(NodeTrait::kComprehension);
  }

 private:
  std::uint16_t bits_ = 0;
};

/// The traits of a kind of named node in a language.
TraitSet traits_of_kind(std::string_view language, std::string_view kind);

/// The names of all symbols of one grammar, and the traits of those that were asked to be learned: a text has few of
/// the symbols. Borrows the names, which are part of the grammar's code and so stay until the process ends.
/// Thread-compatible.
class NodeTraits {
 public:
  NodeTraits(std::string language, const TSLanguage* grammar);

  void learn(TSSymbol symbol);

  const std::string& language() const { return language_; }
  /// None for a symbol that was not learned.
  TraitSet of(TSSymbol symbol) const { return symbol < traits_.size() ? traits_[symbol] : TraitSet(); }
  /// "ERROR" for what is not in the grammar.
  std::string_view kind(TSSymbol symbol) const { return symbol < kinds_.size() ? kinds_[symbol] : "ERROR"; }
  /// "" for none.
  std::string_view field(TSFieldId field) const { return field < fields_.size() ? fields_[field] : ""; }

 private:
  std::string language_;
  std::vector<std::string_view> kinds_;
  std::vector<std::string_view> fields_;
  std::vector<TraitSet> traits_;
  std::vector<bool> is_learned_;
};

}  // namespace repomap
