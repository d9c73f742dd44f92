// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "service/protocol/json_value.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// The other side of a connection, as those see it that answer its requests. Thread-safe.
class RpcPeer {
 public:
  virtual ~RpcPeer() = default;

  /// Sends a notification. Returns at once; if the connection has ended, nothing happens.
  virtual void notify(const std::string& method, Json params) = 0;
};

/// One request. Borrows `cancelled` for the length of the call.
struct RpcCall {
  Json id;      ///< null: a notification, which is not answered
  Json params;  ///< always an object
  std::shared_ptr<RpcPeer> peer;
  const std::atomic<bool>* cancelled = nullptr;
  std::chrono::steady_clock::time_point received;
};

/// Which threads a request is answered by, so that those that take long do not keep the others waiting.
enum class RpcLane : std::uint8_t {
  kControl,  ///< at once, from what is in memory
  kQuery,    ///< by work
  kWaiting,  ///< when something has happened
};

/// How requests of one name are answered. The functions are called from several threads at once.
struct RpcMethod {
  std::function<RpcResult(const RpcCall& call)> handler;
  std::function<RpcLane(const Json& params)> lane;
  /// How long after its arrival a request is answered at the latest: then with kLimitExceeded, though it may still wait
  /// for a thread. Nothing if it may take as long as it takes.
  std::function<std::optional<std::chrono::milliseconds>(const Json& params)> deadline = {};
};

using RpcMethodTable = std::map<std::string, RpcMethod, std::less<>>;

}  // namespace repomap
