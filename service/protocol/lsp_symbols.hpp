// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

// The symbols of files (LSP 3.18, "Document Symbols", "Workspace Symbols"). Errors: kInvalidParams, kRequestFailed.

/// Of one file, as a tree or as a list: what the client can show.
RpcResult answer_document_symbol(LspRequest& request);

/// Of all folders, best match first; of the repositories of open files where there is no folder. At most
/// kMaxWorkspaceSymbols of each repository. Without a range where the client asks for it later.
RpcResult answer_workspace_symbol(LspRequest& request);
inline constexpr std::size_t kMaxWorkspaceSymbols = 500;

/// One of those, with its range.
RpcResult answer_workspace_symbol_resolve(LspRequest& request);

/// The place of a definition from its first line on, with decorators and the like, to its last.
LspRange lsp_definition_range(const LspSubject& subject, const Tag& tag);

}  // namespace repomap
