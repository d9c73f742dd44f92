// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/task_pool.hpp"

namespace repomap {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
constexpr std::size_t kControlThreads = 2;
constexpr std::size_t kMinQueryThreads = 4;
constexpr std::chrono::milliseconds kAcceptPause{100};

/// Nothing for a socket that cannot tell.
std::optional<uid_t> user_of_peer(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  return credentials.uid;
}

std::size_t query_threads(const RpcServerSettings& settings) {
  return settings.query_threads > 0 ? settings.query_threads
                                    : std::max(kMinQueryThreads, TaskPool::available_processors());
}

Error boost_error(const boost::system::error_code& error, std::string_view what) {
  return errno_error(error.value(), what);
}

}  // namespace

struct RpcServer::Listener {
  explicit Listener(boost::asio::io_context& io) : acceptor(io), pause(io) {}

  Acceptor acceptor;
  boost::asio::steady_timer pause;
};

RpcServer::RpcServer(boost::asio::io_context& io, RpcMethodTable methods, const RpcServerSettings& settings,
                     RequestMetrics& metrics)
    : io_(io),
      methods_(std::move(methods)),
      settings_(settings),
      metrics_(metrics),
      buffer_(kReadBytes),
      control_("rpc-control", kControlThreads, settings.waiting_jobs),
      query_("rpc-query", query_threads(settings), settings.waiting_jobs),
      waiting_("rpc-wait", settings.waiting_threads, settings.waiting_jobs) {}

RpcServer::~RpcServer() {
  listener_ = nullptr;
  on_ended_ = nullptr;
  close();
  for (JobQueue* const lane : {&control_, &query_, &waiting_}) {
    lane->stop(WaitingJobs::kDrop);
  }
}

Status RpcServer::listen(int socket) {
  auto listener = std::make_shared<Listener>(io_);
  boost::system::error_code error;
  static_cast<void>(listener->acceptor.assign(boost::asio::local::stream_protocol(), socket, error));
  if (error) {
    return std::unexpected(boost_error(error, "listening socket"));
  }
  listeners_.push_back(listener);
  accept(listener);
  return {};
}

Status RpcServer::serve(int socket) {
  LocalSocket connected(io_);
  boost::system::error_code error;
  static_cast<void>(connected.assign(boost::asio::local::stream_protocol(), socket, error));
  if (error) {
    return std::unexpected(boost_error(error, "connected socket"));
  }
  boost::asio::post(io_, [this, connected = std::move(connected)]() mutable { open_session(std::move(connected)); });
  return {};
}

void RpcServer::accept(const std::shared_ptr<Listener>& listener) {
  listener->acceptor.async_accept([this, listener](const boost::system::error_code& error, LocalSocket socket) {
    if (error == boost::asio::error::operation_aborted || !listener->acceptor.is_open()) {
      return;
    }
    if (error) {
      log_warning(fmt::format("cannot accept a connection: {}", error.message()));
      accept_later(listener);
      return;
    }
    open_session(std::move(socket));
    accept(listener);
  });
}

/// Out of descriptors, say: the connection stays in the queue, and trying again at once would only burn time.
void RpcServer::accept_later(const std::shared_ptr<Listener>& listener) {
  listener->pause.expires_after(kAcceptPause);
  listener->pause.async_wait([this, listener](const boost::system::error_code& error) {
    if (!error && listener->acceptor.is_open()) {
      accept(listener);
    }
  });
}

void RpcServer::open_session(LocalSocket socket) {
  const auto user = user_of_peer(socket.native_handle());
  if (is_ending_ || !user || *user != settings_.user) {
    metrics_.refused(is_ending_ ? "ending" : "other_user");
    return;
  }
  RpcHost& host = *this;
  auto session = std::make_shared<RpcSession>(std::move(socket), host);
  metrics_.connection_opened();
  sessions_.insert(session);
  if (sessions_.size() > settings_.connections) {
    metrics_.refused("too_many_connections");
    session->refuse(
        Error{ErrorCode::kBusy, fmt::format("{} connections are open, as many as may be", settings_.connections)});
    return;
  }
  if (sessions_.size() == 1) {
    tell_connections();
  }
  session->start();
}

void RpcServer::tell_connections() {
  if (listener_) {
    listener_(sessions_.size());
  }
}

const RpcMethod* RpcServer::find_method(const std::string& name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

Status RpcServer::run(RpcLane lane, JobQueue::Job job) {
  switch (lane) {
    case RpcLane::kControl: return control_.add(std::move(job));
    case RpcLane::kQuery: return query_.add(std::move(job));
    case RpcLane::kWaiting: break;
  }
  return waiting_.add(std::move(job));
}

void RpcServer::session_rests(RpcSession& session) {
  if (is_ending_) {
    session.close();
  }
}

void RpcServer::session_closed(RpcSession& session) {
  if (sessions_.erase(session.shared_from_this()) == 0) {
    return;
  }
  metrics_.connection_closed();
  if (!sessions_.empty()) {
    return;
  }
  tell_connections();
  if (is_ending_ && on_ended_) {
    std::exchange(on_ended_, nullptr)();
  }
}

void RpcServer::end(Ending ending, std::function<void()> on_ended) {
  is_ending_ = true;
  on_ended_ = std::move(on_ended);
  for (const auto& listener : listeners_) {
    boost::system::error_code ignored;
    static_cast<void>(listener->acceptor.close(ignored));
    static_cast<void>(listener->pause.cancel(ignored));
  }
  const auto sessions = sessions_;
  for (const auto& session : sessions) {
    session->refuse_requests();
    if (ending == Ending::kCancel) {
      session->cancel_requests();
    }
    if (session->is_at_rest()) {
      session->close();
    }
  }
  if (sessions_.empty() && on_ended_) {
    std::exchange(on_ended_, nullptr)();
  }
}

void RpcServer::close() {
  end(Ending::kCancel, std::move(on_ended_));
  const auto sessions = sessions_;
  for (const auto& session : sessions) {
    session->close();
  }
}

}  // namespace repomap
