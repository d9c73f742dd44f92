// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_version.hpp"

#include <array>
#include <cstddef>

namespace repomap {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                                    "2026-07-28"};

Json names_from(McpVersion oldest) {
  Json names = Json::array();
  for (std::size_t i = kNames.size(); i-- > static_cast<std::size_t>(oldest);) {
    names.push_back(kNames[i]);
  }
  return names;
}

}  // namespace

std::string_view mcp_version_name(McpVersion version) { return kNames[static_cast<std::size_t>(version)]; }

std::optional<McpVersion> mcp_version_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) {
      return static_cast<McpVersion>(i);
    }
  }
  return std::nullopt;
}

Json modern_mcp_versions() { return names_from(McpVersion::kJuly2026); }

Json all_mcp_versions() { return names_from(McpVersion::kNovember2024); }

}  // namespace repomap
