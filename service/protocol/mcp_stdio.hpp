// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.hpp"
#include "service/protocol/mcp_session.hpp"
#include "service/protocol/stdio_channel.hpp"

namespace repomap {

/// Speaks MCP over a channel, a message a line, until its input ends. Borrows both. Errors: those of
/// RpcEndpoint::run().
Status serve_mcp_stdio(McpServer& server, StdioChannel& channel);

}  // namespace repomap
