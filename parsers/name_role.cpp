// SPDX-License-Identifier: Apache-2.0
#include "parsers/name_role.hpp"

#include <algorithm>
#include <array>

#include "parsers/binding_extent.hpp"
#include "parsers/binding_rules.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kNone = SyntaxNode::kNone;
constexpr int kMaxSteps = 48;  // patterns and declarators are not nested deeper by people

bool is_in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || !is_word_byte(text[word.size()]));
}

bool ends_with_word(std::string_view text, std::string_view word) {
  return text.ends_with(word) && (text.size() == word.size() || !is_word_byte(text[text.size() - word.size() - 1]));
}

std::string_view without_blanks_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n&");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

class SiteFinder {
 public:
  SiteFinder(const DocumentSyntax& syntax, std::string_view text, std::uint32_t leaf)
      : syntax_(syntax), language_(syntax.traits().language()), text_(text), leaf_(leaf) {
    site_.before = leaf;
    site_.is_type = is_type();
  }

  NameSite find() {
    if (syntax_.traits_of(leaf_).has(NodeTrait::kMember) || is_plain_word()) {
      site_.role = NameRole::kNotVariable;
      return site_;
    }
    if (syntax_.kind_of(parent_of(leaf_)) == "token_tree") {
      take_macro_word();
      return site_;
    }
    std::uint32_t child = leaf_;
    for (int step = 0; step < kMaxSteps; ++step) {
      const std::uint32_t parent = syntax_.nodes()[child].parent;
      if (parent == kNone || !climb(child, parent)) {
        break;
      }
      child = parent;
    }
    if (site_.role == NameRole::kUse && language_ == "python") {
      leave_python_header();
    }
    if (site_.role == NameRole::kUse && is_in(language_, {"php", "erlang"})) {
      take_undeclared();
    }
    return site_;
  }

 private:
  bool has(std::uint32_t node, NodeTrait trait) const { return syntax_.traits_of(node).has(trait); }
  std::string_view text_of(ByteRange range) const { return text_.substr(range.begin, range.end - range.begin); }
  std::uint32_t parent_of(std::uint32_t node) const { return syntax_.nodes()[node].parent; }
  std::uint32_t scope_of(std::uint32_t node) const { return syntax_.nodes()[node].scope; }

  /// In some languages the names of variables look unlike others.
  bool is_plain_word() const {
    const std::string_view kind = syntax_.kind_of(leaf_);
    return (language_ == "php" && kind == "name" && syntax_.kind_of(parent_of(leaf_)) != "variable_name") ||
           (language_ == "erlang" && kind != "var") || (language_ == "perl" && kind != "varname") ||
           (language_ == "powershell" && kind != "variable");
  }

  bool is_type() const {
    const std::uint32_t parent = parent_of(leaf_);
    const std::string_view kind = syntax_.kind_of(parent);
    const std::string_view field = syntax_.field_of(leaf_);
    if (language_ == "c" || language_ == "cpp" || language_ == "objc") {
      return field == "name" &&
             is_in(kind, {"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"});
    }
    if (language_ == "csharp") {
      return field == "type" || field == "returns" || kind.contains("type") ||
             is_in(kind, {"generic_name", "base_list"});
    }
    return has(leaf_, NodeTrait::kTypeName) || has(parent, NodeTrait::kClass) ||
           (language_ == "rust" && text_.substr(syntax_.nodes()[leaf_].bytes.end).starts_with("::"));
  }

  /// Takes in what `parent` says of `child`; whether to ask further above.
  bool climb(std::uint32_t child, std::uint32_t parent) {
    const std::string_view field = syntax_.field_of(child);
    if (has(parent, NodeTrait::kParameter)) {
      take_parameter(parent, field);
      return false;
    }
    const bool is_name =
        is_in(field, {"name", "declarator", "functionDeclarationLeft"}) || (field == "pattern" && language_ == "ocaml");
    if (is_name && (has(parent, NodeTrait::kFunction) || has(parent, NodeTrait::kClass))) {
      take_own_name(parent);
      return false;
    }
    return apply(binding_rule(language_, syntax_.kind_of(parent), field), child, parent);
  }

  bool apply(BindingRule rule, std::uint32_t child, std::uint32_t parent) {
    rule = decided(rule, child, parent);
    switch (rule) {
      case BindingRule::kUp: return true;
      case BindingRule::kNotVariable: site_.role = is_map_key(parent) ? NameRole::kUse : NameRole::kNotVariable; break;
      case BindingRule::kParameter: take_parameter(parent, ""); break;
      case BindingRule::kInferIfFirst: take_inferred(child, parent); break;
      case BindingRule::kGlobal: take(NameRole::kGlobal, function_around(parent)); break;
      case BindingRule::kOuter: take(NameRole::kOuter, function_around(parent)); break;
      case BindingRule::kAssign: take(NameRole::kAssign, function_around(parent)); break;
      case BindingRule::kBind:
      case BindingRule::kBindType: take_declaration(rule, child, parent); break;
      default: break;
    }
    return false;
  }

  /// A rule with a condition as the one that it comes to.
  BindingRule decided(BindingRule rule, std::uint32_t child, std::uint32_t parent) const {
    using enum BindingRule;
    const bool is_first = child == parent + 1;
    const bool is_only = is_first && syntax_.nodes()[child].end_node == syntax_.nodes()[parent].end_node;
    switch (rule) {
      case kNotVariableIfFirst: return is_first ? kNotVariable : kUp;
      case kNotVariableUnlessFirst: return is_first ? kNone : kNotVariable;
      case kUpIfOnly: return is_only ? kUp : kNone;
      case kUpIfFirst: return is_first ? kUp : kNone;
      case kUpUnlessFirst: return is_first ? kNone : kUp;
      case kBindIfDeclared: return is_declared(child, parent) ? kBind : kNone;
      case kBindIfPattern: return syntax_.kind_of(child).ends_with("pattern") ? kBind : kNone;
      case kBindIfFirst: return is_first ? kBind : kNone;
      case kBindUnlessFirst: return is_first ? kNone : kBind;
      case kAssignIfFirst: return is_first ? kAssign : kNone;
      case kParameterIfFirst: return is_first ? kParameter : kNone;
      default: return rule;
    }
  }

  /// The word before the name, or the sign behind it, that tells a declaration from a use.
  bool is_declared(std::uint32_t child, std::uint32_t parent) const {
    const std::string_view whole = text_of(syntax_.nodes()[parent].bytes);
    if (language_ == "go") {
      const std::uint32_t next = syntax_.next_sibling(child);
      const ByteRange name = syntax_.nodes()[child].bytes;
      return next != kNone && text_of({name.end, syntax_.nodes()[next].bytes.begin}).contains(":=");
    }
    if (language_ == "bash") {
      return starts_with_word(whole, "local") || starts_with_word(whole, "declare") ||
             starts_with_word(whole, "typeset");
    }
    std::string_view head = text_of({syntax_.nodes()[parent].bytes.begin, syntax_.nodes()[child].bytes.begin});
    head.remove_prefix(std::min(head.find('('), head.size()));
    head.remove_prefix(std::min(head.find_first_not_of("( \t\r\n"), head.size()));
    return is_in(head.substr(0, head.find_first_of(" \t\r\n")), {"const", "let", "var", "using", "await"});
  }

  /// The key of `map[string]int{key: 1}` is a value in Go, that of `T{key: 1}` a field.
  bool is_map_key(std::uint32_t element) const {
    if (syntax_.kind_of(element) != "keyed_element") {
      return false;
    }
    const std::uint32_t literal = parent_of(parent_of(element));
    return literal != kNone && syntax_.kind_of(literal) == "composite_literal" &&
           syntax_.kind_of(literal + 1) == "map_type";
  }

  /// The function that a declaration at `node` belongs to; kNone outside of functions, and for members of a class.
  std::uint32_t function_around(std::uint32_t node) const {
    std::uint32_t scope = scope_of(node);
    for (int step = 0; scope != kNone && has(scope, NodeTrait::kComprehension) && step < kMaxSteps; ++step) {
      scope = scope_of(scope);
    }
    return scope != kNone && has(scope, NodeTrait::kFunction) ? scope : kNone;
  }

  void take(NameRole role, std::uint32_t owner) {
    if (owner != kNone && !is_constant()) {
      site_.role = role;
      site_.owner = owner;
    }
  }

  /// What is written like a constant in a pattern of Rust or Scala is one.
  bool is_constant() const {
    const char first = text_[syntax_.nodes()[leaf_].bytes.begin];
    return is_in(language_, {"rust", "scala"}) && first >= 'A' && first <= 'Z' && !site_.is_type;
  }

  void take_declaration(BindingRule rule, std::uint32_t child, std::uint32_t parent) {
    const bool is_c = language_ == "c" || language_ == "objc";
    const bool is_prototype = is_c && syntax_.kind_of(parent_of(leaf_)) == "function_declarator";
    const bool is_extern = starts_with_word(text_of(syntax_.nodes()[parent].bytes), "extern");
    if (rule != BindingRule::kBindType && has(leaf_, NodeTrait::kTypeName)) {
      return;  // the type of what is declared
    }
    if (is_prototype || is_extern) {
      return;
    }
    const std::uint32_t scope = scope_of(parent);
    if (scope != kNone && has(scope, NodeTrait::kComprehension) && syntax_.kind_of(parent) == "for_in_clause") {
      take(NameRole::kBind, scope);
    } else if (const std::uint32_t function = function_around(parent); function != kNone) {
      const BindingExtent extent = binding_extent(syntax_, child, parent, function);
      take(NameRole::kBind, extent.owner);
      site_.visible_from = rule == BindingRule::kBindType ? 0 : extent.visible_from;
    }
  }

  void take_parameter(std::uint32_t parent, std::string_view field) {
    if (is_in(field, {"type", "value", "default_value", "default_type", "default", "return_type", "bounds", "bound",
                      "constraint", "trait", "external_name", "attributes", "decorator"})) {
      return;
    }
    const std::string_view kind = syntax_.kind_of(parent);
    const bool is_of_types = kind.contains("type_param") || kind == "const_parameter";
    if (has(leaf_, NodeTrait::kTypeName) && !is_of_types && !kind.contains("template_param")) {
      return;
    }
    std::uint32_t owner = parent;
    for (int step = 0; step < kMaxSteps && has(owner, NodeTrait::kParameter) && parent_of(owner) != kNone; ++step) {
      owner = parent_of(owner);
    }
    if (language_ == "python" && syntax_.kind_of(owner) == "generic_type") {
      take_alias_parameter(owner);
      return;
    }
    owner = language_ == "dart" ? dart_body(owner) : above_declarators(owner);
    if (has(owner, NodeTrait::kClass) && !is_of_types) {
      return;  // of a primary constructor: a member
    }
    if (syntax_.kind_of(owner) == "catch_clause") {
      owner = function_around(owner);
    }
    site_.is_type = is_of_types && !is_in(language_, {"cpp", "python"});
    take(NameRole::kBind, owner);
  }

  /// The arguments of a generic type look like parameters in Python; they are some in `type A[T] = …` only.
  void take_alias_parameter(std::uint32_t generic_type) {
    const std::uint32_t type = parent_of(generic_type);
    const std::uint32_t alias = type == kNone ? kNone : parent_of(type);
    if (alias != kNone && syntax_.kind_of(alias) == "type_alias_statement" && syntax_.field_of(type) == "left") {
      take(NameRole::kBind, alias);
    }
  }

  /// The `U` of `T extends A<infer U> ? B : C` is known in the conditional type that it is matched for.
  void take_inferred(std::uint32_t child, std::uint32_t infer) {
    std::uint32_t node = child == infer + 1 ? infer : kNone;
    for (int step = 0; step < kMaxSteps && node != kNone; ++step) {
      const std::uint32_t parent = parent_of(node);
      if (parent != kNone && syntax_.kind_of(parent) == "conditional_type" && syntax_.field_of(node) == "right") {
        take(NameRole::kBind, parent);
        site_.visible_from = syntax_.nodes()[leaf_].bytes.begin;
        return;
      }
      node = parent;
    }
  }

  /// The body of a function in Dart stands behind its signature, not in it.
  std::uint32_t dart_body(std::uint32_t signature) const {
    const bool is_wrapped = syntax_.kind_of(parent_of(signature)) == "method_signature";
    const std::uint32_t body = syntax_.next_sibling(is_wrapped ? parent_of(signature) : signature);
    return body != kNone && syntax_.kind_of(body) == "function_body" ? body : signature;
  }

  /// The function whose declarator `node` is, or the outermost declarator.
  std::uint32_t above_declarators(std::uint32_t node) const {
    if (!syntax_.kind_of(node).ends_with("declarator")) {
      return node;
    }
    for (int step = 0; step < kMaxSteps; ++step) {
      const std::uint32_t parent = parent_of(node);
      if (parent == kNone || has(parent, NodeTrait::kFunction)) {
        return parent == kNone ? node : parent;
      }
      if (!syntax_.kind_of(parent).ends_with("declarator")) {
        return node;
      }
      node = parent;
    }
    return node;
  }

  /// The name of a function or class, seen from within a function: local, where such definitions are.
  void take_own_name(std::uint32_t definition) {
    site_.before = definition;
    const bool is_lua_global =
        language_ == "lua" && !starts_with_word(text_of(syntax_.nodes()[definition].bytes), "local");
    const bool is_global = is_lua_global || is_in(language_, {"ruby", "php", "bash", "perl", "powershell", "c"});
    const std::string_view kind = syntax_.kind_of(definition);
    if (is_in(kind, {"function_expression", "generator_function", "class"}) && language_ != "ruby") {
      site_.before = leaf_;
      take(NameRole::kBind, definition);  // such a name is known in the expression only
    } else if (!is_global) {
      // What a missing bracket puts into a function may well stand beside it.
      const std::uint32_t function = function_around(definition);
      take(NameRole::kBind, function != kNone && syntax_.nodes()[function].has_error ? kNone : function);
    }
  }

  /// Within the arguments of a macro of Rust there is no syntax but brackets.
  void take_macro_word() {
    const ByteRange bytes = syntax_.nodes()[leaf_].bytes;
    std::string_view before = without_blanks_behind(text_.substr(0, bytes.begin));
    if ((before.ends_with('.') && !before.ends_with("..")) || before.ends_with("::")) {
      site_.role = NameRole::kNotVariable;
      return;
    }
    for (const std::string_view word : {"mut", "ref"}) {
      if (before.ends_with(word)) {
        before = without_blanks_behind(before.substr(0, before.size() - word.size()));
      }
    }
    if (ends_with_word(before, "let") || ends_with_word(before, "for")) {
      take(NameRole::kBind, function_around(leaf_));
    }
  }

  /// In some languages a variable in a function is the function's own, whether or not something is assigned to it.
  void take_undeclared() {
    std::uint32_t function = function_around(leaf_);
    for (int step = 0; step < kMaxSteps && function != kNone; ++step) {
      if (!is_in(syntax_.kind_of(function), {"arrow_function", "fun_clause"})) {
        break;
      }
      function = function_around(function);
    }
    const std::string_view name = text_of(syntax_.nodes()[leaf_].bytes);
    static constexpr std::array<std::string_view, 10> kGlobals = {
        "this", "GLOBALS", "_SERVER", "_GET", "_POST", "_FILES", "_COOKIE", "_ENV", "_REQUEST", "_SESSION"};
    if (std::ranges::find(kGlobals, name) == kGlobals.end()) {
      site_.owner = function;
    }
  }

  /// Whether a function of Python has a type parameter of the name.
  bool has_type_parameter(std::uint32_t function) const {
    std::uint32_t list = syntax_.first_child(function);
    for (int step = 0; step < kMaxSteps && list != kNone && syntax_.kind_of(list) != "type_parameter"; ++step) {
      list = syntax_.next_sibling(list);
    }
    std::uint32_t parameter = list == kNone ? kNone : syntax_.first_child(list);
    const std::string_view name = text_of(syntax_.nodes()[leaf_].bytes);
    for (int step = 0; step < kMaxSteps && parameter != kNone; ++step) {
      std::uint32_t first = parameter;
      while (syntax_.first_child(first) != kNone && first < parameter + kMaxSteps) {
        first = syntax_.first_child(first);
      }
      if (text_of(syntax_.nodes()[first].bytes) == name) {
        return true;
      }
      parameter = syntax_.next_sibling(parameter);
    }
    return false;
  }

  /// Annotations and defaults of parameters are not within the function in Python, but for its type parameters.
  void leave_python_header() {
    std::uint32_t child = leaf_;
    for (int step = 0; step < kMaxSteps; ++step) {
      const std::uint32_t parent = parent_of(child);
      if (parent == kNone || has(parent, NodeTrait::kComprehension)) {
        return;
      }
      const std::string_view field = syntax_.field_of(child);
      const bool is_in_parameter = has(parent, NodeTrait::kParameter) && is_in(field, {"type", "value"});
      if (is_in_parameter || (has(parent, NodeTrait::kFunction) && field == "return_type")) {
        const std::uint32_t function = is_in_parameter ? scope_of(parent) : parent;
        site_.before = function != kNone && has_type_parameter(function) ? leaf_ : function;
        return;
      }
      if (has(parent, NodeTrait::kFunction)) {
        return;
      }
      child = parent;
    }
  }

  const DocumentSyntax& syntax_;
  const std::string_view language_;
  const std::string_view text_;
  const std::uint32_t leaf_;
  NameSite site_;
};

}  // namespace

NameSite name_site(const DocumentSyntax& syntax, std::string_view text, std::uint32_t identifier) {
  return SiteFinder(syntax, text, identifier).find();
}

}  // namespace repomap
