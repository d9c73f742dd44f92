; SPDX-License-Identifier: Apache-2.0
; Go. Left out: names of local constants and variables, fields of anonymous structs in function bodies (the cases of
; table-driven tests), uses of predeclared types and functions. An embedded field is a reference to its type.

(package_clause (package_identifier) @name) @definition.package

(function_declaration name: (identifier) @name) @definition.function

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @qualifier
        (pointer_type (type_identifier) @qualifier)
        (generic_type type: (type_identifier) @qualifier)
        (pointer_type (generic_type type: (type_identifier) @qualifier))
      ]))
  name: (field_identifier) @name) @definition.method
; Receivers of other forms, which are parenthesized or wrong.
(method_declaration name: (field_identifier) @name) @definition.method

(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
(type_spec name: (type_identifier) @name) @definition.type
(type_alias name: (type_identifier) @name) @definition.type

(type_spec type: (struct_type (field_declaration_list
  (field_declaration name: (field_identifier) @name) @definition.field)))
; A struct inside a field.
(field_declaration type: (struct_type (field_declaration_list
  (field_declaration name: (field_identifier) @name) @definition.field)))
(type_spec type: (interface_type (method_elem name: (field_identifier) @name) @definition.method))
(type_alias type: (interface_type (method_elem name: (field_identifier) @name) @definition.method))

; The field of a constant's name also holds the commas, so that a pattern with it would match the first name only.
(source_file (const_declaration (const_spec (identifier) @name) @definition.constant (#not-eq? @name "_")))
(source_file (var_declaration [
  (var_spec name: (identifier) @name) @definition.variable
  (var_spec_list (var_spec name: (identifier) @name) @definition.variable)
] (#not-eq? @name "_")))

; The last part of an import path, without a major version, is what a package is most likely called.
(import_spec path: (interpreted_string_literal (interpreted_string_literal_content) @name) @reference.import
  (#strip! @name "[./]v[0-9]+$") (#strip! @name "^.*/"))

(composite_literal
  type: [
    (type_identifier) @name
    (qualified_type name: (type_identifier) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (qualified_type name: (type_identifier) @name))
  ]) @reference.class

((type_identifier) @name @reference.type
  (#not-any-of? @name "string" "int" "error" "bool" "byte" "any" "uint64" "int64" "uint32" "int32" "uint8" "rune" "uint"
    "uintptr" "uint16" "float64" "int8" "int16" "float32" "complex128" "complex64" "comparable"))

(call_expression
  function: [
    (identifier) @name
    (parenthesized_expression (identifier) @name)
  ] @reference.call
  (#not-any-of? @name "len" "append" "make" "panic" "string" "int" "new" "byte" "copy" "cap" "uint64" "uint32" "close"
    "int64" "delete" "uint8" "rune" "int32" "uint" "uintptr" "uint16" "float64" "recover" "print" "println" "int8"
    "int16" "bool" "float32" "error" "any" "min" "max" "clear" "complex" "real" "imag" "complex64" "complex128"))
(call_expression function: (selector_expression field: (field_identifier) @name @reference.call))
; f[T](x): the grammar takes the call of an instantiated function with one argument for a conversion, so a reference
; of kind type is all that there is.

(selector_expression field: (field_identifier) @name @reference.member)
(keyed_element key: (literal_element (identifier) @name @reference.member))

(type_parameter_declaration name: (identifier) @ignore)
; Exported constants, variables and functions as values in their own package. Locals are hardly ever upper case.
((identifier) @name @reference.symbol (#match? @name "^\\p{Lu}"))
