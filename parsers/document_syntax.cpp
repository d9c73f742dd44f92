// SPDX-License-Identifier: Apache-2.0
#include "parsers/document_syntax.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "parsers/parse_arena.hpp"
#include "parsers/syntax_parser.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::uint32_t kNodesBetweenLooks = 4096;  // at the clock

bool is_name_byte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') || value == '_' || value >= 0x80;
}

/// Whether a token is a name rather than a number, an operator or a placeholder.
bool is_name(std::string_view text) {
  return text.size() <= kMaxNameBytes && text != "_" && std::ranges::any_of(text, is_name_byte) &&
         std::ranges::none_of(text, [](char byte) { return byte == ' ' || byte == '\t' || byte == '\n'; });
}

class TreeCursor {
 public:
  explicit TreeCursor(TSNode root) : cursor_(ts_tree_cursor_new(root)) {}
  ~TreeCursor() { ts_tree_cursor_delete(&cursor_); }
  TreeCursor(const TreeCursor&) = delete;
  TreeCursor& operator=(const TreeCursor&) = delete;

  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  TSFieldId field() const { return ts_tree_cursor_current_field_id(&cursor_); }
  bool enter() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool next() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  bool leave() { return ts_tree_cursor_goto_parent(&cursor_); }

 private:
  TSTreeCursor cursor_;
};

}  // namespace

/// Writes down the named nodes of a tree. Used by one thread.
class NodeCollector {
 public:
  NodeCollector(DocumentSyntax& syntax, std::string_view text) : syntax_(syntax), text_(text) {}

  /// Errors: kLimitExceeded at the deadline.
  Status collect(TSNode root, const Deadline& deadline) {
    add_root();
    TreeCursor cursor(root);
    if (!cursor.enter()) {
      return {};
    }
    for (std::uint32_t seen = 1;; ++seen) {
      if (seen % kNodesBetweenLooks == 0 && deadline.has_passed()) {
        return fail(ErrorCode::kLimitExceeded, "parsing exceeded the time limit");
      }
      open(cursor);
      if (cursor.enter()) {
        continue;
      }
      syntax_.nodes_[current_].is_token = is_recorded_.back();
      close();
      while (!cursor.next()) {
        cursor.leave();
        if (is_recorded_.empty()) {
          syntax_.nodes_.front().end_node = size();
          return {};
        }
        close();
      }
    }
  }

  void find_identifiers() {
    for (std::uint32_t index = 1; index < size(); ++index) {
      const SyntaxNode& node = syntax_.nodes_[index];
      if (node.is_token && syntax_.traits_of(index).has(NodeTrait::kIdentifier) &&
          is_name(text_.substr(node.bytes.begin, node.bytes.end - node.bytes.begin))) {
        syntax_.identifiers_.push_back(index);
      }
    }
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(syntax_.nodes_.size()); }

  void add_root() {
    SyntaxNode root;
    root.bytes.end = static_cast<std::uint32_t>(text_.size());
    root.end_node = 1;
    syntax_.nodes_.push_back(root);
  }

  void open(const TreeCursor& cursor) {
    const TSNode node = cursor.node();
    const auto size_bytes = static_cast<std::uint32_t>(text_.size());
    SyntaxNode next;
    next.bytes = {std::min(ts_node_start_byte(node), size_bytes), std::min(ts_node_end_byte(node), size_bytes)};
    const bool is_recorded = ts_node_is_named(node) && next.bytes.begin < next.bytes.end;
    is_recorded_.push_back(is_recorded);
    if (!is_recorded) {
      return;
    }
    next.parent = current_;
    next.scope = current_ != 0 && syntax_.traits_of(current_).is_scope() ? current_ : syntax_.nodes_[current_].scope;
    if (ts_node_is_error(node) && next.scope != SyntaxNode::kNone) {
      syntax_.nodes_[next.scope].has_error = true;
    }
    next.symbol = ts_node_symbol(node);
    syntax_.traits_.learn(next.symbol);
    next.field = cursor.field();
    current_ = size();
    syntax_.nodes_.push_back(next);
  }

  void close() {
    if (is_recorded_.back()) {
      SyntaxNode& node = syntax_.nodes_[current_];
      node.end_node = size();
      current_ = node.parent;
    }
    is_recorded_.pop_back();
  }

  DocumentSyntax& syntax_;
  const std::string_view text_;
  std::uint32_t current_ = 0;      // the innermost open node that is recorded
  std::vector<bool> is_recorded_;  // of the open nodes below the root
};

Result<DocumentSyntax> DocumentSyntax::parse(const Language& language, std::string_view text,
                                             std::chrono::milliseconds limit) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::kLimitExceeded, "texts of 4 GiB and more are not parsed");
  }
  const Deadline deadline(limit);
  const auto visible = language.hidden() == nullptr ? std::nullopt : language.hidden()->blank_out(text);
  DocumentSyntax syntax(NodeTraits(language.spec().name, language.grammar()));
  ParseArena arena;
  const ParseArena::Scope scope(arena);
  SyntaxParser parser;
  REPOMAP_ASSIGN(TreeHandle handle,
                 parser.parse(language.grammar(), visible ? std::string_view(*visible) : text, {}, deadline));
  // Not deleted: the arena drops the tree with everything else.
  const TSTree& tree = *handle.release();
  NodeCollector collector(syntax, text);
  REPOMAP_TRY(collector.collect(ts_tree_root_node(&tree), deadline));
  collector.find_identifiers();
  return syntax;
}

std::uint32_t DocumentSyntax::first_child(std::uint32_t node) const {
  return nodes_[node].end_node > node + 1 ? node + 1 : SyntaxNode::kNone;
}

std::uint32_t DocumentSyntax::next_sibling(std::uint32_t node) const {
  const std::uint32_t parent = nodes_[node].parent;
  const std::uint32_t next = nodes_[node].end_node;
  return parent != SyntaxNode::kNone && next < nodes_[parent].end_node ? next : SyntaxNode::kNone;
}

std::uint32_t DocumentSyntax::innermost_at(std::uint32_t byte) const {
  std::uint32_t innermost = 0;
  std::uint32_t child = first_child(0);
  while (child != SyntaxNode::kNone && nodes_[child].bytes.begin <= byte) {
    if (byte < nodes_[child].bytes.end) {
      innermost = child;
      child = first_child(child);
    } else {
      child = next_sibling(child);
    }
  }
  return innermost;
}

std::optional<std::uint32_t> DocumentSyntax::identifier_at(std::uint32_t byte) const {
  const auto behind =
      std::ranges::upper_bound(identifiers_, byte, {}, [this](std::uint32_t node) { return nodes_[node].bytes.begin; });
  if (behind != identifiers_.begin() && nodes_[*std::prev(behind)].bytes.end >= byte) {
    return *std::prev(behind);
  }
  // The sign before a name that is a token of its own, as in PHP.
  if (behind != identifiers_.end() && nodes_[*behind].bytes.begin == byte + 1) {
    const std::uint32_t parent = nodes_[*behind].parent;
    if (nodes_[parent].bytes.begin == byte && kind_of(parent) == "variable_name") {
      return *behind;
    }
  }
  return std::nullopt;
}

std::vector<ByteRange> DocumentSyntax::enclosing(std::uint32_t byte) const {
  std::vector<ByteRange> ranges;
  const auto identifier = identifier_at(byte);
  const bool is_at_it = identifier && nodes_[*identifier].bytes.begin <= byte;
  std::uint32_t node = is_at_it ? *identifier : innermost_at(byte);
  for (; node != SyntaxNode::kNone; node = nodes_[node].parent) {
    const ByteRange range = nodes_[node].bytes;
    if (range.begin < range.end && (ranges.empty() || ranges.back() != range)) {
      ranges.push_back(range);
    }
  }
  return ranges;
}

std::uint64_t DocumentSyntax::size_bytes() const {
  return nodes_.capacity() * sizeof(SyntaxNode) + identifiers_.capacity() * sizeof(std::uint32_t) +
         sizeof(DocumentSyntax);
}

}  // namespace repomap
