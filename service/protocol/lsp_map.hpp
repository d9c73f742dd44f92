// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// The custom request "repomap/map" {query?, tokens?, uri?}: the map of the repository that `uri` is in, else of the
/// first folder's. The files that are open there are what the map is drawn for. The answer is that of
/// `repomap map --json`. Errors: kInvalidParams, kRequestFailed.
RpcResult answer_map(LspRequest& request);

/// "workspace/executeCommand" with the command "repomap.map" and these parameters as its one argument, or none.
RpcResult answer_execute_command(LspRequest& request);

}  // namespace repomap
