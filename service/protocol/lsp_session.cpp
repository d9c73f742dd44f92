// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_session.hpp"

#include <optional>
#include <utility>

namespace repomap {
namespace {

/// The client at the other end of an endpoint. The endpoint needs its handler first, which needs the client.
class EndpointPeer final : public LspPeer {
 public:
  explicit EndpointPeer(StdioChannel& channel) : channel_(channel) {}

  /// REQUIRES: called before the first message is read.
  void connect(RpcEndpoint& endpoint) { endpoint_ = &endpoint; }

  void notify(const std::string& method, Json params) override { endpoint_->notify(method, std::move(params)); }
  void request(const std::string& method, Json params, AnswerSink on_answer) override {
    endpoint_->request(method, std::move(params), std::move(on_answer));
  }
  void cancel(const Json& id) override { endpoint_->cancel(id); }
  void watch_process(pid_t process) override { channel_.watch_process(process); }
  void stop() override { channel_.stop(); }

 private:
  StdioChannel& channel_;
  RpcEndpoint* endpoint_ = nullptr;
};

}  // namespace

Result<LspEnd> run_lsp(StdioChannel& channel, const LspSources& sources, const LspServer::Options& options) {
  EndpointPeer peer(channel);
  std::optional<RpcEndpoint> endpoint;
  LspServer server(peer, sources, options);
  RpcEndpoint::Options terms;
  terms.format = RpcEndpoint::Format::kContentLength;
  terms.cancelled = RpcEndpoint::CancelledRequest::kAnswered;
  terms.name = "lsp";
  endpoint.emplace(channel, server, terms);
  peer.connect(*endpoint);
  REPOMAP_TRY(endpoint->run());
  return server.has_ended_well() ? LspEnd::kWell : LspEnd::kAbrupt;
}

}  // namespace repomap
