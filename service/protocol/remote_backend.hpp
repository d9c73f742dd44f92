// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/base/mutex.hpp"
#include "service/protocol/daemon_client.hpp"
#include "service/query_backend.hpp"

namespace repomap {

/// The daemon as one who answers questions. It is asked for whole answers, under settings of which the fingerprint is
/// that of this process; then they are those of a service here. Thread-safe: one request at a time, others wait.
/// Errors of every method, besides those of QueryBackend: kUnavailable where a service in this process may still answer
/// (DaemonClient::call()).
class RemoteBackend final : public QueryBackend {
 public:
  /// `settings` is settings_fingerprint().
  RemoteBackend(std::unique_ptr<DaemonClient> client, std::string settings)
      : settings_(std::move(settings)), client_(std::move(client)) {}

  /// The connection, for another use. REQUIRES: no request is under way, and none follows.
  std::unique_ptr<DaemonClient> release() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return std::move(client_);
  }

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override;
  Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) override;
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override;

  /// Of the tags it gives the definitions, of the rest what outline_document() holds.
  Result<FileTags> file_tags(const std::string& root, const std::string& path) override;
  Result<std::string> tree(const TreeRequest& request) override;
  Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) override;

 private:
  Result<Json> ask(const std::string& method, Json params, const RequestContext& context) EXCLUDES(mutex_);

  const std::string settings_;
  Mutex mutex_;
  std::unique_ptr<DaemonClient> client_ GUARDED_BY(mutex_);  // held while it waits: an answer is for who asked
};

}  // namespace repomap
