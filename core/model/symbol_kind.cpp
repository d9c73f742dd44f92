// SPDX-License-Identifier: Apache-2.0
#include "core/model/symbol_kind.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace repomap {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 49> kNames = {
    "function",   "method", "constructor", "macro",       "operator",       "class",     "struct",
    "union",      "enum",   "interface",   "trait",       "protocol",       "mixin",     "object",
    "record",     "type",   "extension",   "module",      "namespace",      "package",   "constant",
    "variable",   "field",  "property",    "enum_member", "event",          "parameter", "key",
    "section",    "anchor", "tag",         "selector",    "target",         "rule",      "table",
    "view",       "index",  "column",      "resource",    "service",        "message",   "label",
    "annotation", "test",   "call",        "import",      "implementation", "member",    "symbol",
};
static_assert(kNames.size() == static_cast<std::size_t>(SymbolKind::kSymbol) + 1);

}  // namespace

std::string_view role_name(Role role) { return role == Role::kDefinition ? "def" : "ref"; }

std::string_view kind_name(SymbolKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<SymbolKind> kind_from_name(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<SymbolKind>(found - kNames.begin());
}

bool is_map_kind(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kConstructor:
    case SymbolKind::kNamespace:
    case SymbolKind::kPackage:
    case SymbolKind::kField:
    case SymbolKind::kEnumMember:
    case SymbolKind::kParameter:
    case SymbolKind::kKey:
    case SymbolKind::kColumn:
    case SymbolKind::kLabel: return false;
    default: return true;
  }
}

}  // namespace repomap
