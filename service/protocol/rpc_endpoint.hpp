// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/job_queue.hpp"
#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/rpc_error.hpp"
#include "service/protocol/stdio_channel.hpp"

namespace repomap {

/// Work that answers a request, on a thread of the endpoint. `cancelled` is set once the client no longer wants the
/// answer.
using RpcWork = std::function<RpcResult(const std::atomic<bool>& cancelled)>;

/// An answer, or the work that will give it.
using RpcReply = std::variant<RpcResult, RpcWork>;

/// What a server does about messages. Called on the thread that reads, one message after the other in their order, so
/// it must not wait: what takes time goes into an RpcWork, with what it needs of the state as of the request.
class RpcHandler {
 public:
  virtual ~RpcHandler() = default;

  /// `params` is an object, an array, or null where there are none.
  virtual RpcReply on_request(const std::string& method, const Json& id, Json params) = 0;
  virtual void on_notification(const std::string& method, Json params) = 0;

  /// A message was refused of which nobody can say what it was: whatever it told has not been heard.
  virtual void on_lost_message() {}
};

/// One side of a conversation in JSON-RPC 2.0 (https://www.jsonrpc.org/specification) over a channel: finds the
/// messages, hands them to the handler in their order, has work done by threads of its own, and sends the answers as
/// they come. Both sides may ask. Batches are refused; so are messages that are no JSON, which cost an error and not
/// the conversation.
///
/// Borrows the channel and the handler. run() belongs to one thread, all else to any.
class RpcEndpoint {
 public:
  /// How messages are told apart.
  enum class Format : std::uint8_t {
    kLines,          ///< one a line: MCP's stdio transport
    kContentLength,  ///< behind a header: LSP's base protocol
  };

  /// What becomes of a request that the client has cancelled.
  enum class CancelledRequest : std::uint8_t {
    kAnswered,  ///< by an error of code kCancelled, as LSP has it
    kDropped,   ///< by nothing, as MCP has it
  };

  struct Options {
    Format format = Format::kLines;
    CancelledRequest cancelled = CancelledRequest::kAnswered;
    std::size_t message_bytes = std::size_t{64} << 20;  ///< of one message to us
    std::size_t requests = 256;                         ///< under way at once, besides which more are refused
    std::size_t threads = 4;
    std::string name = "rpc";  ///< of the threads
  };

  RpcEndpoint(StdioChannel& channel, RpcHandler& handler, Options options);
  ~RpcEndpoint();
  RpcEndpoint(const RpcEndpoint&) = delete;
  RpcEndpoint& operator=(const RpcEndpoint&) = delete;

  /// Reads and answers until the input ends or stop() is called; then cancels what is under way, and waits for it.
  /// Errors: kIo; kInvalidArgument for input in which no messages can be found any more.
  Status run();

  void stop() { channel_.stop(); }

  void notify(const std::string& method, Json params);

  /// Asks the other side. `on_answer` is called once, on the thread that reads, or with kUnavailable at the end.
  using AnswerSink = std::function<void(RpcResult answer)>;
  void request(const std::string& method, Json params, AnswerSink on_answer) EXCLUDES(mutex_);

  /// Cancels the request of that id, if it is under way.
  void cancel(const Json& id) EXCLUDES(mutex_);

 private:
  class Framing;
  struct Request {
    Json id;
    std::atomic<bool> cancelled = false;
  };

  Status take_messages();
  void refuse(const Json& id, RpcError error);
  void take(std::string_view text);
  void take_request(const Json& id, const std::string& method, Json params);
  void take_answer(Json message) EXCLUDES(mutex_);
  void perform(const std::shared_ptr<Request>& request, const RpcWork& work);
  void answer(const Json& id, const RpcResult& result);
  void send(const Json& message);
  std::shared_ptr<Request> begin(const Json& id) EXCLUDES(mutex_);
  void end(const std::string& key) EXCLUDES(mutex_);
  void end_all() EXCLUDES(mutex_);

  // Fixed after construction.
  StdioChannel& channel_;
  RpcHandler& handler_;
  const Options options_;

  const std::unique_ptr<Framing> framing_;  // used by run()

  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Request>> requests_ GUARDED_BY(mutex_);  // of the client, by the text of the id
  std::map<std::int64_t, AnswerSink> asked_ GUARDED_BY(mutex_);                  // of ours
  std::int64_t last_id_ GUARDED_BY(mutex_) = 0;

  JobQueue jobs_;  // the last member: its threads use the others
};

}  // namespace repomap
