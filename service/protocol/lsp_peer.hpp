// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "service/protocol/json_value.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// The client, as an LSP server sees it. Thread-safe.
class LspPeer {
 public:
  using AnswerSink = std::function<void(RpcResult answer)>;

  virtual ~LspPeer() = default;

  virtual void notify(const std::string& method, Json params) = 0;

  /// Asks the client. `on_answer` is called once, on the thread that reads messages.
  virtual void request(const std::string& method, Json params, AnswerSink on_answer) = 0;

  /// Cancels the client's request of that id, if it is under way.
  virtual void cancel(const Json& id) = 0;

  /// Ends the conversation when this process ends.
  virtual void watch_process(pid_t process) = 0;

  /// Ends the conversation.
  virtual void stop() = 0;
};

}  // namespace repomap
