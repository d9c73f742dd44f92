// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_map.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "core/base/utf8.hpp"
#include "service/protocol/answer_json.hpp"
#include "service/protocol/json_reader.hpp"
#include "service/protocol/lsp_uri.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::string_view kCommand = "repomap.map";

struct MapArguments {
  std::string query;
  std::string uri;
  std::size_t tokens = 0;  // 0: as the settings say
};

Result<MapArguments> arguments_from_json(const Json& json) {
  MapArguments arguments;
  if (json.is_null()) {
    return arguments;
  }
  JsonReader reader(json, Absent::kKeep);
  reader.text("query", arguments.query);
  reader.text("uri", arguments.uri);
  reader.number("tokens", arguments.tokens);
  REPOMAP_TRY(reader.status());
  return arguments;
}

/// Of the file or directory that the URI names, else of the first folder, else of the first open file.
std::optional<std::string> root_for(const LspRequest& request, const std::string& uri) {
  const LspWorkspace& workspace = request.workspace();
  const auto path = path_from_uri(uri);
  if (path) {
    const auto file = workspace.locate(join_path(*path, "."));
    const auto around = file ? file : workspace.locate(*path);
    return around ? std::optional(around->root) : std::nullopt;
  }
  if (!workspace.folders().empty()) {
    return workspace.folders().front().root;
  }
  const auto first = request.open().begin();
  const auto file = first == request.open().end() ? std::nullopt : workspace.locate(first->first);
  return file ? std::optional(file->root) : std::nullopt;
}

/// Errors: those of LspWorkspace::settings().
Result<MapQuery> query_for(const LspRequest& request, const std::string& root, const MapArguments& arguments) {
  REPOMAP_ASSIGN(const Settings settings, request.workspace().settings(root));
  MapQuery query;
  query.selection = request.workspace().repository(root);
  query.request.query = arguments.query;
  query.request.tokenizer = settings.tokenizer;
  query.request.rank_mode = settings.rank;
  query.request.token_budget = arguments.tokens > 0 ? arguments.tokens : settings.tokens;
  for (const auto& [path, document] : request.open()) {
    if (const auto file = request.workspace().locate(path); file && file->root == root) {
      query.request.chat_files.push_back(file->path);
    }
  }
  return query;
}

RpcResult make_map(LspRequest& request, const Json& json) {
  const auto arguments = arguments_from_json(json);
  if (!arguments) {
    return std::unexpected(RpcError(rpc_code::kInvalidParams, arguments.error().message));
  }
  const auto root = root_for(request, arguments->uri);
  if (!root) {
    return std::unexpected(RpcError(
        lsp_code::kRequestFailed, arguments->uri.empty() ? "there is no folder and no open file to make a map of"
                                                         : fmt::format("{} is no file or directory", arguments->uri)));
  }
  const auto query = query_for(request, *root, *arguments);
  if (!query) {
    return std::unexpected(lsp_error(query.error()));
  }
  RequestContext context = request.context();
  context.completeness = Completeness::kPartial;  // "freshness" says what is missing
  const auto answer = request.sources().queries.map(*query, context);
  if (!answer) {
    return std::unexpected(lsp_error(answer.error()));
  }
  Json document = map_document(*answer, *query);
  document["text"] = to_valid_utf8(answer->map.text);  // a client takes it for a string, whatever names hold
  return document;
}

}  // namespace

RpcResult answer_map(LspRequest& request) { return make_map(request, request.params()); }

RpcResult answer_execute_command(LspRequest& request) {
  const std::string command = lsp_text_of(request.params(), "command");
  if (command != kCommand) {
    return std::unexpected(
        RpcError(rpc_code::kInvalidParams, fmt::format("unknown command '{}'; there is {}", command, kCommand)));
  }
  const Json& arguments = lsp_member(request.params(), "arguments");
  return make_map(request, arguments.is_array() && !arguments.empty() ? arguments.front() : Json());
}

}  // namespace repomap
