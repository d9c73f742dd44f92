// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "core/base/job_queue.hpp"
#include "service/protocol/rpc_server.hpp"
#include "tests/service/protocol/line_client.hpp"

namespace repomap {

/// A server with a thread of its own that runs it, until the end of the scope.
class RunningServer {
 public:
  explicit RunningServer(RpcMethodTable methods, const RpcServerSettings& settings = {})
      : server_(std::in_place, io_, std::move(methods), settings, metrics_) {
    runner_.emplace("test-io", 1, 1);
    static_cast<void>(runner_->add([this] { io_.run(); }));
  }
  ~RunningServer() {
    run([this] { server_->close(); });
    guard_.reset();
    runner_.reset();
    server_.reset();
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void connect(std::optional<LineClient>& client) {
    const int socket = LineClient::connected_pair(client);
    static_cast<void>(server_->serve(socket));
  }

  /// Runs a function on the thread of the server, and waits for it.
  void run(const std::function<void()>& function) {
    Mutex mutex;
    CondVar changed;
    bool is_done = false;
    boost::asio::post(io_, [&] {
      function();
      MutexLock lock(mutex);
      is_done = true;
      changed.notify_all();
    });
    MutexLock lock(mutex);
    while (!is_done) {
      changed.wait(mutex);
    }
  }

  RpcServer& server() { return *server_; }
  RequestMetrics& metrics() { return metrics_; }

 private:
  RequestMetrics metrics_;
  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard_{std::in_place,
                                                                                                 io_.get_executor()};
  std::optional<RpcServer> server_;
  std::optional<JobQueue> runner_;
};

}  // namespace repomap
