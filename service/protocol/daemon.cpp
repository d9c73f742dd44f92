// SPDX-License-Identifier: Apache-2.0
//
// Everything here runs on the one thread of the io_context; what may block (settings, the state of repositories) is a
// job of the server's control threads, whose outcome is posted back.
#include "service/protocol/daemon.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "core/base/log.hpp"
#include "service/protocol/daemon_lock.hpp"
#include "service/protocol/daemon_metrics.hpp"
#include "service/protocol/daemon_socket.hpp"
#include "service/protocol/daemon_status.hpp"
#include "service/protocol/metrics_http.hpp"
#include "service/protocol/rpc_methods.hpp"
#include "service/protocol/rpc_server.hpp"
#include "service/protocol/service_manager.hpp"
#include "service/versions.hpp"

namespace repomap {
namespace {

constexpr std::chrono::milliseconds kDrainTime{600};   // for requests that are to be answered
constexpr std::chrono::milliseconds kCancelTime{300};  // for those that were told to end
constexpr std::chrono::milliseconds kBusyPause{10'000};

class Daemon {
 public:
  Daemon(const DaemonOptions& options, ServiceRegistry& registry)
      : options_(options),
        registry_(registry),
        start_(std::chrono::steady_clock::now()),
        methods_(registry, controls()),
        server_(io_, methods_.table(), {}, metrics_),
        end_signals_(io_),
        reload_signal_(io_),
        idle_timer_(io_),
        end_timer_(io_) {}

  Status start(int socket);
  void run() { io_.run(); }

 private:
  DaemonControls controls();
  DaemonStatus status() const;

  void serve_metrics();
  void deliver_metrics(MetricsHttp::Deliver deliver);
  void wait_for_end_signal();
  void wait_for_reload_signal();
  void run_aside(std::function<void()> job);

  void connections_changed(std::size_t connections);
  void await_idleness(std::chrono::milliseconds duration);
  void look_for_work();

  void end(ShutdownMode mode);
  void cancel_and_end();
  void finish();

  const DaemonOptions& options_;
  ServiceRegistry& registry_;
  const std::chrono::steady_clock::time_point start_;
  RequestMetrics metrics_;
  boost::asio::io_context io_{1};  // outlives whoever posts to it
  RpcMethods methods_;
  RpcServer server_;
  boost::asio::signal_set end_signals_;
  boost::asio::signal_set reload_signal_;
  boost::asio::steady_timer idle_timer_;
  boost::asio::steady_timer end_timer_;
  std::unique_ptr<MetricsHttp> metrics_http_;  // null: not wanted
  bool is_ending_ = false;
};

DaemonControls Daemon::controls() {
  return {
      .status = [this] { return status(); },
      .metrics_text = [this](const StatusAnswer& answer) { return daemon_metrics_text(metrics_.snapshot(), answer); },
      .shutdown = [this](ShutdownMode mode) { boost::asio::post(io_, [this, mode] { end(mode); }); }};
}

DaemonStatus Daemon::status() const {
  const RequestMetrics::Snapshot counted = metrics_.snapshot();
  return {.pid = static_cast<std::uint64_t>(getpid()),
          .version = std::string(program_version()),
          .build = build_id(),
          .uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_),
          .connections = counted.connections,
          .requests = counted.answered,
          .rss_bytes = resident_bytes(),
          .idle_exit = std::chrono::duration_cast<std::chrono::seconds>(options_.idle_exit)};
}

Status Daemon::start(int socket) {
  REPOMAP_TRY(server_.listen(socket));
  for (const auto& [signals, signal] :
       {std::pair(&end_signals_, SIGTERM), std::pair(&end_signals_, SIGINT), std::pair(&reload_signal_, SIGHUP)}) {
    boost::system::error_code error;
    if (signals->add(signal, error)) {
      return std::unexpected(errno_error(error.value(), "handling signals"));
    }
  }
  wait_for_end_signal();
  wait_for_reload_signal();
  server_.on_connections([this](std::size_t connections) { connections_changed(connections); });
  await_idleness(options_.idle_exit);
  serve_metrics();
  run_aside([this] {
    if (const Status resumed = registry_.resume(); !resumed) {
      log_warning(fmt::format("what was not finished to index is left for later: {}", resumed.error().message));
    }
  });
  return {};
}

/// A port that cannot be had is no reason to answer nothing at all.
void Daemon::serve_metrics() {
  if (options_.metrics_port == 0) {
    return;
  }
  auto opened = MetricsHttp::listen(io_, options_.metrics_port,
                                    [this](MetricsHttp::Deliver deliver) { deliver_metrics(std::move(deliver)); });
  if (opened) {
    metrics_http_ = std::move(*opened);
  } else {
    log_warning(opened.error().message);
  }
}

void Daemon::deliver_metrics(MetricsHttp::Deliver deliver) {
  run_aside([this, deliver = std::move(deliver)]() mutable {
    std::string text = daemon_metrics_text(metrics_.snapshot(), methods_.status());
    // Moved all the way, since it belongs to the thread of the io_context.
    boost::asio::post(io_,
                      [deliver = std::move(deliver), text = std::move(text)]() mutable { deliver(std::move(text)); });
  });
}

void Daemon::run_aside(std::function<void()> job) {
  if (const Status added = server_.run_control(std::move(job)); !added) {
    log_warning(added.error().message);
  }
}

void Daemon::wait_for_end_signal() {
  end_signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) {
      end(ShutdownMode::kAtOnce);
      wait_for_end_signal();
    }
  });
}

void Daemon::wait_for_reload_signal() {
  reload_signal_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) {
      run_aside([this] { registry_.reload(); });
      wait_for_reload_signal();
    }
  });
}

void Daemon::connections_changed(std::size_t connections) {
  if (connections == 0) {
    await_idleness(options_.idle_exit);
  } else {
    idle_timer_.cancel();
  }
}

void Daemon::await_idleness(std::chrono::milliseconds duration) {
  if (options_.idle_exit.count() == 0) {
    return;
  }
  idle_timer_.expires_after(duration);
  idle_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error && server_.connections() == 0) {
      look_for_work();
    }
  });
}

/// An index that has been begun is brought to its end first.
void Daemon::look_for_work() {
  run_aside([this] {
    const ServiceStatus now = status_of_all(registry_.services());
    const bool is_busy = std::ranges::any_of(
        now.repositories, [](const RepositoryStatus& one) { return one.pending > 0 || one.queued > 0; });
    boost::asio::post(io_, [this, is_busy] {
      if (server_.connections() > 0) {
        return;  // whoever closes the last one begins anew
      }
      if (is_busy) {
        await_idleness(std::min(options_.idle_exit, kBusyPause));
      } else {
        end(ShutdownMode::kAtOnce);
      }
    });
  });
}

void Daemon::end(ShutdownMode mode) {
  if (std::exchange(is_ending_, true)) {
    cancel_and_end();
    return;
  }
  notify_service_manager("STOPPING=1");
  idle_timer_.cancel();
  metrics_http_.reset();
  if (mode == ShutdownMode::kAtOnce) {
    cancel_and_end();
    return;
  }
  end_timer_.expires_after(kDrainTime);
  end_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      cancel_and_end();
    }
  });
  server_.end(RpcServer::Ending::kAnswer, [this] { finish(); });
}

void Daemon::cancel_and_end() {
  end_timer_.expires_after(kCancelTime);
  end_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      finish();
    }
  });
  server_.end(RpcServer::Ending::kCancel, [this] { finish(); });
}

void Daemon::finish() {
  end_timer_.cancel();
  server_.close();
  io_.stop();
}

}  // namespace

Result<int> run_daemon(const DaemonOptions& options, ServiceRegistry& registry) {
  REPOMAP_TRY(ensure_daemon_directory(options.address));
  REPOMAP_ASSIGN(const DaemonLock lock, DaemonLock::acquire(options.address.lock));
  REPOMAP_ASSIGN(DaemonSocket socket, DaemonSocket::is_handed_over() ? DaemonSocket::take_over()
                                                                     : DaemonSocket::bind(options.address.socket));
  // Each update frees what another thread has allocated: with an arena for each thread they all keep the most they had.
  static_cast<void>(::mallopt(M_ARENA_MAX, 2));
  std::signal(SIGPIPE, SIG_IGN);  // the log may be a pipe whose reader has gone
  Daemon daemon(options, registry);
  REPOMAP_TRY(daemon.start(socket.release()));
  notify_service_manager("READY=1");
  if (options.on_ready) {
    options.on_ready();
  }
  daemon.run();
  return 0;
}

}  // namespace repomap
