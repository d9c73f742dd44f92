// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

// Who calls whom, by name (LSP 3.18, "Call Hierarchy"). Errors: kInvalidParams, kRequestFailed.

/// What a position can be the name of: its definitions, the likeliest first. Null for a name that a function binds.
RpcResult answer_prepare_call_hierarchy(LspRequest& request);

/// The definitions around the calls of an item's name; for a call outside of all, its file.
RpcResult answer_incoming_calls(LspRequest& request);

/// The likeliest definition of each name that is called within an item.
RpcResult answer_outgoing_calls(LspRequest& request);

}  // namespace repomap
