// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "service/protocol/rpc_session.hpp"

namespace repomap {

struct RpcServerSettings {
  SessionLimits session;
  std::size_t connections = 256;  ///< open at once
  uid_t user = geteuid();         ///< whose processes may connect
  std::size_t query_threads = 0;  ///< 0: one for each processor, at least 4
  std::size_t waiting_threads = 16;
  std::size_t waiting_jobs = 4096;  ///< requests of one lane that may wait for a thread
};

/// Answers requests on sockets by a table of methods (JSON-RPC 2.0, one message a line: docs/PROTOCOL.md).
///
/// Used by the thread that runs the io_context, or by the one that owns it before and after. Owns its sockets and the
/// threads that answer; the destructor closes everything, cancels what is under way and waits for it. Borrows the
/// io_context and the metrics. Processes of other users are refused (unix(7), SO_PEERCRED).
class RpcServer final : private RpcHost {
 public:
  using Acceptor =
      boost::asio::basic_socket_acceptor<boost::asio::local::stream_protocol, boost::asio::io_context::executor_type>;

  RpcServer(boost::asio::io_context& io, RpcMethodTable methods, const RpcServerSettings& settings,
            RequestMetrics& metrics);
  ~RpcServer() override;
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  /// Accepts connections on a bound and listening socket, which it then owns.
  Status listen(int socket);

  /// Serves one connected socket, which it then owns.
  Status serve(int socket);

  /// What becomes of requests that are under way.
  enum class Ending : std::uint8_t { kAnswer, kCancel };

  /// Accepts nothing more, answers what is under way, and closes. `on_ended` is called when no connection is left. May
  /// be called again: kCancel after kAnswer cancels what is still under way.
  void end(Ending ending, std::function<void()> on_ended);

  /// Closes all connections, answered or not.
  void close();

  std::size_t connections() const { return sessions_.size(); }

  /// Called when the first connection opens and when the last closes, with their number.
  void on_connections(std::function<void(std::size_t connections)> listener) { listener_ = std::move(listener); }

  /// Runs a job by the threads of kControl.
  Status run_control(JobQueue::Job job) { return control_.add(std::move(job)); }

 private:
  struct Listener;

  boost::asio::io_context& io() override { return io_; }
  const SessionLimits& session_limits() const override { return settings_.session; }
  RequestMetrics& metrics() override { return metrics_; }
  const RpcMethod* find_method(const std::string& name) const override;
  Status run(RpcLane lane, JobQueue::Job job) override;
  std::span<char> read_buffer() override { return buffer_; }
  void session_rests(RpcSession& session) override;
  void session_closed(RpcSession& session) override;

  void accept(const std::shared_ptr<Listener>& listener);
  void accept_later(const std::shared_ptr<Listener>& listener);
  void open_session(LocalSocket socket);
  void tell_connections();

  boost::asio::io_context& io_;
  const RpcMethodTable methods_;
  const RpcServerSettings settings_;
  RequestMetrics& metrics_;

  std::vector<char> buffer_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::set<std::shared_ptr<RpcSession>> sessions_;
  std::function<void(std::size_t)> listener_;
  std::function<void()> on_ended_;
  bool is_ending_ = false;

  // Have synchronisation of their own; stopped before what their jobs use is destroyed.
  JobQueue control_;
  JobQueue query_;
  JobQueue waiting_;
};

}  // namespace repomap
