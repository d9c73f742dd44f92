// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_roots.hpp"
#include "service/protocol/mcp_version.hpp"

namespace repomap {

inline constexpr const char* kMcpMapType = "text/plain";

/// "repomap://linux-1a2b3c4d5e6f/map": the map of a repository.
std::string map_uri(const McpRoot& root);

/// The id of the root whose map the URI names; nothing for any other URI.
std::optional<std::string> root_id_of(std::string_view uri);

/// The results of "resources/list" and "resources/templates/list", but for what every result has.
Json mcp_resource_list(McpRoots& roots, McpVersion version);
Json mcp_resource_templates(McpVersion version);

}  // namespace repomap
