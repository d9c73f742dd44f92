// SPDX-License-Identifier: Apache-2.0
#include "cli/server_queries.hpp"

#include <chrono>
#include <map>
#include <utility>

#include "cli/daemon_pool.hpp"
#include "cli/repository_events.hpp"
#include "core/base/mutex.hpp"
#include "service/protocol/remote_backend.hpp"
#include "service/repository_root.hpp"
#include "service/resource_paths.hpp"
#include "service/service_registry.hpp"

namespace repomap::cli {

struct ServerQueries::State {
  explicit State(const Settings& settings)
      : daemons(settings), services(find_resources(), settings.daemon.live), events(daemons, services) {}

  /// Whether the daemon is asked for a repository.
  bool may_ask_daemon(const std::string& root) EXCLUDES(mutex) {
    MutexLock lock(mutex);
    const auto found = here_until.find(root);
    return found == here_until.end() || std::chrono::steady_clock::now() >= found->second;
  }

  /// The daemon cannot answer for a repository, as when it has other settings for it.
  void answer_here_for_a_while(const std::string& root) EXCLUDES(mutex) {
    MutexLock lock(mutex);
    here_until[root] = std::chrono::steady_clock::now() + DaemonPool::kPause;
  }

  Mutex mutex;
  std::map<std::string, std::chrono::steady_clock::time_point> here_until GUARDED_BY(mutex);  // by root
  const ResourcePaths resources = find_resources();
  DaemonPool daemons;
  ServiceRegistry services;  // of this process; opens none before one is needed
  RepositoryEvents events;   // the last member: its threads use the others
};

ServerQueries::ServerQueries(const Settings& settings) : state_(std::make_unique<State>(settings)) {}

ServerQueries::~ServerQueries() = default;

/// The fingerprint of the settings that this process has for a repository; "" if they cannot be read, which whoever
/// answers will say.
std::string ServerQueries::fingerprint(const std::string& root) const {
  const auto loaded = load_settings(root, {});
  return loaded ? settings_fingerprint(loaded->settings, state_->resources) : "";
}

/// A connection that was kept may have broken meanwhile, and all that are kept with it, so one that fails is followed
/// by a new one.
template <typename Ask>
auto ServerQueries::ask(const std::string& root, const Ask& ask_one)
    -> decltype(ask_one(std::declval<QueryBackend&>())) {
  REPOMAP_ASSIGN(const std::string exact, find_repository_root(root, RootSearch::kExact));
  for (int tries_left = state_->may_ask_daemon(exact) ? 2 : 0; tries_left > 0; --tries_left) {
    auto client = tries_left == 2 ? state_->daemons.take() : state_->daemons.connect();
    if (!client) {
      break;
    }
    RemoteBackend daemon(std::move(*client), fingerprint(exact));
    auto answer = ask_one(daemon);
    if (answer || answer.error().code != ErrorCode::kUnavailable) {
      if (answer || answer.error().code != ErrorCode::kCancelled) {
        state_->daemons.give_back(daemon.release());
      }
      return answer;
    }
    state_->daemons.drop_idle();
    if (tries_left == 1) {
      state_->answer_here_for_a_while(exact);
    }
  }
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
