// SPDX-License-Identifier: Apache-2.0
//
// One table for all languages: grammars that have a kind of node of the same name mostly mean the same by it. Where
// they do not, the row names the language. Kinds that only one grammar has need no language.
#include "parsers/binding_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>

namespace repomap {
namespace {

using enum BindingRule;

struct Row {
  std::string_view kind;
  std::string_view field;  // "" for a child without field, "*" for any
  BindingRule rule = kNone;
  std::string_view language = {};  // "" for all
};

constexpr auto kRows = std::to_array<Row>({
    // Patterns, and declarators in the manner of C: the way from a name to what declares it.
    {"pattern_list", "*", kUp},
    {"tuple_pattern", "*", kUp},
    {"list_pattern", "*", kUp},
    {"expression_list", "*", kNone, "lua"},
    {"expression_list", "*", kUp},
    {"array_pattern", "*", kUp},
    {"object_pattern", "*", kUp},
    {"pair_pattern", "value", kUp},
    {"pair_pattern", "key", kNotVariable},
    {"rest_pattern", "*", kUp},
    {"assignment_pattern", "left", kUp},
    {"object_assignment_pattern", "left", kUp},
    {"list_splat_pattern", "*", kUp},
    {"dictionary_splat_pattern", "*", kUp},
    {"splat_pattern", "*", kUp},
    {"parenthesized_pattern", "*", kUp},
    {"tuple_struct_pattern", "", kUp},
    {"struct_pattern", "", kUp},
    {"field_pattern", "pattern", kUp},
    {"field_pattern", "name", kUp},
    {"ref_pattern", "*", kUp},
    {"mut_pattern", "*", kUp},
    {"reference_pattern", "*", kUp},
    {"or_pattern", "*", kUp},
    {"slice_pattern", "*", kUp},
    {"captured_pattern", "*", kUp},
    {"left_assignment_list", "*", kUp},
    {"destructured_left_assignment", "*", kUp},
    {"rest_assignment", "*", kUp},
    {"variable_list", "*", kUp},
    {"pointer_declarator", "declarator", kUp},
    {"array_declarator", "declarator", kUp},
    {"reference_declarator", "*", kUp},
    {"init_declarator", "declarator", kUp},
    {"function_declarator", "declarator", kUp},
    {"parenthesized_declarator", "*", kUp},
    {"attributed_declarator", "*", kUp},
    {"structured_binding_declarator", "*", kUp},
    {"variadic_declarator", "*", kUp},
    {"as_pattern_target", "*", kUp},
    {"tuple", "*", kUp, "python"},
    {"list", "*", kUp, "python"},
    {"list_splat", "*", kUp, "python"},
    {"type", "", kUp, "python"},
    {"constrained_type", "", kUpIfFirst, "python"},
    {"splat_type", "", kUp, "python"},
    {"hash_pattern", "*", kUp},
    {"find_pattern", "*", kUp},
    {"keyword_pattern", "value", kUp},
    {"case_pattern", "*", kAssign},
    {"dotted_name", "*", kUpIfOnly},
    {"variable_name", "*", kUp, "php"},
    {"by_ref", "*", kUp, "php"},
    {"pair", "", kUp, "php"},
    {"list_literal", "*", kUp, "php"},
    {"pattern", "*", kUp, "swift"},
    {"pattern", "*", kUp, "elm"},
    {"lower_pattern", "*", kUp},
    {"function_declaration_left", "", kUp},
    {"case_class_pattern", "pattern", kUp},
    {"typed_pattern", "pattern", kUp},
    {"block_pointer_declarator", "declarator", kUp},
    {"scalar", "*", kUp, "perl"},
    {"array", "*", kUp, "perl"},
    {"hash", "*", kUp, "perl"},
    {"argument_list", "", kUp, "julia"},
    {"call_expression", "", kUpUnlessFirst, "julia"},
    {"named_argument", "", kUpIfFirst, "julia"},
    {"typed_expression", "", kUpIfFirst, "julia"},
    {"unary_expression", "", kUpIfOnly, "powershell"},
    {"array_literal_expression", "", kUpIfOnly, "powershell"},
    {"range_expression", "", kUpIfOnly, "powershell"},
    {"format_expression", "", kUpIfOnly, "powershell"},
    {"multiplicative_expression", "", kUpIfOnly, "powershell"},
    {"additive_expression", "", kUpIfOnly, "powershell"},
    {"comparison_expression", "", kUpIfOnly, "powershell"},
    {"bitwise_expression", "", kUpIfOnly, "powershell"},
    {"logical_expression", "", kUpIfOnly, "powershell"},
    {"variable_assignment", "name", kUp, "bash"},

    // Declarations.
    {"variable_declarator", "name", kBind},
    {"variable_declarator", "", kBindIfPattern},
    {"declaration", "declarator", kBind},
    {"type_definition", "declarator", kBindType},
    {"alias_declaration", "name", kBindType},
    {"type_alias_declaration", "name", kBindType},
    {"lambda_capture_initializer", "left", kBind},
    {"let_declaration", "pattern", kBind},
    {"let_condition", "pattern", kBind},
    {"const_item", "name", kBind},
    {"static_item", "name", kBind},
    {"match_pattern", "", kBind},
    {"short_var_declaration", "left", kBind},
    {"const_spec", "name", kBind},
    {"var_spec", "name", kBind},
    {"type_spec", "name", kBindType},
    {"type_alias", "name", kBindType},
    {"type_switch_statement", "alias", kBind},
    {"range_clause", "left", kBindIfDeclared},
    {"receive_statement", "left", kBindIfDeclared},
    {"variable_declaration", "", kBindIfFirst},
    {"variable_declaration", "name", kBind},
    {"variable_declaration", "variable", kBind, "perl"},
    {"variable_declaration", "variables", kBind, "perl"},
    {"initialized_variable_definition", "name", kBind},
    {"for_loop_parts", "name", kBind},
    {"payload", "", kBind},
    {"formal", "name", kBind},
    {"bind", "name", kBind, "haskell"},
    {"patterns", "", kBind, "haskell"},
    {"function_declaration_left", "pattern", kBind},
    {"signature", "", kUp, "julia"},
    {"assignment_statement", "", kUp, "lua"},
    {"declaration_command", "", kBindIfDeclared},
    {"static_variable_declaration", "name", kBind},
    {"function_static_declaration", "*", kBind},
    {"declaration_expression", "name", kBind},
    {"val_definition", "pattern", kBind},
    {"var_definition", "pattern", kBind},
    {"property_declaration", "name", kBind, "swift"},

    // Assignments that declare.
    {"assignment", "left", kAssign},
    {"augmented_assignment", "left", kAssign},
    {"operator_assignment", "left", kAssign},
    {"named_expression", "name", kAssign},
    {"assignment_expression", "left", kAssign, "php"},
    {"augmented_assignment_expression", "left", kAssign, "php"},
    {"reference_assignment_expression", "left", kAssign, "php"},
    {"binary_operator", "lhs", kAssign, "r"},
    {"assignment", "", kAssignIfFirst, "julia"},
    {"left_assignment_expression", "", kAssign},

    // Loops, handlers, patterns.
    {"for_statement", "left", kAssign},
    {"for_statement", "variable", kBind},
    {"for_statement", "item", kBind},
    {"for_binding", "", kBindIfFirst},
    {"if_statement", "bound_identifier", kBind},
    {"guard_statement", "bound_identifier", kBind},
    {"while_statement", "bound_identifier", kBind},
    {"for", "pattern", kAssign},
    {"for_in_clause", "left", kBind},
    {"for_in_statement", "left", kBindIfDeclared},
    {"for_range_loop", "declarator", kBind},
    {"for_expression", "pattern", kBind},
    {"for_generic_clause", "", kBind},
    {"for_numeric_clause", "name", kBind},
    {"enhanced_for_statement", "name", kBind},
    {"foreach_statement", "left", kBind},
    {"foreach_statement", "", kBindIfFirst, "powershell"},
    {"foreach_statement", "", kBindUnlessFirst},
    {"enumerator", "", kBindIfFirst, "scala"},
    {"case_clause", "pattern", kBind, "scala"},
    {"match_case", "pattern", kBind},
    {"catch_block", "", kBindIfFirst},
    {"catch_block", "error", kBind},
    {"catch_clause", "parameter", kBind},
    {"catch_clause", "name", kBind},
    {"catch_declaration", "name", kBind},
    {"except_clause", "alias", kAssign},
    {"as_pattern", "alias", kAssign},
    {"as_pattern", "name", kAssign},
    {"as_pattern", "", kBindUnlessFirst},
    {"exception_variable", "*", kAssign},
    {"in_clause", "pattern", kAssign},
    {"resource", "name", kBind},
    {"instanceof_expression", "name", kBind},
    {"type_pattern", "", kBind},
    {"record_pattern_component", "", kBind},
    {"declaration_pattern", "name", kBind},
    {"recursive_pattern", "name", kBind},
    {"var_pattern", "name", kBind},
    {"parenthesized_variable_designation", "*", kUp},
    {"from_clause", "name", kBind},
    {"join_clause", "", kBindIfFirst},
    {"let_clause", "", kBindIfFirst},
    {"lambda_expression", "parameters", kParameter},
    {"anonymous_function_expr", "param", kParameter},
    {"function_expression", "universal", kParameter},
    {"arrow_function_expression", "", kParameterIfFirst},
    {"function_definition", "", kParameterIfFirst, "julia"},
    {"arrow_function", "parameter", kParameter},
    {"infer_type", "", kInferIfFirst},

    // What says of a name that it is not of this function.
    {"global_statement", "*", kGlobal},
    {"nonlocal_statement", "*", kOuter},
    {"global_declaration", "*", kGlobal},
    {"anonymous_function_use_clause", "*", kOuter},

    // Members, labels, what calls by name.
    {"attribute", "attribute", kNotVariable},
    {"field_expression", "field", kNotVariable},
    {"member_expression", "property", kNotVariable},
    {"member_access_expression", "name", kNotVariable},
    {"member_binding_expression", "name", kNotVariable},
    {"conditional_access_expression", "name", kNotVariable},
    {"member_call_expression", "name", kNotVariable},
    {"nullsafe_member_access_expression", "name", kNotVariable},
    {"nullsafe_member_call_expression", "name", kNotVariable},
    {"scoped_call_expression", "name", kNotVariable},
    {"scoped_property_access_expression", "name", kNotVariable},
    {"class_constant_access_expression", "*", kNotVariable},
    {"property_element", "*", kNotVariable},
    {"field_access", "field", kNotVariable},
    {"method_invocation", "name", kNotVariable},
    {"call", "method", kNotVariable},
    {"dot_index_expression", "field", kNotVariable},
    {"method_index_expression", "method", kNotVariable},
    {"scoped_identifier", "name", kNotVariable},
    {"scoped_type_identifier", "name", kNotVariable},
    {"qualified_identifier", "name", kNotVariable},
    {"qualified_name", "name", kNotVariable},
    {"scope_resolution", "name", kNotVariable},
    {"navigation_suffix", "*", kNotVariable},
    {"unconditional_assignable_selector", "*", kNotVariable},
    {"conditional_assignable_selector", "*", kNotVariable},
    {"value_argument", "name", kNotVariable},
    {"navigation_expression", "", kNotVariableUnlessFirst},
    {"keyword_argument", "name", kNotVariable},
    {"keyword_pattern", "", kNotVariableIfFirst},
    {"argument", "name", kNotVariable},
    {"attribute_argument", "name", kNotVariable},
    {"name_colon", "*", kNotVariable},
    {"name_equals", "*", kNotVariable},
    {"pair", "key", kNotVariable},
    {"field", "name", kNotVariable},
    {"field_initializer", "field", kNotVariable},
    {"keyed_element", "key", kNotVariable},
    {"literal_element", "*", kUp},
    {"element_value_pair", "key", kNotVariable},
    {"enumerator", "name", kNotVariable},
    {"enum_variant", "name", kNotVariable},
    {"labeled_statement", "label", kNotVariable},
    {"labeled_statement", "", kNotVariableIfFirst},
    {"label", "*", kNotVariable},
    {"lifetime", "*", kNotVariable},
    {"setter", "*", kNotVariable, "ruby"},
    {"break_statement", "*", kNotVariable},
    {"continue_statement", "*", kNotVariable},
    {"goto_statement", "*", kNotVariable},
});

/// The rows by kind; those of one kind in their order above, where the first that fits counts.
constexpr auto kByKind = [] {
  std::array<std::uint16_t, kRows.size()> order{};
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::ranges::sort(order, {}, [](std::uint16_t row) { return std::pair(kRows[row].kind, row); });
  return order;
}();

bool is_about(const Row& row, std::string_view language, std::string_view field) {
  return (row.language.empty() || row.language == language) && (row.field == "*" || row.field == field);
}

}  // namespace

BindingRule binding_rule(std::string_view language, std::string_view kind, std::string_view field) {
  for (const std::uint16_t row :
       std::ranges::equal_range(kByKind, kind, {}, [](std::uint16_t of) { return kRows[of].kind; })) {
    if (is_about(kRows[row], language, field)) {
      return kRows[row].rule;
    }
  }
  return kNone;
}

}  // namespace repomap
