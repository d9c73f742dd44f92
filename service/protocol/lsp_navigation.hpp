// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

// Where a name is defined and used (LSP 3.18, "Language Features"). A name that a function binds is answered for from
// its file alone; any other, by name, from the repository. Errors: kInvalidParams, kRequestFailed.

RpcResult answer_definition(LspRequest& request);
RpcResult answer_declaration(LspRequest& request);
RpcResult answer_references(LspRequest& request);
RpcResult answer_document_highlight(LspRequest& request);

}  // namespace repomap
