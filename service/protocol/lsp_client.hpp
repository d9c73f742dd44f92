// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/lsp_text.hpp"

namespace repomap {

/// What the server can be asked for. A client that runs another server for the same files leaves out what that one
/// gives (docs/LSP.md).
enum class LspFeature : std::uint8_t {
  kWorkspaceSymbol,
  kDocumentSymbol,
  kDefinition,
  kDeclaration,
  kReferences,
  kDocumentHighlight,
  kHover,
  kCallHierarchy,
  kFoldingRange,
  kSelectionRange,
};

std::optional<LspFeature> lsp_feature_from_name(std::string_view name);

/// What a client has said of itself in "initialize", as far as it matters here. Plain values, fixed from then on.
struct LspClient {
  PositionEncoding encoding = PositionEncoding::kUtf16;
  std::set<LspFeature> features;  ///< that it wants; maps can always be asked for

  bool hierarchical_symbols = false;
  bool resolves_symbol_location = false;
  bool definition_links = false;
  bool declaration_links = false;
  bool markdown = false;  ///< in hover
  bool line_folding_only = false;
  std::size_t folding_limit = 5000;

  bool watches_files = false;  ///< registered at run time
  bool relative_patterns = false;
  bool folder_changes = false;
  bool progress = false;  ///< window.workDoneProgress
};

/// Errors: kInvalidArgument for initializationOptions that cannot be followed, saying what can.
Result<LspClient> lsp_client_from_json(const Json& params);

/// "capabilities" of the answer to "initialize".
Json lsp_server_capabilities(const LspClient& client);

}  // namespace repomap
