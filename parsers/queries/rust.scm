; SPDX-License-Identifier: Apache-2.0
; Rust. Left out: local variables, constants in function bodies, uses of `Self`, of the variants of Option and Result,
; and of the commonest attributes. What stands in a macro call is only tokens to the grammar: items behind their keyword
; and calls are still taken, without the items' extent.

(impl_item body: (declaration_list (function_item name: (identifier) @name) @definition.method))
(trait_item body: (declaration_list [
  (function_item name: (identifier) @name)
  (function_signature_item name: (identifier) @name)
] @definition.method))
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function

(struct_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enum
(union_item name: (type_identifier) @name) @definition.union
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(mod_item name: (identifier) @name) @definition.module
(macro_definition name: (identifier) @name) @definition.macro
(enum_variant name: (identifier) @name) @definition.enum_member
(field_declaration name: (field_identifier) @name) @definition.field

(source_file (const_item name: (identifier) @name (#not-eq? @name "_")) @definition.constant)
(declaration_list (const_item name: (identifier) @name (#not-eq? @name "_")) @definition.constant)
(static_item name: (identifier) @name) @definition.variable

(token_tree "fn" @_keyword . (identifier) @name @definition.function)
(token_tree "struct" @_keyword . (identifier) @name @definition.struct)
(token_tree "enum" @_keyword . (identifier) @name @definition.enum)
(token_tree "trait" @_keyword . (identifier) @name @definition.trait)

(impl_item type: [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (scoped_type_identifier name: (type_identifier) @name)
  (reference_type type: [(type_identifier) @name (generic_type type: (type_identifier) @name)])
  (dynamic_type trait: [(type_identifier) @name (generic_type type: (type_identifier) @name)])
]) @scope
(impl_item trait: [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (scoped_type_identifier name: (type_identifier) @name)
] @reference.implementation)
(attribute (identifier) @_derive arguments: (token_tree (identifier) @ignore . "::") (#eq? @_derive "derive"))
(attribute
  (identifier) @_derive
  arguments: (token_tree (identifier) @name @reference.implementation)
  (#eq? @_derive "derive"))
((attribute [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.annotation)
  (#not-any-of? @name "derive" "cfg" "test" "allow" "inline" "doc" "must_use" "cold" "deny" "warn" "repr" "expect"
    "non_exhaustive" "track_caller" "cfg_attr" "ignore" "should_panic" "deprecated" "path" "feature" "macro_use"))
; The other words in attributes are settings.
(attribute arguments: (token_tree (identifier) @ignore))

(use_declaration argument: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
  (use_as_clause path: [(identifier) @name (scoped_identifier name: (identifier) @name)])
] @reference.import)
(use_list [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
  (use_as_clause path: [(identifier) @name (scoped_identifier name: (identifier) @name)])
] @reference.import)
(use_wildcard [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.import)
(scoped_use_list path: [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.import)
(use_as_clause alias: (identifier) @ignore)
(extern_crate_declaration name: (identifier) @name @reference.import)
(extern_crate_declaration alias: (identifier) @ignore)

(macro_invocation macro: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
] @reference.macro)
(token_tree (identifier) @name @reference.macro . "!" . (token_tree))
(token_tree (identifier) @name @reference.call . (token_tree "(")
  (#not-any-of? @name "cfg" "derive" "allow" "Some" "Ok" "Err"))

(call_expression function: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
  (field_expression field: (field_identifier) @name)
  (generic_function function: [
    (identifier) @name
    (scoped_identifier name: (identifier) @name)
    (field_expression field: (field_identifier) @name)
  ])
] @reference.call (#not-any-of? @name "Some" "Ok" "Err"))
(struct_expression name: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type_with_turbofish type: [(type_identifier) @name (scoped_identifier name: (identifier) @name)])
] @reference.class (#not-eq? @name "Self"))

(type_parameter name: (type_identifier) @ignore)
((type_identifier) @name @reference.type (#not-eq? @name "Self"))

(field_expression field: (field_identifier) @name @reference.member)
(field_initializer field: (field_identifier) @name @reference.member)
(shorthand_field_initializer (identifier) @name @reference.member)
(field_pattern name: [(field_identifier) (shorthand_field_identifier)] @name @reference.member)

(const_parameter name: (identifier) @ignore)
; A function as value, or a module on the way to something.
(scoped_identifier name: (identifier) @name @reference.symbol)
; Variants, types and constants as values. Locals are never upper case.
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}")
  (#not-any-of? @name "Self" "Some" "None" "Ok" "Err"))
