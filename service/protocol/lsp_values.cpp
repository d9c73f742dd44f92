// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_values.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace repomap {
namespace {

/// SymbolKind of LSP 3.18.
enum LspKind : int {
  kFile = 1,
  kModule = 2,
  kNamespace = 3,
  kPackage = 4,
  kClass = 5,
  kMethod = 6,
  kProperty = 7,
  kField = 8,
  kConstructor = 9,
  kEnum = 10,
  kInterface = 11,
  kFunction = 12,
  kVariable = 13,
  kConstant = 14,
  kString = 15,
  kArray = 17,
  kObject = 19,
  kKey = 20,
  kEnumMember = 22,
  kStruct = 23,
  kEvent = 24,
  kOperator = 25,
};

/// A number beyond what we count with is as good as the largest.
std::optional<std::uint32_t> index_of(const Json& json) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int32_t>::max();
  const auto number = lsp_number(json);
  return number ? std::optional(static_cast<std::uint32_t>(std::min(*number, kLargest))) : std::nullopt;
}

std::optional<int> type_kind(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kClass:
    case SymbolKind::kObject:
    case SymbolKind::kRecord:
    case SymbolKind::kType:
    case SymbolKind::kExtension:
    case SymbolKind::kImplementation:
    case SymbolKind::kService:
    case SymbolKind::kTable:
    case SymbolKind::kView: return kClass;
    case SymbolKind::kStruct:
    case SymbolKind::kUnion:
    case SymbolKind::kMessage: return kStruct;
    case SymbolKind::kEnum: return kEnum;
    case SymbolKind::kInterface:
    case SymbolKind::kTrait:
    case SymbolKind::kProtocol:
    case SymbolKind::kMixin: return kInterface;
    case SymbolKind::kModule: return kModule;
    case SymbolKind::kNamespace: return kNamespace;
    case SymbolKind::kPackage: return kPackage;
    default: return std::nullopt;
  }
}

int value_kind(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kFunction:
    case SymbolKind::kMacro:
    case SymbolKind::kTarget:
    case SymbolKind::kRule:
    case SymbolKind::kTest:
    case SymbolKind::kCall: return kFunction;
    case SymbolKind::kMethod: return kMethod;
    case SymbolKind::kConstructor: return kConstructor;
    case SymbolKind::kOperator: return kOperator;
    case SymbolKind::kConstant: return kConstant;
    case SymbolKind::kField:
    case SymbolKind::kColumn:
    case SymbolKind::kMember: return kField;
    case SymbolKind::kProperty: return kProperty;
    case SymbolKind::kEnumMember: return kEnumMember;
    case SymbolKind::kEvent: return kEvent;
    case SymbolKind::kKey:
    case SymbolKind::kIndex:
    case SymbolKind::kAnnotation: return kKey;
    case SymbolKind::kSection:
    case SymbolKind::kAnchor:
    case SymbolKind::kTag:
    case SymbolKind::kSelector:
    case SymbolKind::kLabel: return kString;
    case SymbolKind::kResource: return kObject;
    default: return kVariable;
  }
}

int code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled: return lsp_code::kServerCancelled;
    case ErrorCode::kInvalidArgument: return rpc_code::kInvalidParams;
    default: return lsp_code::kRequestFailed;
  }
}

}  // namespace

const Json& lsp_member(const Json& json, std::string_view path) {
  static const Json kNull;
  const Json* at = &json;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const auto found = at->is_object() ? at->find(std::string(path.substr(0, dot))) : at->end();
    if (!at->is_object() || found == at->end()) {
      return kNull;
    }
    at = &*found;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return *at;
}

bool lsp_flag(const Json& json, std::string_view path) {
  const Json& flag = lsp_member(json, path);
  return flag.is_boolean() && flag.get<bool>();
}

std::string lsp_text_of(const Json& json, std::string_view path) {
  const Json& text = lsp_member(json, path);
  return text.is_string() ? text.get<std::string>() : std::string();
}

std::optional<std::uint64_t> lsp_number(const Json& json) {
  const bool is_one = json.is_number_unsigned() || (json.is_number_integer() && json.get<std::int64_t>() >= 0);
  return is_one ? std::optional(json.get<std::uint64_t>()) : std::nullopt;
}

bool lsp_has(const Json& json, std::string_view path, std::string_view value) {
  const Json& list = lsp_member(json, path);
  return list.is_array() && std::ranges::any_of(list, [&](const Json& element) {
           return element.is_string() && element.get_ref<const std::string&>() == value;
         });
}

std::expected<LspPosition, RpcError> lsp_position_from_json(const Json& json) {
  const auto line = index_of(lsp_member(json, "line"));
  const auto character = index_of(lsp_member(json, "character"));
  if (!line || !character) {
    return std::unexpected(RpcError(rpc_code::kInvalidParams, "a position is {\"line\": N, \"character\": N}"));
  }
  return LspPosition{*line, *character};
}

std::expected<LspRange, RpcError> lsp_range_from_json(const Json& json) {
  REPOMAP_ASSIGN(const LspPosition start, lsp_position_from_json(lsp_member(json, "start")));
  REPOMAP_ASSIGN(const LspPosition end, lsp_position_from_json(lsp_member(json, "end")));
  return LspRange{start, end};
}

Json to_json(LspPosition position) { return Json{{"line", position.line}, {"character", position.character}}; }

Json to_json(const LspRange& range) { return Json{{"start", to_json(range.start)}, {"end", to_json(range.end)}}; }

int lsp_symbol_kind(SymbolKind kind) { return type_kind(kind).value_or(value_kind(kind)); }

RpcError lsp_error(const Error& error) {
  return {code_of(error.code), error.message, std::string(error_code_name(error.code))};
}

}  // namespace repomap
