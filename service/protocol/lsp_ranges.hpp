// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

// What the syntax tree of a file says of its text (LSP 3.18, "Folding Range", "Selection Range"). Null for what is in
// no known language. Errors: kInvalidParams, kRequestFailed.

/// Whole lines; where the client wants few, the longest.
RpcResult answer_folding_range(LspRequest& request);

/// For each position the ranges around it, of which a client gets the innermost and the whole text at least.
RpcResult answer_selection_range(LspRequest& request);

}  // namespace repomap
