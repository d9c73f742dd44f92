// SPDX-License-Identifier: Apache-2.0
#include "cli/server_queries.hpp"

#include <utility>

#include "cli/daemon_pool.hpp"
#include "cli/repository_events.hpp"
#include "service/repository_root.hpp"
#include "service/resource_paths.hpp"
#include "service/service_registry.hpp"

namespace repomap::cli {

struct ServerQueries::State {
  explicit State(const Settings& settings)
      : daemons(settings), services(find_resources(), settings.daemon.live), events(daemons, services) {}

  DaemonPool daemons;
  ServiceRegistry services;  // of this process; opens none before one is needed
  RepositoryEvents events;   // the last member: its threads use the others
};

ServerQueries::ServerQueries(const Settings& settings) : state_(std::make_unique<State>(settings)) {}

ServerQueries::~ServerQueries() = default;

/// A connection that was kept may have broken meanwhile, so one that fails is followed by a fresh one.
template <typename Ask>
auto ServerQueries::ask(const std::string& root, const Ask& ask_one)
    -> decltype(ask_one(std::declval<QueryBackend&>())) {
  constexpr int kTries = 2;
  for (int i = 0; i < kTries; ++i) {
    auto daemon = state_->daemons.take();
    if (!daemon) {
      break;
    }
    auto answer = ask_one(**daemon);
    if (answer || answer.error().code != ErrorCode::kUnavailable) {
      if (answer || answer.error().code != ErrorCode::kCancelled) {
        state_->daemons.give_back(std::move(*daemon));
      }
      return answer;
    }
  }
  REPOMAP_ASSIGN(const std::string exact, find_repository_root(root, RootSearch::kExact));
  REPOMAP_ASSIGN(const ServiceRegistry::Entry entry, state_->services.get(exact));
  return ask_one(*entry.service);
}

Result<MapAnswer> ServerQueries::map(const MapQuery& query, const RequestContext& context) {
  return ask(query.selection.root, [&](QueryBackend& backend) { return backend.map(query, context); });
}

Result<IndexAnswer> ServerQueries::index(const FileSelection& selection, const RequestContext& context) {
  return ask(selection.root, [&](QueryBackend& backend) { return backend.index(selection, context); });
}

Result<SymbolsAnswer> ServerQueries::symbols(const FileSelection& selection, const SymbolQuery& query,
                                             const RequestContext& context) {
  return ask(selection.root, [&](QueryBackend& backend) { return backend.symbols(selection, query, context); });
}

Result<FileTags> ServerQueries::file_tags(const std::string& root, const std::string& path) {
  return ask(root, [&](QueryBackend& backend) { return backend.file_tags(root, path); });
}

Result<std::string> ServerQueries::tree(const TreeRequest& request) {
  return ask(request.root, [&](QueryBackend& backend) { return backend.tree(request); });
}

Result<RepositoryMoment> ServerQueries::sync(const FileSelection& selection, const RequestContext& context) {
  return ask(selection.root, [&](QueryBackend& backend) { return backend.sync(selection, context); });
}

std::uint64_t ServerQueries::subscribe(const std::string& root, EventSink sink) {
  return state_->events.subscribe(root, std::move(sink));
}

void ServerQueries::unsubscribe(std::uint64_t subscription) { state_->events.unsubscribe(subscription); }

}  // namespace repomap::cli
