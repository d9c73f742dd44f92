; SPDX-License-Identifier: Apache-2.0
; TOML. Tables and their keys are definitions; the values of inline tables are not looked into. The keys of tables of
; dependencies are references to packages.

(table . [(bare_key) (dotted_key)] @_table (pair . (bare_key) @_key (string) @name) @definition.package
  (#any-of? @_table "package" "project" "tool.poetry") (#eq? @_key "name")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table_array_element . (bare_key) @_table (pair . (bare_key) @_key (string) @name) @definition.target
  (#any-of? @_table "bin" "lib" "test" "example" "bench") (#eq? @_key "name")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table . [(bare_key) (dotted_key)] @_table
  (pair . [(bare_key) (quoted_key)] @name (string) @_function) @definition.target
  (#match? @_table "(?:^|\\.)(?:gui-)?scripts$") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table . [(bare_key) (dotted_key)] @_table (pair (string) @name @reference.call)
  (#match? @_table "(?:^|\\.)(?:gui-)?scripts$") (#match? @name "^[\"'][\\w.]+:[\\w.]+[\"']$")
  (#strip! @name "^.*[:.]") (#strip! @name "[\"']$"))

; [dependencies]
(table . [(bare_key) (dotted_key)] @_table (pair . [
    (bare_key) @name @reference.import
    (quoted_key) @name @reference.import
    (dotted_key . (bare_key) @name @reference.import)
  ])
  (#match? @_table "(?:^|\\.)(?:(?:dev-|build-|peer-)?dependencies|packages|dev-packages)$")
  (#not-eq? @_table "workspace.dependencies") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table . [(bare_key) (dotted_key)] @_table (pair . [
    (bare_key) @ignore
    (quoted_key) @ignore
    (dotted_key) @ignore
  ])
  (#match? @_table "(?:^|\\.)(?:(?:dev-|build-|peer-)?dependencies|packages|dev-packages)$")
  (#not-eq? @_table "workspace.dependencies"))
; [dependencies.rand]
(table . (dotted_key (_) @_table . [(bare_key) (quoted_key)] @name @reference.import .)
  (#match? @_table "(?:^|\\.)(?:dev-|build-|peer-)?dependencies$")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
; dependencies = ["requests >= 2"]
(pair . (bare_key) @_key (array (string) @name @reference.import)
  (#any-of? @_key "dependencies" "requires") (#strip! @name "^[\"']+") (#strip! @name "[^\\w.-].*$"))
; A feature that names features of the same package.
(table . (bare_key) @_table (pair (array (string) @name @reference.symbol))
  (#eq? @_table "features") (#match? @name "^[\"'][\\w-]+[\"']$")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))

(table . [(bare_key) (quoted_key) (dotted_key)] @name
  (#strip! @name "^[\"'](?=[^\"']*[\"']$)") (#strip! @name "^[^\"']+\\K[\"']$")) @definition.table
(table_array_element . [(bare_key) (quoted_key) (dotted_key)] @name
  (#strip! @name "^[\"'](?=[^\"']*[\"']$)") (#strip! @name "^[^\"']+\\K[\"']$")) @definition.table
(document (pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table (pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(table_array_element (pair . [(bare_key) (quoted_key) (dotted_key)] @name) @definition.key
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
