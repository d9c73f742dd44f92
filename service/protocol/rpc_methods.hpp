// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "service/protocol/event_subscriptions.hpp"
#include "service/protocol/request_json.hpp"
#include "service/protocol/rpc_method.hpp"
#include "service/protocol/status_json.hpp"
#include "service/service_registry.hpp"

namespace repomap {

/// What the methods ask of the daemon that they belong to. The functions are called from several threads.
struct DaemonControls {
  std::function<DaemonStatus()> status;
  std::function<std::string(const StatusAnswer&)> metrics_text;
  std::function<void(ShutdownMode)> shutdown;  ///< returns at once
};

/// The methods of the daemon (docs/PROTOCOL.md): each turns its parameters into a call of a service, and what that
/// gives into JSON. Borrows the registry, and outlives whoever holds the table. Thread-safe.
class RpcMethods {
 public:
  RpcMethods(ServiceRegistry& registry, DaemonControls controls);
  ~RpcMethods();
  RpcMethods(const RpcMethods&) = delete;
  RpcMethods& operator=(const RpcMethods&) = delete;

  /// REQUIRES: before any of the methods is called.
  RpcMethodTable table();

  /// The answer to `status` for all repositories.
  StatusAnswer status() const;

 private:
  struct Target;
  using FoundTarget = std::expected<Target, RpcError>;

  FoundTarget find_target(const RpcCall& call) const;

  RpcResult hello(const RpcCall& call) const;
  RpcResult map(const RpcCall& call) const;
  RpcResult symbols(const RpcCall& call) const;
  RpcResult named_symbols(const RpcCall& call, Role role) const;
  RpcResult outline(const RpcCall& call) const;
  RpcResult tree(const RpcCall& call) const;
  RpcResult tags(const RpcCall& call) const;
  RpcResult index(const RpcCall& call) const;
  RpcResult sync(const RpcCall& call) const;
  RpcResult invalidate(const RpcCall& call) const;
  RpcResult warm(const RpcCall& call) const;
  RpcResult status_of(const RpcCall& call) const;
  RpcResult metrics(const RpcCall& call) const;
  RpcResult subscribe(const RpcCall& call);
  RpcResult unsubscribe(const RpcCall& call);
  RpcResult reload(const RpcCall& call) const;
  RpcResult shutdown(const RpcCall& call) const;

  ServiceRegistry& registry_;
  const DaemonControls controls_;
  std::vector<std::string> names_;  // of all methods; set by table()
  EventSubscriptions subscriptions_;
  std::uint64_t events_ = 0;  // our subscription at the registry
};

}  // namespace repomap
