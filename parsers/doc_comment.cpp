// SPDX-License-Identifier: Apache-2.0
#include "parsers/doc_comment.hpp"

#include <optional>
#include <ranges>
#include <vector>

#include "parsers/comment_text.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kNone = SyntaxNode::kNone;
constexpr std::uint32_t kMaxLines = 400;  // of comments and annotations above one definition
constexpr int kMaxSteps = 64;             // from a name to its definition

class CommentFinder {
 public:
  CommentFinder(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines)
      : syntax_(syntax), text_(text), lines_(lines) {}

  std::string find(std::uint32_t name) {
    const std::uint32_t definition = definition_of(syntax_.innermost_at(name));
    if (std::string docstring = docstring_around(syntax_.innermost_at(name)); !docstring.empty()) {
      return docstring;
    }
    return definition == 0 ? "" : strip_comment(comments_above(lines_.line_of(bytes_of(definition).begin)));
  }

 private:
  ByteRange bytes_of(std::uint32_t node) const { return syntax_.nodes()[node].bytes; }
  std::uint32_t parent_of(std::uint32_t node) const { return syntax_.nodes()[node].parent; }
  std::string_view text_of(ByteRange range) const { return text_.substr(range.begin, range.end - range.begin); }

  /// The outermost node around `node` that stands beside other definitions: with decorators, templates, exports.
  std::uint32_t definition_of(std::uint32_t node) const {
    for (int step = 0; step < kMaxSteps && node != 0; ++step) {
      const std::uint32_t parent = parent_of(node);
      if (parent == 0 || syntax_.traits_of(parent).has(NodeTrait::kContainer) || is_one_of_many(node, parent)) {
        break;
      }
      node = parent;
    }
    return node;
  }

  /// Whether `node` is a declaration among others in one statement: `type ( A …; B … )` in Go.
  bool is_one_of_many(std::uint32_t node, std::uint32_t parent) const {
    return syntax_.kind_of(node).ends_with("_spec") &&
           lines_.line_of(bytes_of(node).begin) != lines_.line_of(bytes_of(parent).begin);
  }

  /// The string that comes first in the body of the function or class that `name` is the name of, in Python.
  std::string docstring_around(std::uint32_t name) const {
    const std::uint32_t definition = parent_of(name);
    if (syntax_.traits().language() != "python" || definition == kNone || syntax_.field_of(name) != "name") {
      return "";
    }
    std::uint32_t body = syntax_.first_child(definition);
    while (body != kNone && syntax_.field_of(body) != "body") {
      body = syntax_.next_sibling(body);
    }
    std::uint32_t first = body == kNone ? kNone : syntax_.first_child(body);
    while (first != kNone && syntax_.traits_of(first).has(NodeTrait::kComment)) {
      first = syntax_.next_sibling(first);
    }
    if (first == kNone || syntax_.kind_of(first) != "expression_statement") {
      return "";
    }
    const std::uint32_t literal = syntax_.first_child(first);
    return literal != kNone && syntax_.kind_of(literal) == "string" ? strip_docstring(text_of(bytes_of(literal))) : "";
  }

  /// The source of the comments on the lines above `line`, from top to bottom.
  std::string comments_above(std::uint32_t line) const {
    std::vector<std::string_view> found;
    for (std::uint32_t seen = 0; line > 0 && seen < kMaxLines; ++seen) {
      const auto node = outermost_ending_on(line - 1);
      if (!node) {
        break;
      }
      const bool is_comment = syntax_.traits_of(*node).has(NodeTrait::kComment);
      if (!is_comment && (!syntax_.traits_of(*node).has(NodeTrait::kAnnotation) || !found.empty())) {
        break;
      }
      if (is_comment) {
        found.push_back(text_of(bytes_of(*node)));
      }
      line = lines_.line_of(bytes_of(*node).begin);
    }
    std::string source;
    for (const std::string_view comment : std::views::reverse(found)) {
      source.append(comment);
      if (!comment.ends_with('\n')) {
        source.push_back('\n');
      }
    }
    return source;
  }

  /// The comment or annotation that is all that stands on the lines it is on, the last of which is `line`.
  std::optional<std::uint32_t> outermost_ending_on(std::uint32_t line) const {
    const std::string_view content = lines_.line(text_, line);
    const std::size_t last = content.find_last_not_of(" \t\r");
    if (last == std::string_view::npos) {
      return std::nullopt;
    }
    const std::uint32_t end = *lines_.byte_at(text_, {line, static_cast<std::uint32_t>(last)});
    std::uint32_t node = syntax_.innermost_at(end);
    for (int step = 0; step < kMaxSteps && node != 0; ++step) {
      const TraitSet traits = syntax_.traits_of(node);
      if (traits.has(NodeTrait::kComment) || traits.has(NodeTrait::kAnnotation)) {
        break;
      }
      node = parent_of(node);
    }
    if (node == 0 || node == kNone) {
      return std::nullopt;
    }
    while (parent_of(node) != 0 && syntax_.traits_of(parent_of(node)).has(NodeTrait::kComment)) {
      node = parent_of(node);  // the parts of a doc comment are nodes in some grammars
    }
    const TextPosition begin = lines_.position_of(bytes_of(node).begin);
    const bool is_first =
        lines_.line(text_, begin.line).substr(0, begin.column).find_first_not_of(" \t") == std::string_view::npos;
    return is_first ? std::optional(node) : std::nullopt;
  }

  const DocumentSyntax& syntax_;
  const std::string_view text_;
  const LineTable& lines_;
};

}  // namespace

std::string find_doc_comment(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines,
                             std::uint32_t name) {
  return CommentFinder(syntax, text, lines).find(name);
}

}  // namespace repomap
