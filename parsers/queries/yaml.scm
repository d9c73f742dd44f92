; SPDX-License-Identifier: Apache-2.0
; YAML. Keys of the top level are definitions; below it only those of places known for naming things: jobs, services,
; schemas, resources. Anchors and their aliases, $ref, and the keys that name other entries are references.

(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_parent
  value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.target)))))
  (#any-of? @_parent "jobs" "tasks" "targets" "scripts") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_parent
  value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.service)))))
  (#eq? @_parent "services") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_parent
  value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.resource)))))
  (#any-of? @_parent "Resources" "resources") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_parent
  value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.type)))))
  (#any-of? @_parent "definitions" "$defs" "schemas") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_top
  value: (block_node (block_mapping (block_mapping_pair
    key: (flow_node) @qualifier
    value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.type))))))))
  (#eq? @_top "components") (#any-of? @qualifier "schemas" "responses" "parameters" "requestBodies" "messages")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair
  key: (flow_node) @_parent
  value: (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.key)))))
  (#any-of? @_parent "paths" "properties" "Parameters" "Outputs" "Conditions" "parameters" "outputs" "variables" "vars"
    "volumes" "networks" "env" "inputs")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(document (block_node (block_mapping (block_mapping_pair key: (flow_node) @name) @definition.key))
  (#strip! @name "^[\"']") (#strip! @name "[\"']$"))

((anchor_name) @name @definition.anchor)

((alias_name) @name @reference.symbol)
(block_mapping_pair key: (flow_node) @_key value: (flow_node [(double_quote_scalar) (single_quote_scalar)] @name)
  (#eq? @_key "$ref") (#strip! @name "^.*[/#\"'](?=.)") (#strip! @name "(?:\\.(?:ya?ml|json))?[\"']$")) @reference.type
; {"$ref": "…"} inside a line
(flow_pair key: (flow_node) @_key value: (flow_node [(double_quote_scalar) (single_quote_scalar)] @name)
  (#eq? @_key "$ref") (#strip! @name "^.*[/#\"'](?=.)") (#strip! @name "(?:\\.(?:ya?ml|json))?[\"']$")) @reference.type
(block_mapping_pair
  key: (flow_node) @_key
  value: [
    (flow_node (plain_scalar) @name)
    (flow_node (flow_sequence (flow_node (plain_scalar) @name)))
    (block_node (block_sequence (block_sequence_item (flow_node (plain_scalar) @name))))
    (block_node (block_mapping (block_mapping_pair key: (flow_node (plain_scalar) @name))))
  ]
  (#any-of? @_key "needs" "depends_on" "dependsOn" "DependsOn" "extends")
  (#not-any-of? @name "service" "file")) @reference.symbol
; ./.github/workflows/build.yml, actions/checkout@v4
(block_mapping_pair key: (flow_node) @_key value: (flow_node (plain_scalar) @name @reference.import)
  (#eq? @_key "uses") (#strip! @name "@.*$") (#strip! @name "\\.ya?ml$") (#strip! @name "^.*/"))
; !Ref Berth, !GetAtt Berth.Arn
(flow_node (tag) @_tag (plain_scalar) @name @reference.symbol
  (#any-of? @_tag "!Ref" "!GetAtt" "!Condition") (#match? @name "^\\w") (#strip! @name "\\..*$"))
