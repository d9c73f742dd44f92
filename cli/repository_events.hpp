// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "cli/daemon_pool.hpp"
#include "core/base/job_queue.hpp"
#include "core/base/mutex.hpp"
#include "service/event_source.hpp"
#include "service/service_registry.hpp"

namespace repomap::cli {

/// What happens to repositories, as the daemon tells it over a connection of its own, or the services of this process
/// where there is no daemon. Its threads run from the first subscription on. After a connection has broken every
/// subscriber is told that everything may have changed; so are those of a repository that was unloaded, as nobody
/// watches it until the next question. Borrows the pool and the registry. Thread-safe.
class RepositoryEvents final : public EventSource {
 public:
  RepositoryEvents(DaemonPool& daemons, ServiceRegistry& services);
  ~RepositoryEvents() override;
  RepositoryEvents(const RepositoryEvents&) = delete;
  RepositoryEvents& operator=(const RepositoryEvents&) = delete;

  std::uint64_t subscribe(const std::string& root, EventSink sink) override EXCLUDES(mutex_);
  void unsubscribe(std::uint64_t subscription) override EXCLUDES(mutex_);

 private:
  struct Subscriber {
    std::string root;
    EventSink sink;
  };

  void listen();
  Status listen_to_daemon(DaemonClient& client);
  void keep_up_to_date(const std::string& root);
  void keep_up_to_date_here(const std::string& root);
  void set_listening(DaemonClient* client) EXCLUDES(mutex_);
  void listen_here() EXCLUDES(mutex_);
  void pause() EXCLUDES(mutex_);
  void take(const RepositoryEvent& event) EXCLUDES(mutex_);
  void tell(const RepositoryEvent& event) EXCLUDES(mutex_);
  void tell_of_everything(const std::string& root) EXCLUDES(mutex_);
  void begin_to_listen() EXCLUDES(mutex_);

  DaemonPool& daemons_;
  ServiceRegistry& services_;
  std::atomic<bool> is_ending_ = false;
  std::atomic<bool> is_listening_here_ = false;  // to the services of this process, for good
  bool has_listened_ = false;                    // to anybody yet; used by the thread that listens

  Mutex mutex_;  // held while sinks are called, so that none is called after it has unsubscribed
  CondVar changed_;
  DaemonClient* listening_ GUARDED_BY(mutex_) = nullptr;  // the connection that the thread waits for
  std::map<std::uint64_t, Subscriber> subscribers_ GUARDED_BY(mutex_);
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;

  std::unique_ptr<JobQueue> threads_ GUARDED_BY(mutex_);  // one listens, one has repositories loaded; null at first
};

}  // namespace repomap::cli
