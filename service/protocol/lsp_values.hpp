// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/symbol_kind.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/lsp_text.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// The numbers of errors that LSP has besides those of JSON-RPC (LSP 3.18, "ErrorCodes").
namespace lsp_code {
inline constexpr int kNotInitialized = -32002;
inline constexpr int kContentModified = -32801;
inline constexpr int kServerCancelled = -32802;
inline constexpr int kRequestFailed = -32803;
}  // namespace lsp_code

/// Reading of parameters. What is missing or of another type is told by null or an empty value; what a request cannot
/// do without, by kInvalidParams.

/// The member of that name, by a path with '.' between its names; null where there is none.
const Json& lsp_member(const Json& json, std::string_view path);
bool lsp_flag(const Json& json, std::string_view path);
/// "" if there is none.
std::string lsp_text_of(const Json& json, std::string_view path);
/// A whole number that is not negative; nothing for anything else.
std::optional<std::uint64_t> lsp_number(const Json& json);
/// Whether an array of strings has this one.
bool lsp_has(const Json& json, std::string_view path, std::string_view value);

std::expected<LspPosition, RpcError> lsp_position_from_json(const Json& json);
std::expected<LspRange, RpcError> lsp_range_from_json(const Json& json);

Json to_json(LspPosition position);
Json to_json(const LspRange& range);

/// The number of the kind in LSP ("SymbolKind"): Variable where it has nothing closer.
int lsp_symbol_kind(SymbolKind kind);

/// How a failure of ours is told: kCancelled is the server's doing, since the client's is answered elsewhere.
RpcError lsp_error(const Error& error);

}  // namespace repomap
