// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr int kIncrementalSync = 2;  // TextDocumentSyncKind

struct FeatureName {
  LspFeature feature;
  std::string_view name;        // in initializationOptions.features
  std::string_view capability;  // of the server
};

constexpr std::array<FeatureName, 10> kFeatures{{
    {LspFeature::kWorkspaceSymbol, "workspaceSymbol", "workspaceSymbolProvider"},
    {LspFeature::kDocumentSymbol, "documentSymbol", "documentSymbolProvider"},
    {LspFeature::kDefinition, "definition", "definitionProvider"},
    {LspFeature::kDeclaration, "declaration", "declarationProvider"},
    {LspFeature::kReferences, "references", "referencesProvider"},
    {LspFeature::kDocumentHighlight, "documentHighlight", "documentHighlightProvider"},
    {LspFeature::kHover, "hover", "hoverProvider"},
    {LspFeature::kCallHierarchy, "callHierarchy", "callHierarchyProvider"},
    {LspFeature::kFoldingRange, "foldingRange", "foldingRangeProvider"},
    {LspFeature::kSelectionRange, "selectionRange", "selectionRangeProvider"},
}};

std::string feature_names() {
  std::string names;
  for (const FeatureName& feature : kFeatures) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", feature.name);
  }
  return names;
}

std::set<LspFeature> all_features() {
  std::set<LspFeature> all;
  for (const FeatureName& feature : kFeatures) {
    all.insert(feature.feature);
  }
  return all;
}

Result<std::set<LspFeature>> features_from_json(const Json& options) {
  const Json& list = lsp_member(options, "features");
  if (list.is_null()) {
    return lsp_flag(options, "beside") ? std::set{LspFeature::kWorkspaceSymbol} : all_features();
  }
  std::set<LspFeature> features;
  for (const Json& element : list.is_array() ? list : Json::array({list})) {
    const auto feature = element.is_string() ? lsp_feature_from_name(element.get<std::string>()) : std::nullopt;
    if (!feature) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("initializationOptions.features is an array of: {}", feature_names()));
    }
    features.insert(*feature);
  }
  return features;
}

PositionEncoding encoding_from_json(const Json& capabilities) {
  constexpr std::string_view kOffered = "general.positionEncodings";
  for (const std::string_view name : {"utf-8", "utf-16", "utf-32"}) {
    if (lsp_has(capabilities, kOffered, name)) {
      return *position_encoding_from_name(name);
    }
  }
  return PositionEncoding::kUtf16;
}

}  // namespace

std::optional<LspFeature> lsp_feature_from_name(std::string_view name) {
  const auto found = std::ranges::find(kFeatures, name, &FeatureName::name);
  return found == kFeatures.end() ? std::nullopt : std::optional(found->feature);
}

Result<LspClient> lsp_client_from_json(const Json& params) {
  const Json& can = lsp_member(params, "capabilities");
  LspClient client;
  REPOMAP_ASSIGN(client.features, features_from_json(lsp_member(params, "initializationOptions")));
  client.encoding = encoding_from_json(can);
  client.hierarchical_symbols = lsp_flag(can, "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport");
  client.resolves_symbol_location = lsp_has(can, "workspace.symbol.resolveSupport.properties", "location.range");
  client.definition_links = lsp_flag(can, "textDocument.definition.linkSupport");
  client.declaration_links = lsp_flag(can, "textDocument.declaration.linkSupport");
  client.markdown = lsp_has(can, "textDocument.hover.contentFormat", "markdown");
  client.line_folding_only = lsp_flag(can, "textDocument.foldingRange.lineFoldingOnly");
  if (const auto limit = lsp_number(lsp_member(can, "textDocument.foldingRange.rangeLimit"))) {
    client.folding_limit = *limit;
  }
  client.watches_files = lsp_flag(can, "workspace.didChangeWatchedFiles.dynamicRegistration");
  client.relative_patterns = lsp_flag(can, "workspace.didChangeWatchedFiles.relativePatternSupport");
  client.folder_changes = lsp_flag(can, "workspace.workspaceFolders");
  client.progress = lsp_flag(can, "window.workDoneProgress");
  return client;
}

Json lsp_server_capabilities(const LspClient& client) {
  Json capabilities;
  capabilities["positionEncoding"] = position_encoding_name(client.encoding);
  capabilities["textDocumentSync"] = Json{{"openClose", true}, {"change", kIncrementalSync}, {"save", true}};
  for (const FeatureName& feature : kFeatures) {
    if (client.features.contains(feature.feature)) {
      capabilities[feature.capability] = Json{{"workDoneProgress", true}};
    }
  }
  if (client.features.contains(LspFeature::kWorkspaceSymbol)) {
    capabilities["workspaceSymbolProvider"]["resolveProvider"] = true;
  }
  capabilities["executeCommandProvider"] = Json{{"commands", Json::array({"repomap.map"})}, {"workDoneProgress", true}};
  capabilities["workspace"]["workspaceFolders"] = Json{{"supported", true}, {"changeNotifications", true}};
  capabilities["experimental"]["repomap/map"] = true;
  return capabilities;
}

}  // namespace repomap
