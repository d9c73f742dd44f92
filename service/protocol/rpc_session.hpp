// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/job_queue.hpp"
#include "core/base/result.hpp"
#include "service/protocol/line_writer.hpp"
#include "service/protocol/message_framing.hpp"
#include "service/protocol/request_metrics.hpp"
#include "service/protocol/rpc_message.hpp"
#include "service/protocol/rpc_method.hpp"

namespace repomap {

class RpcSession;

/// What one connection may use up.
struct SessionLimits {
  std::size_t requests = 64;  ///< under way at once
  std::size_t message_bytes = std::size_t{16} << 20;
  LineWriter::Limits output;
};

/// What a session needs of its server.
class RpcHost {
 public:
  virtual ~RpcHost() = default;

  virtual boost::asio::io_context& io() = 0;
  virtual const SessionLimits& session_limits() const = 0;
  virtual RequestMetrics& metrics() = 0;

  /// Null if there is no such method.
  virtual const RpcMethod* find_method(const std::string& name) const = 0;

  /// Has a job run by the threads of a lane. Errors: kBusy, kUnavailable.
  virtual Status run(RpcLane lane, JobQueue::Job job) = 0;

  /// Room for what a session reads, until it returns to the io_context.
  virtual std::span<char> read_buffer() = 0;

  /// A session has answered all that it was asked.
  virtual void session_rests(RpcSession& session) = 0;

  /// A session has ended, and will not use its host any more but for the jobs that it has run.
  virtual void session_closed(RpcSession& session) = 0;
};

/// One connection: reads requests, has each answered by a thread of the host, and writes the answers as they come.
///
/// Used by the thread that runs the io_context, but for notify(). Borrows the host, which outlives its jobs and every
/// session that is open. What goes wrong with a message is answered; what goes wrong with the connection ends it, and
/// cancels its requests.
class RpcSession final : public RpcPeer, public std::enable_shared_from_this<RpcSession> {
 public:
  RpcSession(LocalSocket socket, RpcHost& host);
  ~RpcSession() override;

  void start();

  /// Tells the peer why it is not served, in place of start().
  void refuse(const Error& error);

  void notify(const std::string& method, Json params) override;

  /// From now on requests are refused (kUnavailable).
  void refuse_requests() { is_refusing_ = true; }

  /// Tells all requests that are under way to end, but for those of kControl, which end at once anyhow: the one that
  /// ends the server is answered.
  void cancel_requests();

  void close();
  bool is_open() const { return !is_closed_; }

  /// Nothing is under way and nothing waits to be written.
  bool is_at_rest() const { return requests_.empty() && !is_parsing_ && writer_.is_empty(); }

 private:
  struct Request;
  struct UnderWay;
  using Parsed = std::expected<RpcRequest, RpcRefusal>;
  using Admitted = std::expected<std::shared_ptr<Request>, RpcError>;

  void wait_for_input();
  void read();
  void end_input();
  void take_frames();
  void take(MessageFraming::Frame frame);
  void parse_elsewhere(std::string text);
  void take(Parsed parsed);
  void begin(RpcRequest request);
  Admitted admit(RpcRequest request);
  void execute(const std::shared_ptr<const Request>& request);
  void finish(const Request& request, std::string line);
  void limit_time(const std::shared_ptr<Request>& request);
  void give_up(const Request& request);
  void cancel(const Json& params);
  void answer(const Json& id, const RpcError& error);
  void send(std::string line);
  void rest();

  // Fixed after construction.
  RpcHost& host_;

  // Used by the thread that runs the io_context.
  LocalSocket socket_;
  MessageFraming framing_;
  std::map<std::string, UnderWay> requests_;  // by the text of their id
  std::size_t notifications_ = 0;             // so far, to give each a key of its own
  bool is_parsing_ = false;                   // a message, on another thread; no other is taken
  bool is_input_over_ = false;
  bool is_refusing_ = false;

  // With synchronisation of its own.
  std::atomic<bool> is_closed_ = false;
  LineWriter writer_;
};

}  // namespace repomap
