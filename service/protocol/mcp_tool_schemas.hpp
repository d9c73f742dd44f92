// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_version.hpp"

namespace repomap {

/// What a client tells its language model about this server when a conversation begins; less than 2048 bytes, which is
/// where clients cut.
std::string_view mcp_instructions();

/// The result of "tools/list" but for what every result has: always the same tools in the same order, each with what
/// that revision knows of tools.
Json mcp_tool_list(McpVersion version);

/// The schema of a tool's arguments; null where there is no such tool.
const Json* mcp_input_schema(const std::string& tool);

/// The name of the tool that was probably meant; "" for none.
std::string nearest_mcp_tool(const std::string& name);

}  // namespace repomap
