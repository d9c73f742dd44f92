// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_resources.hpp"

#include <fmt/format.h>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::string_view kScheme = "repomap://";
constexpr std::string_view kPath = "/map";

}  // namespace

std::string map_uri(const McpRoot& root) { return fmt::format("{}{}{}", kScheme, root.id, kPath); }

std::optional<std::string> root_id_of(std::string_view uri) {
  if (!uri.starts_with(kScheme) || !uri.ends_with(kPath) || uri.size() <= kScheme.size() + kPath.size()) {
    return std::nullopt;
  }
  return std::string(uri.substr(kScheme.size(), uri.size() - kScheme.size() - kPath.size()));
}

Json mcp_resource_list(McpRoots& roots, McpVersion version) {
  Json resources = Json::array();
  for (const McpRoot& root : roots.known()) {
    Json resource;
    resource["uri"] = map_uri(root);
    resource["name"] = "map of " + root.id;
    if (version >= McpVersion::kJune2025) {
      resource["title"] = "Map of " + to_valid_utf8(root.path);
    }
    resource["description"] =
        fmt::format("The most important files and symbols of {}, current with its files", to_valid_utf8(root.path));
    resource["mimeType"] = kMcpMapType;
    resources.push_back(std::move(resource));
  }
  Json result;
  result["resources"] = std::move(resources);
  return result;
}

Json mcp_resource_templates(McpVersion version) {
  Json map;
  map["uriTemplate"] = fmt::format("{}{{root_id}}{}", kScheme, kPath);
  map["name"] = "map";
  if (version >= McpVersion::kJune2025) {
    map["title"] = "Repository map";
  }
  map["description"] = "The map of a project that a tool was called for; index_status gives its URI";
  map["mimeType"] = kMcpMapType;
  Json result;
  result["resourceTemplates"] = Json::array();
  result["resourceTemplates"].push_back(std::move(map));
  return result;
}

}  // namespace repomap
