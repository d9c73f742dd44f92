; SPDX-License-Identifier: Apache-2.0
; JSON. Keys of the top level are definitions; below it only those of places known for naming things, so that data does
; not drown everything else. Of several values in one file the first counts. A key with an escape in it is no name.
; References are $ref, and the names of packages in manifests.

; "scripts": {"build": …}
(document . (comment)* . (object (pair
  key: (string . (string_content) @_parent .)
  value: (object (pair key: (string . (string_content) @name .)) @definition.target)))
  (#any-of? @_parent "scripts" "tasks" "targets"))
; Schemas, by name.
(document . (comment)* . (object (pair
  key: (string . (string_content) @_parent .)
  value: (object (pair key: (string . (string_content) @name .) value: (object)) @definition.type)))
  (#any-of? @_parent "definitions" "$defs" "schemas"))
(document . (comment)* . (object (pair
  key: (string . (string_content) @_top .)
  value: (object (pair
    key: (string . (string_content) @qualifier .)
    value: (object (pair key: (string . (string_content) @name .)) @definition.type)))))
  (#eq? @_top "components") (#any-of? @qualifier "schemas" "responses" "parameters" "requestBodies" "messages"))
; Properties of a schema, options of tools, variables and resources of templates.
(document . (comment)* . (object (pair
  key: (string . (string_content) @_parent .)
  value: (object (pair key: (string . (string_content) @name .)) @definition.key)))
  (#any-of? @_parent "properties" "compilerOptions" "rules" "engines" "bin" "paths" "config" "configurations"
    "Resources" "Parameters" "Outputs" "resources" "parameters" "outputs" "variables" "imports"))
(document . (comment)* . (object (pair key: (string . (string_content) @name .)) @definition.key))

(pair key: (string . (string_content) @_key .) value: (string . (string_content) @name @definition.anchor .)
  (#any-of? @_key "$anchor" "$dynamicAnchor"))

; #/definitions/Berth, berth.json#/$defs/Berth, #berth, berth.json
(pair key: (string . (string_content) @_key .) value: (string . (string_content) @name @reference.type .)
  (#any-of? @_key "$ref" "$dynamicRef" "Ref") (#match? @name "[\\p{L}\\d_.)]$")
  (#strip! @name "^.*[/#]") (#strip! @name "\\.(?:schema\\.)?json$"))
(document . (comment)* . (object (pair
  key: (string . (string_content) @_parent .)
  value: (object (pair
    key: (string . (string_content) @name @reference.import .)
    value: (string)))))
  (#any-of? @_parent "dependencies" "devDependencies" "peerDependencies" "optionalDependencies" "require"
    "require-dev"))
(document . (comment)* . (object (pair key: (string . (string_content) @_key .) value: (string .
  (string_content) @name @reference.import .)))
  (#any-of? @_key "extends" "main" "types" "module") (#strip! @name "(?:\\.d)?\\.\\w+$") (#strip! @name "^.*/"))
