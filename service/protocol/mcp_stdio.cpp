// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_stdio.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

#include "service/protocol/rpc_endpoint.hpp"

namespace repomap {
namespace {

// A stream of notifications keeps a thread as long as it lasts; so many others are left for work.
constexpr std::size_t kStreams = 8;
constexpr std::size_t kWorkers = 4;

RpcEndpoint::Options endpoint_options() {
  RpcEndpoint::Options options;
  options.format = RpcEndpoint::Format::kLines;
  options.cancelled = RpcEndpoint::CancelledRequest::kDropped;
  options.message_bytes = std::size_t{8} << 20;
  options.threads = kStreams + kWorkers;
  options.name = "mcp";
  return options;
}

class StdioConversation final : public RpcHandler {
 public:
  StdioConversation(McpServer& server, StdioChannel& channel)
      : notifications_(std::make_shared<Notifications>()),
        session_(server, notifications_),
        endpoint_(channel, *this, endpoint_options()) {
    notifications_->endpoint = &endpoint_;
  }

  Status run() { return endpoint_.run(); }

  RpcReply on_request(const std::string& method, const Json& id, Json params) override {
    McpReply reply = session_.on_request(method, id, std::move(params), notifications_);
    if (auto* listen = std::get_if<McpListen>(&reply)) {
      return stream(std::move(*listen));
    }
    if (auto* work = std::get_if<RpcWork>(&reply)) {
      return std::move(*work);
    }
    return std::get<RpcResult>(std::move(reply));
  }

  void on_notification(const std::string& method, Json params) override {
    if (method == "notifications/cancelled" && params.is_object() && params.contains("requestId")) {
      endpoint_.cancel(params["requestId"]);
    }
  }

 private:
  /// Set once, before there are requests.
  struct Notifications final : McpChannel {
    RpcEndpoint* endpoint = nullptr;
    void notify(const std::string& method, Json params) override { endpoint->notify(method, std::move(params)); }
  };

  RpcReply stream(McpListen listen) {
    // Given back also if the work is never begun.
    const std::shared_ptr<void> place(nullptr, [this](void*) { --streams_; });
    if (streams_.fetch_add(1) >= kStreams) {
      return RpcResult(std::unexpect, rpc_code::kInternal, "too many subscriptions at once; cancel one first");
    }
    return RpcWork([place, listen = std::move(listen)](const std::atomic<bool>& cancelled) -> RpcResult {
      const auto subscription = listen.open();
      cancelled.wait(false);
      return std::unexpected(RpcError(Error{ErrorCode::kCancelled, "cancelled"}));
    });
  }

  const std::shared_ptr<Notifications> notifications_;
  McpSession session_;
  std::atomic<std::size_t> streams_ = 0;
  RpcEndpoint endpoint_;  // the last member: its threads use the others
};

}  // namespace

Status serve_mcp_stdio(McpServer& server, StdioChannel& channel) { return StdioConversation(server, channel).run(); }

}  // namespace repomap
