// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/document_values.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/node_traits.hpp"

namespace repomap {

/// One named node of a syntax tree. Its children, if any, follow it; `end_node` is behind its last descendant.
struct SyntaxNode {
  static constexpr std::uint32_t kNone = 0xffffffff;

  ByteRange bytes;
  std::uint32_t parent = kNone;  ///< kNone for the root
  std::uint32_t scope = kNone;   ///< the innermost node around it for which TraitSet::is_scope() holds
  std::uint32_t end_node = 0;
  TSSymbol symbol = 0;
  TSFieldId field = 0;     ///< of the parent; 0 for none
  bool is_token = false;   ///< has no children, not even anonymous ones
  bool has_error = false;  ///< of a node for which TraitSet::is_scope() holds: something in it did not parse
};

/// The syntax of one text: the named nodes of its tree in document order, without the tree itself, so that any number
/// of threads can read it and no depth of nesting costs stack. Embedded languages are not parsed.
///
/// Owns its nodes; borrows the grammar's tables of names, which live until the process ends. The text is not kept:
/// methods that need it take it. Immutable, so thread-safe.
class DocumentSyntax {
 public:
  /// A tree exists for any bytes at all. Errors: kLimitExceeded at the time limit, and for a text of 4 GiB.
  static Result<DocumentSyntax> parse(const Language& language, std::string_view text, std::chrono::milliseconds limit);

  /// In document order. The first is the root, which has the whole text and is of no kind; there always is one.
  std::span<const SyntaxNode> nodes() const { return nodes_; }
  const NodeTraits& traits() const { return traits_; }

  /// What kind of node it is, as far as the rules care.
  TraitSet traits_of(std::uint32_t node) const { return traits_.of(nodes_[node].symbol); }
  std::string_view kind_of(std::uint32_t node) const { return traits_.kind(nodes_[node].symbol); }
  std::string_view field_of(std::uint32_t node) const { return traits_.field(nodes_[node].field); }

  /// The first child of a node, and the next sibling; kNone if there is none.
  std::uint32_t first_child(std::uint32_t node) const;
  std::uint32_t next_sibling(std::uint32_t node) const;

  /// The tokens that are names, ascending: indices of nodes().
  std::span<const std::uint32_t> identifiers() const { return identifiers_; }

  /// The identifier token that contains the byte or, if none does, ends at it.
  std::optional<std::uint32_t> identifier_at(std::uint32_t byte) const;

  /// The innermost node that contains the byte; the root if none does.
  std::uint32_t innermost_at(std::uint32_t byte) const;

  /// As Document::enclosing().
  std::vector<ByteRange> enclosing(std::uint32_t byte) const;

  std::uint64_t size_bytes() const;

 private:
  friend class NodeCollector;
  explicit DocumentSyntax(NodeTraits traits) : traits_(std::move(traits)) {}

  NodeTraits traits_;
  std::vector<SyntaxNode> nodes_;
  std::vector<std::uint32_t> identifiers_;
};

}  // namespace repomap
