; SPDX-License-Identifier: Apache-2.0
; Nix. Definitions are functions wherever they are bound, what let binds, and the attributes of the set that is the
; value of a file, a function, or what stands behind let and with. Attributes of the arguments of a call, such as those
; of a derivation, are data. A path of attributes is one name.

(binding attrpath: (attrpath) @name expression: (function_expression)
  (#strip! @name "^\"(?=[^\"]*\"$)") (#strip! @name "^[^\"]+\\K\"$")) @definition.function
(let_expression (binding_set (binding attrpath: (attrpath) @name) @definition.variable))
(source_code expression: [
  (attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
  (rec_attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
] (#strip! @name "^\"(?=[^\"]*\"$)") (#strip! @name "^[^\"]+\\K\"$"))
(function_expression body: [
  (attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
  (rec_attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
] (#strip! @name "^\"(?=[^\"]*\"$)") (#strip! @name "^[^\"]+\\K\"$"))
(let_expression body: [
  (attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
  (rec_attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
] (#strip! @name "^\"(?=[^\"]*\"$)") (#strip! @name "^[^\"]+\\K\"$"))
(with_expression body: [
  (attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
  (rec_attrset_expression (binding_set (binding attrpath: (attrpath) @name) @definition.property))
] (#strip! @name "^\"(?=[^\"]*\"$)") (#strip! @name "^[^\"]+\\K\"$"))

; import ./berths.nix, callPackage ../cranes { }
(apply_expression
  function: [(variable_expression name: (identifier) @_function) (select_expression attrpath: (attrpath) @_function)]
  argument: [(path_expression) (spath_expression)] @name
  (#match? @_function "(?:^|\\.)(?:import|callPackage)$") (#match? @name "\\w[>/]?$")
  (#strip! @name "(?:/default)?(?:\\.nix)?[>/]?$") (#strip! @name "^.*[/<]")) @reference.import
(apply_expression function: (variable_expression name: (identifier) @name @reference.call)
  (#not-any-of? @name "import" "map" "toString" "throw" "abort" "removeAttrs"))
; The last attribute of a path is what is used; the range of the name is the path's.
(apply_expression function: (select_expression attrpath: (attrpath) @name @reference.call
  (#match? @name "[\\w'-]$") (#strip! @name "^.*\\.")))
(select_expression attrpath: (attrpath) @name @reference.member (#match? @name "[\\w'-]$") (#strip! @name "^.*\\."))
(inherit_from attrs: (inherited_attrs attr: (identifier) @name @reference.symbol))
