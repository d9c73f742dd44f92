// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace repomap {

/// Whether an occurrence introduces a symbol or uses it.
enum class Role : std::uint8_t { kDefinition, kReference };

/// "def" or "ref", as in every output.
std::string_view role_name(Role role);

/// What a symbol is, or, for a reference, how it is used. The names are those of the capture convention
/// `@definition.<name>` / `@reference.<name>`.
enum class SymbolKind : std::uint8_t {
  kFunction,
  kMethod,
  kConstructor,
  kMacro,
  kOperator,
  kClass,
  kStruct,
  kUnion,
  kEnum,
  kInterface,
  kTrait,
  kProtocol,
  kMixin,
  kObject,
  kRecord,
  kType,
  kExtension,
  kModule,
  kNamespace,
  kPackage,
  kConstant,
  kVariable,
  kField,
  kProperty,
  kEnumMember,
  kEvent,
  kParameter,
  kKey,
  kSection,
  kAnchor,
  kTag,
  kSelector,
  kTarget,
  kRule,
  kTable,
  kView,
  kIndex,
  kColumn,
  kResource,
  kService,
  kMessage,
  kLabel,
  kAnnotation,
  kTest,
  kCall,
  kImport,
  kImplementation,
  kMember,
  kSymbol,
};

/// "function", "method", "enum_member", …
std::string_view kind_name(SymbolKind kind);

/// The kind of that name, or nothing where there is none.
std::optional<SymbolKind> kind_from_name(std::string_view name);

/// Whether definitions of this kind take part in the graph and may be shown in a map. Members, keys and columns are
/// looked up by name, but they are so many and so alike ("name", "id") that they would drown what a map is for; so are
/// packages and namespaces, which every file of theirs opens anew. A constructor has the name of its class, which is
/// shown already.
bool is_map_kind(SymbolKind kind);

}  // namespace repomap
