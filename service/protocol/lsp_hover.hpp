// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// What the name at a position probably is (LSP 3.18, "Hover"): signature, doc comment, where it is defined, and that
/// this is told from syntax. Null where nothing is known. Errors: kInvalidParams, kRequestFailed.
RpcResult answer_hover(LspRequest& request);

}  // namespace repomap
