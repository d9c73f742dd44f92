// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "service/event_source.hpp"
#include "service/query_backend.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// What a server that a client has started (`repomap mcp`, `repomap lsp`) answers from: the daemon, which it starts if
/// none runs, and connects to again if it ends; where the settings want none, or it cannot be had, services in this
/// process, which watch as the daemon does; so also for a repository for which the daemon has other settings.
/// Repositories of any root; the settings of each are its own. Asks neither before there is a question, so it is made
/// at once. Several questions are answered at the same time. Thread-safe.
class ServerQueries final : public QueryBackend, public EventSource {
 public:
  explicit ServerQueries(const Settings& settings);
  ~ServerQueries() override;

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override;
  Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) override;
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override;
  Result<FileTags> file_tags(const std::string& root, const std::string& path) override;
  Result<std::string> tree(const TreeRequest& request) override;
  Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) override;

  std::uint64_t subscribe(const std::string& root, EventSink sink) override;
  void unsubscribe(std::uint64_t subscription) override;

 private:
  struct State;
  std::string fingerprint(const std::string& root) const;
  template <typename Ask>
  auto ask(const std::string& root, const Ask& ask_one) -> decltype(ask_one(std::declval<QueryBackend&>()));

  const std::unique_ptr<State> state_;
};

}  // namespace repomap::cli
