// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "service/protocol/json_value.hpp"

namespace repomap {

/// The revisions of the Model Context Protocol by their months, oldest first. Up to 2025-11-25 a conversation begins
/// with "initialize" (legacy); from 2026-07-28 on each request says its revision itself (modern).
enum class McpVersion : std::uint8_t { kNovember2024, kMarch2025, kJune2025, kNovember2025, kJuly2026 };

inline constexpr McpVersion kLatestLegacyMcp = McpVersion::kNovember2025;

constexpr bool is_modern(McpVersion version) { return version >= McpVersion::kJuly2026; }

/// "2024-11-05" and so on.
std::string_view mcp_version_name(McpVersion version);
std::optional<McpVersion> mcp_version_from_name(std::string_view name);

/// The names of all modern revisions, or of all, newest first.
Json modern_mcp_versions();
Json all_mcp_versions();

/// The numbers of errors that only this protocol has (2026-07-28, "Error Codes").
namespace mcp_code {
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kUnsupportedVersion = -32022;
}  // namespace mcp_code

/// The keys that the protocol keeps for itself in `_meta`.
namespace mcp_key {
inline constexpr const char* kProtocolVersion = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* kClientCapabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* kClientInfo = "io.modelcontextprotocol/clientInfo";
inline constexpr const char* kServerInfo = "io.modelcontextprotocol/serverInfo";
inline constexpr const char* kSubscriptionId = "io.modelcontextprotocol/subscriptionId";
}  // namespace mcp_key

}  // namespace repomap
