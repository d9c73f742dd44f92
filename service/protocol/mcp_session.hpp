// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/mutex.hpp"
#include "service/event_source.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_channel.hpp"
#include "service/protocol/mcp_roots.hpp"
#include "service/protocol/mcp_subscription.hpp"
#include "service/protocol/mcp_tools.hpp"
#include "service/protocol/mcp_version.hpp"
#include "service/protocol/rpc_endpoint.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// What a server of the Model Context Protocol offers, the same to every client. Borrows the backend and the events.
/// Thread-safe.
class McpServer {
 public:
  struct Options {
    std::string version;  ///< of the program
    McpRootSettings roots;
    McpMapSettings maps;
  };

  McpServer(QueryBackend& backend, EventSource& events, Options options)
      : version_(std::move(options.version)),
        events_(events),
        roots_(std::move(options.roots)),
        tools_(backend, roots_, options.maps) {}

  const std::string& version() const { return version_; }
  EventSource& events() { return events_; }
  McpRoots& roots() { return roots_; }
  const McpTools& tools() const { return tools_; }

 private:
  const std::string version_;
  EventSource& events_;
  McpRoots roots_;
  const McpTools tools_;
};

/// A request that is not answered before its end: notifications come in its place. `open` begins them, and may wait;
/// they end with what it gives.
struct McpListen {
  std::function<std::unique_ptr<McpSubscription>()> open;
};

/// An answer, the work that will give it, or a stream of notifications.
using McpReply = std::variant<RpcResult, RpcWork, McpListen>;

/// One conversation with a client, of either era: legacy clients say "initialize" first, modern ones say with each
/// request all that it needs, and both may alternate. A stateless request is a conversation of its own. Borrows the
/// server. Requests come from one thread at a time; the work of replies may run on any, as long as the session lives.
class McpSession {
 public:
  /// `updates` takes what legacy clients have subscribed to.
  McpSession(McpServer& server, std::shared_ptr<McpChannel> updates) : server_(server), updates_(std::move(updates)) {}

  /// `channel` takes the notifications that belong to this request.
  McpReply on_request(const std::string& method, const Json& id, Json params,
                      const std::shared_ptr<McpChannel>& channel);

 private:
  struct Request;
  using Method = McpReply (McpSession::*)(Request&&);

  std::expected<McpVersion, RpcError> version_of(const std::string& method, const Json& params) const;
  static Method method_of(const std::string& name, McpVersion version);

  McpReply initialize(const Json& params);
  McpReply discover(Request&& request);
  McpReply ping(Request&& request);
  McpReply list_tools(Request&& request);
  McpReply call_tool(Request&& request);
  McpReply list_resources(Request&& request);
  McpReply list_templates(Request&& request);
  McpReply read_resource(Request&& request);
  McpReply subscribe(Request&& request);
  McpReply unsubscribe(Request&& request);
  McpReply listen(Request&& request);

  RpcResult add_subscription(const std::string& uri) EXCLUDES(mutex_);
  Json server_info(McpVersion version) const;
  Json finished(McpVersion version, Json result) const;

  McpServer& server_;
  const std::shared_ptr<McpChannel> updates_;
  std::optional<McpVersion> legacy_;  // as agreed by "initialize"

  Mutex mutex_;
  std::map<std::string, std::unique_ptr<McpSubscription>> subscriptions_ GUARDED_BY(mutex_);  // by URI
};

}  // namespace repomap
