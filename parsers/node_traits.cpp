// SPDX-License-Identifier: Apache-2.0
#include "parsers/node_traits.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace repomap {
namespace {

using Words = std::span<const std::string_view>;

bool contains_one_of(std::string_view kind, Words words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return kind.contains(word); });
}

bool ends_with_one_of(std::string_view kind, Words words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return kind.ends_with(word); });
}

bool is_one_of(std::string_view kind, Words words) { return std::ranges::find(words, kind) != words.end(); }

bool is_identifier(std::string_view kind) {
  static constexpr std::array<std::string_view, 5> kWords = {"identifier", "_name", "variable", "constructor",
                                                             "sym_lit"};
  static constexpr std::array<std::string_view, 12> kNames = {
      "name", "constant", "word", "symbol", "atom", "var", "varname", "alias", "id", "key", "function", "type"};
  static constexpr std::array<std::string_view, 2> kOthers = {"blank_identifier", "special_variable_name"};
  return (contains_one_of(kind, kWords) || is_one_of(kind, kNames) || kind == "implicit_parameter" ||
          kind == "metavariable" || kind == "value_pattern" || kind == "hash_key_symbol") &&
         !is_one_of(kind, kOthers);
}

/// Names of members, labels, packages: never those of variables.
bool is_member(std::string_view kind) {
  static constexpr std::array<std::string_view, 13> kKinds = {"field_identifier",
                                                              "property_identifier",
                                                              "private_property_identifier",
                                                              "statement_identifier",
                                                              "label_name",
                                                              "package_identifier",
                                                              "namespace_identifier",
                                                              "hash_key_symbol",
                                                              "instance_variable",
                                                              "class_variable",
                                                              "global_variable",
                                                              "constant",
                                                              "word"};
  return is_one_of(kind, kKinds);
}

/// Kinds that are functions in one language and something else in others.
bool is_function_only_in(std::string_view language, std::string_view kind) {
  struct Special {
    std::string_view language;
    std::string_view kind;
  };
  static constexpr auto kSpecials = std::to_array<Special>({{"ruby", "block"},
                                                            {"ruby", "do_block"},
                                                            {"ocaml", "let_binding"},
                                                            {"elm", "value_declaration"},
                                                            {"erlang", "function_clause"},
                                                            {"erlang", "fun_clause"},
                                                            {"dart", "function_body"}});
  return std::ranges::any_of(kSpecials,
                             [&](const Special& one) { return one.language == language && one.kind == kind; });
}

bool is_function(std::string_view language, std::string_view kind) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "function",   "method",       "lambda",     "closure",  "constructor",
      "destructor", "func_literal", "subroutine", "accessor", "operator_declaration"};
  static constexpr std::array<std::string_view, 11> kEnds = {"definition",  "declaration", "expression", "_item",
                                                             "literal",     "_statement",  "signature",  "function",
                                                             "constructor", "method",      "lambda"};
  static constexpr std::array<std::string_view, 12> kOthers = {"call",
                                                               "type",
                                                               "pointer",
                                                               "parameter",
                                                               "declarator",
                                                               "invocation",
                                                               "static",
                                                               "template",
                                                               "generic",
                                                               "constructor_literal",
                                                               "constructor_expression",
                                                               "initializer"};
  static constexpr std::array<std::string_view, 8> kNames = {
      "static_initializer",  "class_static_block", "init_declaration",        "deinit_declaration",
      "indexer_declaration", "fun_expression",     "anonymous_function_expr", "block_literal"};
  return (contains_one_of(kind, kWords) && ends_with_one_of(kind, kEnds) && !contains_one_of(kind, kOthers)) ||
         is_one_of(kind, kNames) || is_function_only_in(language, kind);
}

bool is_class(std::string_view kind) {
  static constexpr std::array<std::string_view, 14> kWords = {
      "class",  "struct", "interface", "trait",     "enum",  "union",     "record",
      "object", "module", "namespace", "extension", "actor", "impl_item", "mod_item"};
  static constexpr std::array<std::string_view, 9> kEnds = {"definition", "declaration", "specifier", "_item", "_body",
                                                            "class",      "module",      "_type",     "trait"};
  static constexpr std::array<std::string_view, 4> kOthers = {"_use_", "import", "fragment", "pattern"};
  return contains_one_of(kind, kWords) && ends_with_one_of(kind, kEnds) && !contains_one_of(kind, kOthers);
}

bool is_import(std::string_view kind) {
  static constexpr std::array<std::string_view, 5> kWords = {"import", "include", "use_declaration", "using_directive",
                                                             "use_statement"};
  static constexpr std::array<std::string_view, 6> kEnds = {"statement", "declaration", "directive",
                                                            "include",   "header",      "import"};
  return contains_one_of(kind, kWords) && ends_with_one_of(kind, kEnds);
}

bool is_block(std::string_view kind) {
  static constexpr std::array<std::string_view, 20> kWords = {
      "block",   "body",       "_list",      "list_",     "compound", "suite",        "group",
      "object",  "array",      "dictionary", "arguments", "table",    "elements",     "members",
      "mapping", "parameters", "preproc_if", "clauses",   "section",  "literal_value"};
  static constexpr std::array<std::string_view, 14> kNames = {"list",    "tuple", "set",  "hash",         "vector",
                                                              "element", "then",  "else", "do",           "statements",
                                                              "record",  "map",   "case", "literal_value"};
  static constexpr std::array<std::string_view, 6> kEnds = {
      "_case", "case_statement", "case_item", "case_clause", "switch_section", "switch_block_statement_group"};
  static constexpr std::array<std::string_view, 4> kOthers = {"comment", "parameter_list_", "block_scalar", "string"};
  return (contains_one_of(kind, kWords) || is_one_of(kind, kNames) || ends_with_one_of(kind, kEnds)) &&
         !contains_one_of(kind, kOthers);
}

bool is_container(std::string_view kind) {
  static constexpr std::array<std::string_view, 15> kWords = {
      "block",   "body",    "_list",   "compound", "suite",      "preproc_if",     "preproc_el", "members",
      "program", "section", "section", "_items",   "statements", "interface_type", "struct_type"};
  static constexpr std::array<std::string_view, 4> kOthers = {"parameter", "argument", "expression", "class_heritage"};
  static constexpr std::array<std::string_view, 2> kNames = {"module", "ERROR"};
  return (contains_one_of(kind, kWords) && !contains_one_of(kind, kOthers)) || is_one_of(kind, kNames);
}

bool is_annotation(std::string_view kind) {
  static constexpr std::array<std::string_view, 3> kWords = {"annotation", "attribute_", "decorator"};
  static constexpr std::array<std::string_view, 3> kEnds = {"attribute", "attributes", "pragma"};
  return contains_one_of(kind, kWords) || ends_with_one_of(kind, kEnds);
}

bool is_parameter(std::string_view kind) {
  static constexpr std::array<std::string_view, 3> kOthers = {"parameterized", "expansion", "parameter_modifier"};
  return kind.contains("parameter") && !contains_one_of(kind, kOthers);
}

}  // namespace

TraitSet traits_of_kind(std::string_view language, std::string_view kind) {
  TraitSet traits;
  const auto add_if = [&](bool holds, NodeTrait trait) {
    if (holds) {
      traits.add(trait);
    }
  };
  add_if(is_identifier(kind), NodeTrait::kIdentifier);
  add_if(kind == "type_identifier", NodeTrait::kTypeName);
  add_if(is_member(kind), NodeTrait::kMember);
  add_if(kind.contains("comment"), NodeTrait::kComment);
  add_if(is_import(kind), NodeTrait::kImport);
  const bool is_scope_of_names = is_function(language, kind) && !(language == "dart" && kind.ends_with("signature"));
  add_if(is_scope_of_names, NodeTrait::kFunction);
  add_if(!is_scope_of_names && is_class(kind), NodeTrait::kClass);
  add_if(kind.ends_with("comprehension") || kind == "generator_expression", NodeTrait::kComprehension);
  add_if(is_scope_of_names && language == "ruby" && kind.ends_with("block"), NodeTrait::kClosure);
  add_if(is_block(kind), NodeTrait::kBlock);
  add_if(is_container(kind), NodeTrait::kContainer);
  add_if(is_annotation(kind), NodeTrait::kAnnotation);
  add_if(is_parameter(kind), NodeTrait::kParameter);
  return traits;
}

NodeTraits::NodeTraits(std::string language, const TSLanguage* grammar) : language_(std::move(language)) {
  const std::uint32_t symbols = ts_language_symbol_count(grammar);
  kinds_.reserve(symbols);
  traits_.resize(symbols);
  is_learned_.resize(symbols);
  for (std::uint32_t symbol = 0; symbol < symbols; ++symbol) {
    const char* name = ts_language_symbol_name(grammar, static_cast<TSSymbol>(symbol));
    kinds_.emplace_back(name == nullptr ? "" : name);
  }
  fields_.emplace_back("");
  for (std::uint32_t field = 1; field <= ts_language_field_count(grammar); ++field) {
    const char* name = ts_language_field_name_for_id(grammar, static_cast<TSFieldId>(field));
    fields_.emplace_back(name == nullptr ? "" : name);
  }
}

void NodeTraits::learn(TSSymbol symbol) {
  if (symbol < traits_.size() && !is_learned_[symbol]) {
    is_learned_[symbol] = true;
    traits_[symbol] = traits_of_kind(language_, kinds_[symbol]);
  }
}

}  // namespace repomap
