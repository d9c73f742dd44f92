// SPDX-License-Identifier: Apache-2.0
#include "cli/query_router.hpp"

#include <utility>

namespace repomap::cli {

std::shared_ptr<RemoteBackend> QueryRouter::remote() {
  MutexLock lock(mutex_);
  if (!is_decided_ && daemon_ != nullptr) {
    if (auto client = daemon_->connect()) {
      remote_ = std::make_shared<RemoteBackend>(std::move(client), daemon_->fingerprint());
    }
  }
  is_decided_ = true;
  return remote_;
}

void QueryRouter::give_up(const Error& error) {
  daemon_->note_failure(error);
  MutexLock lock(mutex_);
  remote_.reset();
}

template <typename Ask>
auto QueryRouter::ask(const Ask& ask_one) -> decltype(ask_one(std::declval<QueryBackend&>())) {
  if (const auto daemon = remote()) {
    auto answer = ask_one(*daemon);
    if (answer || answer.error().code != ErrorCode::kUnavailable) {
      return answer;
    }
    give_up(answer.error());
  }
  REPOMAP_ASSIGN(Service * service, local_.open());
  return ask_one(*service);
}

Result<MapAnswer> QueryRouter::map(const MapQuery& query, const RequestContext& context) {
  return ask([&](QueryBackend& backend) { return backend.map(query, context); });
}

Result<IndexAnswer> QueryRouter::index(const FileSelection& selection, const RequestContext& context) {
  return ask([&](QueryBackend& backend) { return backend.index(selection, context); });
}

Result<SymbolsAnswer> QueryRouter::symbols(const FileSelection& selection, const SymbolQuery& query,
                                           const RequestContext& context) {
  return ask([&](QueryBackend& backend) { return backend.symbols(selection, query, context); });
}

Result<FileTags> QueryRouter::file_tags(const std::string& root, const std::string& path) {
  return ask([&](QueryBackend& backend) { return backend.file_tags(root, path); });
}

Result<std::string> QueryRouter::tree(const TreeRequest& request) {
  return ask([&](QueryBackend& backend) { return backend.tree(request); });
}

Result<RepositoryMoment> QueryRouter::sync(const FileSelection& selection, const RequestContext& context) {
  return ask([&](QueryBackend& backend) { return backend.sync(selection, context); });
}

}  // namespace repomap::cli
