; SPDX-License-Identifier: Apache-2.0
; Protocol buffers. A type's name is the last part of what may be a path through packages and messages.

(package (full_ident) @name) @definition.package
(message (message_name (identifier) @name)) @definition.message
(enum (enum_name (identifier) @name)) @definition.enum
(service (service_name (identifier) @name)) @definition.service
(rpc (rpc_name (identifier) @name)) @definition.method
(enum_field . (identifier) @name) @definition.enum_member
(field (type) . (identifier) @name) @definition.field
(map_field (type) . (identifier) @name) @definition.field
(oneof . (identifier) @name) @definition.field
(oneof_field (type) . (identifier) @name) @definition.field

((message_or_enum_type) @name @reference.type (#strip! @name "^[\\s\\S]*\\."))
(extend (full_ident (identifier) @name @reference.implementation .))
(import path: (string) @name @reference.import (#strip! @name "^[\"'](?:.*/)?") (#strip! @name "(?:\\.proto)?[\"']$"))
; A custom option: (harbour.depth)
(option (full_ident (identifier) @name @reference.annotation .))
(field_option (full_ident (identifier) @name @reference.annotation .))
