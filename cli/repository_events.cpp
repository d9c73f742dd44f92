// SPDX-License-Identifier: Apache-2.0
#include "cli/repository_events.hpp"

#include <chrono>
#include <set>
#include <utility>

#include "core/base/log.hpp"
#include "service/file_selection.hpp"
#include "service/protocol/remote_backend.hpp"
#include "service/protocol/status_json.hpp"
#include "service/repository_root.hpp"

namespace repomap::cli {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr std::size_t kWaitingRoots = 1024;

}  // namespace

RepositoryEvents::RepositoryEvents(DaemonPool& daemons, ServiceRegistry& services)
    : daemons_(daemons), services_(services) {}

RepositoryEvents::~RepositoryEvents() {
  std::unique_ptr<JobQueue> threads;
  {
    MutexLock lock(mutex_);
    is_ending_ = true;
    threads = std::move(threads_);
    if (listening_ != nullptr) {
      listening_->interrupt();
    }
  }
  changed_.notify_all();
}

std::uint64_t RepositoryEvents::subscribe(const std::string& root, EventSink sink) {
  MutexLock lock(mutex_);
  subscribers_.emplace(++last_, Subscriber{root, std::move(sink)});
  if (threads_) {
    static_cast<void>(threads_->add([this, root] { keep_up_to_date(root); }));
  } else {
    threads_ = std::make_unique<JobQueue>("events", 2, kWaitingRoots);
    static_cast<void>(threads_->add([this] { listen(); }));
  }
  return last_;
}

void RepositoryEvents::unsubscribe(std::uint64_t subscription) {
  MutexLock lock(mutex_);
  subscribers_.erase(subscription);
}

/// Asked once, whoever answers keeps watching. A daemon is asked over a new connection: one that was kept may lead to
/// a daemon that has ended. Where none is to be had, nobody listens to one for long.
void RepositoryEvents::keep_up_to_date(const std::string& root) {
  RequestContext context;
  context.cancelled = &is_ending_;
  context.completeness = Completeness::kPartial;
  const FileSelection selection{root, {}};
  if (is_listening_here_) {
    keep_up_to_date_here(root);
    return;
  }
  if (auto client = daemons_.connect()) {
    RemoteBackend daemon(std::move(*client), "");
    if (daemon.sync(selection, context)) {
      daemons_.give_back(daemon.release());
    }
  }
}

void RepositoryEvents::keep_up_to_date_here(const std::string& root) {
  if (const auto exact = find_repository_root(root, RootSearch::kExact)) {
    if (const auto entry = services_.get(*exact)) {
      entry->service->warm({*exact, {}});
    }
  }
}

void RepositoryEvents::listen() {
  while (!is_ending_) {
    auto client = daemons_.connect();
    if (!client) {
      listen_here();
      return;
    }
    set_listening(client->get());
    const Status ended = listen_to_daemon(**client);
    set_listening(nullptr);
    daemons_.drop_idle();
    if (!is_ending_) {
      log_info(ended.error().message);
      pause();
    }
  }
}

void RepositoryEvents::set_listening(DaemonClient* client) {
  MutexLock lock(mutex_);
  listening_ = client;
  if (client != nullptr && is_ending_) {
    client->interrupt();
  }
}

/// Until the connection or this object ends: always an error, of DaemonClient.
Status RepositoryEvents::listen_to_daemon(DaemonClient& client) {
  DaemonClient::Wait wait;
  wait.on_notification = [this](const std::string& method, const Json& params) {
    if (const auto event = event_from_json(method, params)) {
      take(*event);
    }
  };
  REPOMAP_TRY(client.call("subscribe", Json::object(), wait));
  begin_to_listen();
  while (true) {
    REPOMAP_ASSIGN(const auto notification, client.next_notification(wait));
    if (!notification) {
      continue;
    }
    if (const auto event = event_from_json(notification->method, notification->params)) {
      take(*event);
    }
  }
}

/// From the services of this process, until this object ends.
void RepositoryEvents::listen_here() {
  const std::uint64_t subscription = services_.subscribe([this](const RepositoryEvent& event) { take(event); });
  is_listening_here_ = true;
  begin_to_listen();
  {
    MutexLock lock(mutex_);
    while (!is_ending_) {
      changed_.wait(mutex_);
    }
  }
  services_.unsubscribe(subscription);
}

void RepositoryEvents::pause() {
  MutexLock lock(mutex_);
  if (!is_ending_) {
    changed_.wait_for(mutex_, kPause);
  }
}

void RepositoryEvents::take(const RepositoryEvent& event) {
  if (event.kind == RepositoryEvent::Kind::kUnloaded) {
    tell_of_everything(event.root);
  } else {
    tell(event);
  }
}

void RepositoryEvents::tell(const RepositoryEvent& event) {
  MutexLock lock(mutex_);
  for (const auto& [number, subscriber] : subscribers_) {
    if (subscriber.root == event.root) {
      subscriber.sink(event);
    }
  }
}

void RepositoryEvents::tell_of_everything(const std::string& root) {
  RepositoryEvent event;
  event.root = root;
  event.paths = {""};
  tell(event);
}

/// Whoever is listened to has to load the repositories. What happened since somebody else was, nobody knows.
void RepositoryEvents::begin_to_listen() {
  std::set<std::string> roots;
  {
    MutexLock lock(mutex_);
    for (const auto& [number, subscriber] : subscribers_) {
      roots.insert(subscriber.root);
    }
  }
  for (const std::string& root : roots) {
    keep_up_to_date(root);
    if (has_listened_) {
      tell_of_everything(root);
    }
  }
  has_listened_ = true;
}

}  // namespace repomap::cli
