// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "cli/daemon_access.hpp"
#include "cli/local_service.hpp"
#include "core/base/mutex.hpp"
#include "service/protocol/remote_backend.hpp"
#include "service/query_backend.hpp"

namespace repomap::cli {

/// Has questions answered by the daemon, and by the service of this process where there is none, or where it cannot
/// answer. Asks neither before there is a question. Borrows both; `daemon` may be null. Thread-safe.
class QueryRouter final : public QueryBackend {
 public:
  QueryRouter(LocalService& local, DaemonAccess* daemon) : local_(local), daemon_(daemon) {}

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override;
  Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) override;
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override;
  Result<FileTags> file_tags(const std::string& root, const std::string& path) override;
  Result<std::string> tree(const TreeRequest& request) override;
  Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) override;

 private:
  template <typename Ask>
  auto ask(const Ask& ask_one) -> decltype(ask_one(std::declval<QueryBackend&>()));
  std::shared_ptr<RemoteBackend> remote() EXCLUDES(mutex_);
  void give_up(const Error& error) EXCLUDES(mutex_);

  LocalService& local_;
  DaemonAccess* const daemon_;
  Mutex mutex_;
  std::shared_ptr<RemoteBackend> remote_ GUARDED_BY(mutex_);
  bool is_decided_ GUARDED_BY(mutex_) = false;  // whether there is a daemon to ask
};

}  // namespace repomap::cli
