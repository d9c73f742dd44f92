// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/result.hpp"
#include "service/protocol/lsp_server.hpp"
#include "service/protocol/stdio_channel.hpp"

namespace repomap {

/// How a conversation has ended.
enum class LspEnd : std::uint8_t {
  kWell,    ///< "shutdown", then "exit"
  kAbrupt,  ///< the client has ended, or forgotten "shutdown"
};

/// Serves one client until it ends. Borrows everything. Errors: those of RpcEndpoint::run().
Result<LspEnd> run_lsp(StdioChannel& channel, const LspSources& sources, const LspServer::Options& options);

}  // namespace repomap
