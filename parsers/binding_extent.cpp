// SPDX-License-Identifier: Apache-2.0
#include "parsers/binding_extent.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace repomap {
namespace {

constexpr std::uint32_t kNone = SyntaxNode::kNone;
constexpr int kMaxSteps = 64;  // to the block; deeper expressions make the whole function the extent

using Words = std::span<const std::string_view>;

bool is_in(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }

bool is_script(std::string_view language) {
  static constexpr auto kLanguages = std::to_array<std::string_view>({"javascript", "jsx", "typescript", "tsx"});
  return is_in(language, kLanguages);
}

bool has_block_scopes(std::string_view language) {
  static constexpr auto kLanguages =
      std::to_array<std::string_view>({"c", "cpp", "objc", "go", "rust", "java", "csharp", "lua"});
  return is_in(language, kLanguages) || is_script(language);
}

bool is_block_scope(std::string_view kind) {
  static constexpr auto kKinds = std::to_array<std::string_view>({"block",
                                                                  "compound_statement",
                                                                  "statement_block",
                                                                  "for_statement",
                                                                  "for_range_loop",
                                                                  "for_in_statement",
                                                                  "for_expression",
                                                                  "enhanced_for_statement",
                                                                  "foreach_statement",
                                                                  "if_statement",
                                                                  "if_expression",
                                                                  "while_statement",
                                                                  "do_statement",
                                                                  "while_expression",
                                                                  "loop_expression",
                                                                  "match_arm",
                                                                  "catch_clause",
                                                                  "try_with_resources_statement",
                                                                  "using_statement",
                                                                  "fixed_statement",
                                                                  "repeat_statement",
                                                                  "else_clause",
                                                                  "switch_statement",
                                                                  "expression_switch_statement",
                                                                  "expression_case",
                                                                  "type_switch_statement",
                                                                  "type_case",
                                                                  "default_case",
                                                                  "communication_case",
                                                                  "switch_rule",
                                                                  "switch_section",
                                                                  "switch_block_statement_group",
                                                                  "switch_expression_arm",
                                                                  "switch_body"});
  return is_in(kind, kKinds);
}

/// Declarations in a condition that hold behind the statement of the condition too.
bool outlives_condition(std::string_view kind) {
  static constexpr auto kKinds = std::to_array<std::string_view>(
      {"instanceof_expression", "type_pattern", "record_pattern_component", "declaration_pattern", "recursive_pattern",
       "var_pattern", "declaration_expression", "parenthesized_variable_designation"});
  return is_in(kind, kKinds);
}

/// The innermost block around `declaration` in which its names are known.
std::uint32_t block_around(const DocumentSyntax& syntax, std::uint32_t declaration, std::uint32_t function) {
  const bool outlives = outlives_condition(syntax.kind_of(declaration));
  std::uint32_t node = declaration;
  for (int step = 0; step < kMaxSteps && node != function && node != kNone; ++step) {
    const std::string_view kind = syntax.kind_of(node);
    const bool is_condition = kind == "if_statement" || kind == "while_statement" || kind == "else_clause";
    if (is_block_scope(kind) && !(outlives && is_condition)) {
      return node;
    }
    node = syntax.nodes()[node].parent;
  }
  return function;
}

/// The byte behind what a declaration says before its names are known: `x` is another one in `let x = x + 1`.
std::uint32_t end_of_initializer(const DocumentSyntax& syntax, std::uint32_t name, std::uint32_t declaration) {
  static constexpr auto kWhole = std::to_array<std::string_view>(
      {"let_declaration", "let_condition", "short_var_declaration", "var_spec", "const_spec", "range_clause",
       "receive_statement", "variable_declaration", "for_generic_clause"});
  static constexpr auto kUpToValue = std::to_array<std::string_view>(
      {"for_expression", "enhanced_for_statement", "foreach_statement", "type_switch_statement"});
  const std::string_view kind = syntax.kind_of(declaration);
  if (is_in(kind, kWhole)) {
    return syntax.nodes()[declaration].bytes.end;
  }
  const std::uint32_t value = syntax.next_sibling(name);
  return is_in(kind, kUpToValue) && value != kNone ? syntax.nodes()[value].bytes.end : syntax.nodes()[name].bytes.begin;
}

}  // namespace

BindingExtent binding_extent(const DocumentSyntax& syntax, std::uint32_t name, std::uint32_t declaration,
                             std::uint32_t function) {
  const std::string_view language = syntax.traits().language();
  const std::string_view outer = syntax.kind_of(syntax.nodes()[declaration].parent);
  const bool is_var = is_script(language) && outer == "variable_declaration";
  if (!has_block_scopes(language) || syntax.nodes()[function].has_error || is_var) {
    return {function, 0};
  }
  const bool is_hoisted = is_script(language);
  return {block_around(syntax, declaration, function), is_hoisted ? 0 : end_of_initializer(syntax, name, declaration)};
}

}  // namespace repomap
