// SPDX-License-Identifier: Apache-2.0
//
// Any message as an agent may send it, in a conversation that has begun in either era: every answer can be written as
// one line of JSON, and whatever a tool says is valid UTF-8.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "service/protocol/mcp_session.hpp"
#include "service/protocol/rpc_message.hpp"
#include "tests/service/protocol/fake_queries.hpp"

namespace repomap {
namespace {

struct Silence final : McpChannel {
  void notify(const std::string& method, Json params) override { notification_line(method, std::move(params)); }
};

void check_line(const std::string& line) {
  if (line.find('\n') != line.size() - 1 || line.find("\"base64\":") != std::string::npos) {
    std::abort();
  }
}

void take(McpSession& session, const RpcRequest& request) {
  const std::atomic<bool> cancelled = false;
  McpReply reply = session.on_request(request.method, request.id, request.params, std::make_shared<Silence>());
  RpcResult result = Json::object();
  if (auto* work = std::get_if<RpcWork>(&reply)) {
    result = (*work)(cancelled);
  } else if (auto* listen = std::get_if<McpListen>(&reply)) {
    listen->open();
  } else {
    result = std::get<RpcResult>(reply);
  }
  check_line(result ? result_line(request.id, *result) : error_line(request.id, result.error()));
}

/// One message a line; its parameters are also the arguments of each tool, and what a call says of itself.
void converse(std::string_view text) {
  static FakeQueries queries;
  McpServer::Options options;
  options.roots.root = "/usr";
  McpServer server(queries, queries, options);
  McpSession session(server, std::make_shared<Silence>());
  take(session, {1, "initialize", {{"protocolVersion", "2025-11-25"}}});
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (const auto request = parse_request(line)) {
      take(session, *request);
      for (const char* tool : {"repo_map", "find_symbol", "file_outline", "references", "index_status"}) {
        take(session, {2, "tools/call", {{"name", tool}, {"arguments", request->params}}});
      }
      take(session, {3, "tools/call", {{"name", "index_status"}, {"_meta", request->params}}});
    }
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::converse({reinterpret_cast<const char*>(data), size});
  return 0;
}
