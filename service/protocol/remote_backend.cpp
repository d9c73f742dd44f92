// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/remote_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "service/protocol/answer_json.hpp"
#include "service/protocol/request_json.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap {
namespace {

RequestTerms terms_of(const RequestContext& context, const std::string& settings) {
  RequestTerms terms;
  terms.settings = settings;
  terms.min_generation = context.min_generation;
  terms.completeness = context.completeness;
  terms.progress = context.progress ? ProgressPolicy::kNotify : ProgressPolicy::kSilent;
  if (context.deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*context.deadline - std::chrono::steady_clock::now());
    terms.deadline = std::max(left, std::chrono::milliseconds(0));
  }
  return terms;
}

void pass_progress(const RequestContext& context, const std::string& method, const Json& params) {
  if (method != "$/progress" || !context.progress) {
    return;
  }
  if (const auto report = progress_from_json(params)) {
    context.progress(report->done, report->total);
  }
}

/// An answer that cannot be read is none.
template <typename T>
Result<T> understood(Result<T> answer) {
  if (!answer) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("the daemon's answer is not understood: {}", answer.error().message));
  }
  return answer;
}

}  // namespace

Result<Json> RemoteBackend::ask(const std::string& method, Json params, const RequestContext& context) {
  add_terms(params, terms_of(context, settings_));
  DaemonClient::Wait wait;
  wait.cancelled = context.cancelled;
  wait.on_notification = [&context](const std::string& name, const Json& values) {
    pass_progress(context, name, values);
  };
  MutexLock lock(mutex_);
  auto answer = client_->call(method, std::move(params), wait);
  if (!answer && answer.error().code == ErrorCode::kLimitExceeded && !context.deadline) {
    // It may be a limit of the connection, which a service in this process has not.
    answer.error().code = ErrorCode::kUnavailable;
  }
  return answer;
}

Result<MapAnswer> RemoteBackend::map(const MapQuery& query, const RequestContext& context) {
  REPOMAP_ASSIGN(const Json answer, ask("map", to_params(query), context));
  return understood(map_answer_from_json(answer));
}

Result<IndexAnswer> RemoteBackend::index(const FileSelection& selection, const RequestContext& context) {
  REPOMAP_ASSIGN(const Json answer, ask("index", to_params(selection), context));
  return understood(index_answer_from_json(answer));
}

Result<SymbolsAnswer> RemoteBackend::symbols(const FileSelection& selection, const SymbolQuery& query,
                                             const RequestContext& context) {
  REPOMAP_ASSIGN(const Json answer, ask("symbols", to_params(SymbolsRequest{selection, query}), context));
  return understood(symbols_answer_from_json(answer));
}

Result<FileTags> RemoteBackend::file_tags(const std::string& root, const std::string& path) {
  REPOMAP_ASSIGN(const Json answer, ask("outline", to_params(OutlineRequest{root, path}), {}));
  return understood(outline_from_json(answer));
}

Result<std::string> RemoteBackend::tree(const TreeRequest& request) {
  REPOMAP_ASSIGN(const Json answer, ask("tree", to_params(request), {}));
  return understood(tree_from_json(answer));
}

Result<RepositoryMoment> RemoteBackend::sync(const FileSelection& selection, const RequestContext& context) {
  REPOMAP_ASSIGN(const Json answer, ask("sync", to_params(selection), context));
  return understood(moment_from_json(answer));
}

}  // namespace repomap
