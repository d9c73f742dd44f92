; SPDX-License-Identifier: Apache-2.0
; C++. Out-of-line members carry the names before :: as qualifiers; whether such a name is a class or a namespace, the
; grammar cannot tell, so what stands behind :: is a method. Left out: declarations without a body except pure virtual
; methods, local variables, parameters. Bodies of macros are text to the grammar: what they use is no reference.

; What the grammar cannot expand. Attributes between the keyword and the name of a class:
; hide: \b(?:class|struct|union)\s+\K(?:[A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?\s+)+(?=[A-Za-z_]\w*(?:<[^;{}()]*>)?\s*(?:final\s*)?(?::(?!:)|\{))
; Attributes of a function before its body or its initializers:
; hide: \)\s*(?:const\b\s*|noexcept\b\s*|override\b\s*|final\b\s*|&&?\s*)*\K(?:[A-Z][A-Z0-9_]{3,}(?:\((?:[^()\n]|\([^()\n]*\))*\))?\s*)+(?=\{|:\s*[a-z_]\w*[({])
; Attributes of a declaration, at the start of its line:
; hide: (?m)^[ \t]*\K[A-Z][A-Z0-9_]{3,}(?:\([^()\n]*\))?(?=\s+(?:static|inline|constexpr|explicit|virtual|friend|template|class|struct|const|void|bool|auto)\b)
; Lines that open or close a namespace, and Qt's:
; hide: (?m)^[ \t]*\K(?:[A-Z0-9_]*NAMESPACE_(?:BEGIN|END)\w*|_?[A-Z0-9_]*(?:BEGIN|END)_NAMESPACE\w*|Q_OBJECT|Q_GADGET)(?:\([^()\n]*\))?[ \t]*(?=\r?$)
; hide: \b(?:public|protected|private)\s+\K(?:slots|Q_SLOTS)(?=\s*:)
; What guards a member, and pointers that are null or not:
; hide: \b(?:[A-Z0-9]+_)*GUARDED_BY\((?:[^()\n]|\([^()\n]*\))*\)
; hide: \*\s*\K(?:\w+_)?(?:_?[Nn]onnull|_?[Nn]ullable|nullability_unknown)\b

; The guard of a header is no macro that anybody uses.
(preproc_ifdef "#ifndef" name: (identifier) @_guard . (preproc_def name: (identifier) @ignore !value)
  (#eq? @_guard @ignore))
(preproc_ifdef "#ifndef" name: (identifier) @ignore . (preproc_def name: (identifier) @_guard !value)
  (#eq? @_guard @ignore))
(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

(namespace_definition name: [
  (namespace_identifier) @name
  (nested_namespace_specifier [
    (namespace_identifier) @name
    (nested_namespace_specifier [
      (namespace_identifier) @name
      (nested_namespace_specifier (namespace_identifier) @name)
    ])
  ])
]) @definition.namespace
(namespace_alias_definition name: (namespace_identifier) @name) @definition.namespace

; TEST(Suite, Name) {…} and the like.
(function_definition !type declarator: (function_declarator declarator: (identifier) @ignore)
  (#match? @ignore "^(?:TYPED_)?TEST(?:_[FP])?$"))
(function_definition
  !type
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list
      . (parameter_declaration type: (type_identifier) @qualifier)
      . (parameter_declaration type: (type_identifier) @name)))
  (#match? @_macro "^(?:TYPED_)?TEST(?:_[FP])?$")) @definition.test

; In a class, a constructor is what has an identifier where a method has a field identifier.
(field_declaration_list [
  (function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.constructor
  (template_declaration
    (function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.constructor)
])
(function_definition declarator: (function_declarator
  declarator: [
    (qualified_identifier scope: [
      (namespace_identifier) @qualifier @_class
      (template_type name: (type_identifier) @qualifier @_class)
    ] name: (identifier) @name)
    (qualified_identifier scope: (_) @qualifier name: (qualified_identifier scope: [
      (namespace_identifier) @qualifier @_class
      (template_type name: (type_identifier) @qualifier @_class)
    ] name: (identifier) @name))
  ]) (#eq? @_class @name)) @definition.constructor

(function_definition declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (template_function name: (identifier) @name)
    (parenthesized_declarator (identifier) @name)
  ])
  (_ (function_declarator declarator: [(identifier) @name (template_function name: (identifier) @name)]))
  (_ (_ (function_declarator declarator: (identifier) @name)))
]) @definition.function
(function_definition declarator: [
  (function_declarator declarator: [(field_identifier) (destructor_name)] @name)
  (_ (function_declarator declarator: (field_identifier) @name))
  (_ (_ (function_declarator declarator: (field_identifier) @name)))
]) @definition.method
(function_definition declarator: [
  (function_declarator declarator: [
    (operator_name) @name
    (qualified_identifier
      scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
      name: [
        (operator_name) @name
        (qualified_identifier
          scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
          name: (operator_name) @name)
      ])
  ])
  (_ (function_declarator declarator: [
    (operator_name) @name
    (qualified_identifier
      scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
      name: [
        (operator_name) @name
        (qualified_identifier
          scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
          name: (operator_name) @name)
      ])
  ]))
]) @definition.operator
(function_definition declarator: [
    (operator_cast) @name
    (qualified_identifier scope: [
      (namespace_identifier) @qualifier
      (template_type name: (type_identifier) @qualifier)
    ] name: (operator_cast) @name)
  ] (#strip! @name "(?s)\\s*\\(.*")) @definition.operator

(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
    name: [
      (identifier) @name
      (destructor_name) @name
      (operator_name) @name
      (template_function name: (identifier) @name)
    ]))
  (_ (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
    name: [
      (identifier) @name
      (operator_name) @name
      (template_function name: (identifier) @name)
    ])))
]) @definition.method
(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
    name: (qualified_identifier
      scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
      name: [
        (identifier) @name
        (destructor_name) @name
        (operator_name) @name
        (template_function name: (identifier) @name)
        (qualified_identifier
          scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
          name: [(identifier) (destructor_name) (operator_name)] @name)
      ])))
  (_ (function_declarator declarator: (qualified_identifier
    scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
    name: (qualified_identifier
      scope: [(namespace_identifier) @qualifier (template_type name: (type_identifier) @qualifier)]
      name: [(identifier) (operator_name)] @name))))
]) @definition.method

; Pure virtual.
(field_declaration
  declarator: [
    (function_declarator declarator: (field_identifier) @name)
    (_ (function_declarator declarator: (field_identifier) @name))
  ]
  default_value: (number_literal)) @definition.method

(class_specifier
  name: [
    (type_identifier) @name
    (template_type name: (type_identifier) @name)
    (qualified_identifier scope: (_) @qualifier name: (type_identifier) @name)
    (qualified_identifier scope: (_) @qualifier name: (template_type name: (type_identifier) @name))
  ]
  body: (_)) @definition.class
(struct_specifier
  name: [
    (type_identifier) @name
    (template_type name: (type_identifier) @name)
    (qualified_identifier scope: (_) @qualifier name: (type_identifier) @name)
    (qualified_identifier scope: (_) @qualifier name: (template_type name: (type_identifier) @name))
  ]
  body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.type

(type_definition type: (struct_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.union
(type_definition type: (enum_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.enum
; On the name alone, so that the members are in the scope of the tag only.
(type_definition type: (_ name: (_) body: (_)) declarator: (type_identifier) @name @definition.type)
(type_definition type: (_ body: (_)) declarator: (pointer_declarator
  declarator: (type_identifier) @name @definition.type))
(type_definition declarator: [
  [(type_identifier) (primitive_type)] @name
  (_ declarator: (type_identifier) @name)
  (_ declarator: (parenthesized_declarator (_ declarator: (type_identifier) @name)))
  (_ declarator: (function_declarator declarator: (parenthesized_declarator (_ declarator: (type_identifier) @name))))
]) @definition.type

(field_declaration declarator: [
  (field_identifier) @name
  (pointer_declarator declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: (field_identifier) @name)
  ])
  (reference_declarator (field_identifier) @name)
  (array_declarator declarator: [
    (field_identifier) @name
    (array_declarator declarator: (field_identifier) @name)
  ])
  (function_declarator declarator: (parenthesized_declarator
    (pointer_declarator declarator: (field_identifier) @name)))
]) @definition.field

; Variables of files and namespaces: at the top, below the guard of a header, in namespace and extern "C" blocks.
(declaration (storage_class_specifier "extern") declarator: [
  (identifier) @ignore
  (pointer_declarator declarator: (identifier) @ignore)
  (array_declarator declarator: (identifier) @ignore)
])
(declaration declarator: (identifier) @ignore . (MISSING ";"))
(translation_unit (declaration declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
  (init_declarator declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (reference_declarator (identifier) @name)
    (array_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
    (qualified_identifier scope: (_) @qualifier name: [
      (identifier) @name
      (qualified_identifier scope: (_) @qualifier name: (identifier) @name)
    ])
  ])
]) @definition.variable)
(translation_unit [
  (preproc_ifdef (declaration declarator: [
    (identifier) @name
    (init_declarator declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
    ])
  ]) @definition.variable)
  (template_declaration (declaration declarator: (init_declarator declarator: (identifier) @name))
    @definition.variable)
])
(declaration_list [
  (declaration declarator: [
    (identifier) @name
    (pointer_declarator declarator: (identifier) @name)
    (array_declarator declarator: (identifier) @name)
    (init_declarator declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (reference_declarator (identifier) @name)
      (array_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])
      (qualified_identifier scope: (_) @qualifier name: (identifier) @name)
    ])
  ]) @definition.variable
  (template_declaration (declaration declarator: (init_declarator declarator: (identifier) @name))
    @definition.variable)
])

(preproc_include path: [(string_literal (string_content) @name) (system_lib_string) @name] @reference.import
  (#strip! @name "^<") (#strip! @name ">$"))
(using_declaration [
  (identifier) @name
  (qualified_identifier name: (identifier) @name)
  (qualified_identifier name: (qualified_identifier name: (identifier) @name))
] @reference.import)
(base_class_clause [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: [
    (type_identifier) @name
    (template_type name: (type_identifier) @name)
    (qualified_identifier name: (type_identifier) @name)
  ])
] @reference.implementation)
(new_expression type: [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)
] @reference.class)
(call_expression function: [
    (identifier) @name
    (field_expression field: [
      (field_identifier) @name
      (template_method name: (field_identifier) @name)
      (dependent_name (template_method name: (field_identifier) @name))
    ])
    (template_function name: (identifier) @name)
    (qualified_identifier name: [
      (identifier) @name
      (template_function name: (identifier) @name)
      (qualified_identifier name: [
        (identifier) @name
        (template_function name: (identifier) @name)
        (qualified_identifier name: [(identifier) @name (template_function name: (identifier) @name)])
      ])
    ])
  ] @reference.call
  (#not-any-of? @name "static_cast" "dynamic_cast" "const_cast" "reinterpret_cast"))
(field_expression field: (field_identifier) @name @reference.member)
(field_designator (field_identifier) @name @reference.member)
(field_initializer (field_identifier) @name @reference.member)
(type_parameter_declaration (type_identifier) @ignore)
((type_identifier) @name @reference.type (#not-any-of? @name "T" "U" "V" "K" "Args"))
; Foo in Foo::create(), which is a class as often as a namespace.
((namespace_identifier) @name @reference.type (#not-eq? @name "std"))
(initializer_pair value: (identifier) @name @reference.symbol)
; Macros and constants of enums, which look alike, and constants in the style of kName.
((identifier) @name @reference.macro (#match? @name "^[A-Z][A-Z0-9_]+$"))
(qualified_identifier name: (identifier) @name @reference.symbol)
((identifier) @name @reference.symbol (#match? @name "^k[A-Z]"))
