// SPDX-License-Identifier: Apache-2.0
//
// The table of methods says which function answers what. Such a function gets an LspRequest, which holds the state of
// the moment at which the request came, and runs on a thread of the endpoint.
#include "service/protocol/lsp_server.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "core/base/log.hpp"
#include "service/protocol/lsp_call_hierarchy.hpp"
#include "service/protocol/lsp_hover.hpp"
#include "service/protocol/lsp_map.hpp"
#include "service/protocol/lsp_navigation.hpp"
#include "service/protocol/lsp_progress.hpp"
#include "service/protocol/lsp_ranges.hpp"
#include "service/protocol/lsp_symbols.hpp"
#include "service/protocol/lsp_uri.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr int kWarningMessage = 2;  // MessageType of LSP
constexpr std::string_view kWatchersId = "repomap-files";
constexpr std::string_view kWatchedFiles = "workspace/didChangeWatchedFiles";

using Answer = RpcResult (*)(LspRequest& request);

struct Method {
  std::string_view name;
  std::optional<LspFeature> feature;  // nothing: always there
  Answer answer;
};

const std::array<Method, 15> kMethods{{
    {"workspace/symbol", LspFeature::kWorkspaceSymbol, answer_workspace_symbol},
    {"workspaceSymbol/resolve", LspFeature::kWorkspaceSymbol, answer_workspace_symbol_resolve},
    {"textDocument/documentSymbol", LspFeature::kDocumentSymbol, answer_document_symbol},
    {"textDocument/definition", LspFeature::kDefinition, answer_definition},
    {"textDocument/declaration", LspFeature::kDeclaration, answer_declaration},
    {"textDocument/references", LspFeature::kReferences, answer_references},
    {"textDocument/documentHighlight", LspFeature::kDocumentHighlight, answer_document_highlight},
    {"textDocument/hover", LspFeature::kHover, answer_hover},
    {"textDocument/prepareCallHierarchy", LspFeature::kCallHierarchy, answer_prepare_call_hierarchy},
    {"callHierarchy/incomingCalls", LspFeature::kCallHierarchy, answer_incoming_calls},
    {"callHierarchy/outgoingCalls", LspFeature::kCallHierarchy, answer_outgoing_calls},
    {"textDocument/foldingRange", LspFeature::kFoldingRange, answer_folding_range},
    {"textDocument/selectionRange", LspFeature::kSelectionRange, answer_selection_range},
    {"workspace/executeCommand", std::nullopt, answer_execute_command},
    {"repomap/map", std::nullopt, answer_map},
}};

RpcResult refusal(int code, std::string message) { return std::unexpected(RpcError(code, std::move(message))); }

/// Once more if a file has changed between being searched and being read.
RpcResult answer_with(const Method& method, const LspSources& sources, const LspState& state, const Json& params,
                      const RequestContext& context) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    LspRequest request(sources, state, params, context);
    RpcResult result = method.answer(request);
    if (!request.is_outdated()) {
      return result;
    }
  }
  return refusal(lsp_code::kContentModified, "files change faster than they can be looked at");
}

Result<std::string> outcome_of(const RpcResult& result) {
  if (result) {
    return std::string("done");
  }
  return fail(ErrorCode::kIo, result.error().message);
}

/// The directories that "initialize" names, in one of its three ways.
std::vector<std::string> folders_of(const Json& params) {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& uri) {
    if (auto path = path_from_uri(uri)) {
      paths.push_back(std::move(*path));
    }
  };
  if (const Json& folders = lsp_member(params, "workspaceFolders"); folders.is_array()) {
    for (const Json& folder : folders) {
      add(lsp_text_of(folder, "uri"));
    }
  }
  if (paths.empty()) {
    add(lsp_text_of(params, "rootUri"));
  }
  if (const std::string path = lsp_text_of(params, "rootPath"); paths.empty() && path.starts_with('/')) {
    add(uri_from_path(path));
  }
  return paths;
}

std::optional<pid_t> process_of(const Json& params) {
  const auto process = lsp_number(lsp_member(params, "processId"));
  const bool is_one = process && *process > 0 && *process <= std::numeric_limits<pid_t>::max();
  return is_one ? std::optional(static_cast<pid_t>(*process)) : std::nullopt;
}

}  // namespace

LspServer::LspServer(LspPeer& peer, const LspSources& sources, Options options)
    : peer_(peer),
      sources_(sources),
      options_(std::move(options)),
      workspace_(options_.flags),
      indexing_(peer, sources.queries) {}

RpcReply LspServer::on_request(const std::string& method, const Json& /*id*/, Json params) {
  if (phase_ == Phase::kNew) {
    return method == "initialize" ? initialize(params)
                                  : refusal(lsp_code::kNotInitialized, "the server is not initialized yet");
  }
  if (phase_ != Phase::kRunning || method == "initialize") {
    return refusal(rpc_code::kInvalidRequest,
                   phase_ == Phase::kRunning ? "the server is initialized already" : "the server is shut down");
  }
  if (method == "shutdown") {
    phase_ = Phase::kShutDown;
    return RpcResult(Json(nullptr));
  }
  return answer_later(method, std::move(params));
}

RpcReply LspServer::answer_later(const std::string& method, Json params) {
  const auto known = std::ranges::find(kMethods, method, &Method::name);
  if (known == kMethods.end() || (known->feature && !client_->features.contains(*known->feature))) {
    return refusal(rpc_code::kUnknownMethod, fmt::format("there is no method '{}' here", method));
  }
  const LspState state{client_, std::make_shared<const LspWorkspace>(workspace_), documents_.snapshot()};
  return [this, state, known = &*known, params = std::move(params)](const std::atomic<bool>& cancelled) {
    RequestContext context;
    context.cancelled = &cancelled;
    std::shared_ptr<LspProgress> progress;
    if (const Json& token = lsp_member(params, "workDoneToken"); !token.is_null()) {
      progress =
          LspProgress::make(peer_, LspProgress::Token::kOfClient, token, fmt::format("repomap: {}", known->name));
      context.progress = [&progress](std::size_t done, std::size_t total) { progress->report(done, total); };
    }
    RpcResult result = answer_with(*known, sources_, state, params, context);
    if (progress != nullptr) {
      progress->end(cancelled ? Result<std::string>(fail(ErrorCode::kCancelled, "cancelled")) : outcome_of(result));
    }
    return result;
  };
}

RpcResult LspServer::initialize(const Json& params) {
  auto client = lsp_client_from_json(params);
  if (!client) {
    return refusal(rpc_code::kInvalidParams, client.error().message);
  }
  client_ = std::make_shared<const LspClient>(std::move(*client));
  if (const auto process = process_of(params)) {
    peer_.watch_process(*process);
  }
  take_folders(params);
  phase_ = Phase::kRunning;
  Json result;
  result["capabilities"] = lsp_server_capabilities(*client_);
  result["serverInfo"] = Json{{"name", "repomap (syntactic)"}, {"version", options_.version}};
  return result;
}

void LspServer::take_folders(const Json& params) {
  for (const std::string& path : folders_of(params)) {
    workspace_.add(path);
  }
  if (workspace_.folders().empty() && !options_.root.empty()) {
    workspace_.add(options_.root);
  }
}

void LspServer::on_notification(const std::string& method, Json params) {
  if (method == "exit") {
    return exit();
  }
  if (phase_ != Phase::kRunning) {
    return;
  }
  if (method == "$/cancelRequest") {
    peer_.cancel(lsp_member(params, "id"));
  } else if (method == "initialized") {
    start();
  } else if (method == "textDocument/didOpen") {
    documents_.open(params, client_->encoding);
  } else if (method == "textDocument/didChange") {
    if (const Status changed = documents_.change(params, client_->encoding); !changed) {
      log_warning(changed.error().message);
    }
  } else if (method == "textDocument/didClose") {
    documents_.close(params);
  } else if (method == "textDocument/didSave") {
    std::set<std::string> roots;
    hint(lsp_text_of(params, "textDocument.uri"), roots);
  } else if (method == "workspace/didChangeWorkspaceFolders") {
    change_folders(params);
  } else if (method == kWatchedFiles) {
    take_file_hints(params);
  }
}

void LspServer::on_lost_message() {
  if (!documents_.close_all()) {
    return;
  }
  const std::string message =
      "repomap could not read a message, which may have been an edit: until they are opened again, files are looked at "
      "as they are saved";
  log_warning(message);
  peer_.notify("window/showMessage", Json{{"type", kWarningMessage}, {"message", message}});
}

void LspServer::exit() {
  phase_ = phase_ == Phase::kShutDown ? Phase::kEnded : phase_;
  peer_.stop();
}

void LspServer::start() {
  register_watchers();
  index_folders();
}

void LspServer::index_folders() {
  for (const FileSelection& selection : workspace_.folder_selections()) {
    indexing_.index(selection, client_->progress ? LspIndexing::Telling::kProgress : LspIndexing::Telling::kSilent);
  }
}

/// What the client sees change is a hint only: whoever answers watches the files itself, and takes in what was saved
/// before a question.
void LspServer::register_watchers() {
  if (!client_->watches_files) {
    return;
  }
  const auto ignore = [](const RpcResult& answer) {
    if (!answer) {
      log_info(fmt::format("the client does not watch files: {}", answer.error().message));
    }
  };
  const Json registration{{"id", kWatchersId}, {"method", kWatchedFiles}};
  if (std::exchange(has_watchers_, true)) {
    peer_.request("client/unregisterCapability", Json{{"unregisterations", Json::array({registration})}}, ignore);
  }
  Json watchers = Json::array();
  for (const LspFolder& folder : workspace_.folders()) {
    Json pattern = "**/*";
    if (client_->relative_patterns) {
      pattern = Json{{"baseUri", uri_from_path(folder.path)}, {"pattern", "**/*"}};
    }
    watchers.push_back(Json{{"globPattern", std::move(pattern)}});
  }
  Json with_options = registration;
  with_options["registerOptions"]["watchers"] = std::move(watchers);
  peer_.request("client/registerCapability", Json{{"registrations", Json::array({std::move(with_options)})}}, ignore);
}

void LspServer::change_folders(const Json& params) {
  const auto each = [&](std::string_view which, const auto& act) {
    const Json& folders = lsp_member(params, which);
    for (const Json& folder : folders.is_array() ? folders : Json::array()) {
      if (const auto path = path_from_uri(lsp_text_of(folder, "uri"))) {
        act(*path);
      }
    }
  };
  each("event.removed", [&](const std::string& path) { workspace_.remove(path); });
  each("event.added", [&](const std::string& path) { workspace_.add(path); });
  start();
}

void LspServer::take_file_hints(const Json& params) {
  const Json& changes = lsp_member(params, "changes");
  std::set<std::string> roots;
  for (const Json& change : changes.is_array() ? changes : Json::array()) {
    hint(lsp_text_of(change, "uri"), roots);
  }
}

/// That a file has changed; one of each repository is enough.
void LspServer::hint(const std::string& uri, std::set<std::string>& roots) {
  const auto path = path_from_uri(uri);
  const auto file = path ? workspace_.locate(*path) : std::nullopt;
  if (file && roots.insert(file->root).second) {
    indexing_.hint(workspace_.repository(file->root));
  }
}

}  // namespace repomap
