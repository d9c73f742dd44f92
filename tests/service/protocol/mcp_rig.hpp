// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "service/protocol/mcp_session.hpp"
#include "tests/service/protocol/fake_queries.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {

/// Keeps notifications. Used by one thread.
struct KeptNotifications final : McpChannel {
  std::vector<std::pair<std::string, Json>> all;
  void notify(const std::string& method, Json params) override { all.emplace_back(method, std::move(params)); }
};

/// A conversation without a transport, whose work is done at once.
class McpRig : public testing::Test {
 protected:
  McpRig() {
    tree_.write("src/a.c", "int parse(void);\n");
    tree_.write("src/b.c", "int other(void);\n");
    McpServer::Options options;
    options.version = "1.2.3";
    options.roots.root = tree_.root();
    options.roots.working_directory = "/";
    server_ = std::make_unique<McpServer>(queries_, queries_, std::move(options));
    session_ = std::make_unique<McpSession>(*server_, notes_);
  }

  static Json meta() {
    return {{mcp_key::kProtocolVersion, "2026-07-28"}, {mcp_key::kClientCapabilities, Json::object()}};
  }

  /// The answer to a request of the modern era.
  RpcResult ask(const std::string& method, Json params = Json::object()) {
    params["_meta"].update(meta());
    return ask_plain(method, std::move(params));
  }

  /// The answer to a request as it is.
  RpcResult ask_plain(const std::string& method, Json params = Json::object()) {
    McpReply reply = session_->on_request(method, 5, std::move(params), notes_);
    if (auto* work = std::get_if<RpcWork>(&reply)) {
      return (*work)(cancelled_);
    }
    if (auto* listen = std::get_if<McpListen>(&reply)) {
      subscription_ = listen->open();
      return Json();
    }
    return std::get<RpcResult>(reply);
  }

  RpcResult initialize(const std::string& version) {
    return ask_plain("initialize", {{"protocolVersion", version},
                                    {"capabilities", Json::object()},
                                    {"clientInfo", {{"name", "t"}, {"version", "1"}}}});
  }

  Json call(const std::string& tool, Json arguments = Json::object()) {
    const RpcResult result = ask("tools/call", {{"name", tool}, {"arguments", std::move(arguments)}});
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return result.value_or(Json::object());
  }

  std::string text(const std::string& tool, Json arguments = Json::object()) {
    return call(tool, std::move(arguments))["content"][0]["text"];
  }

  /// What a call that must fail says.
  std::string failure(const std::string& tool, Json arguments) {
    const Json result = call(tool, std::move(arguments));
    EXPECT_EQ(result["isError"], true) << result;
    return result["content"][0]["text"];
  }

  SymbolHit hit(const std::string& name, Role role = Role::kDefinition) {
    SymbolHit made;
    made.path = "src/a.c";
    made.name = name;
    made.signature = "int " + name + "(void) {";
    made.language = "c";
    made.role = role;
    made.kind = role == Role::kDefinition ? SymbolKind::kFunction : SymbolKind::kCall;
    made.line = 6;
    return made;
  }

  TemporaryTree tree_;
  FakeQueries queries_;
  std::shared_ptr<KeptNotifications> notes_ = std::make_shared<KeptNotifications>();
  std::atomic<bool> cancelled_ = false;
  std::unique_ptr<McpServer> server_;
  std::unique_ptr<McpSession> session_;
  std::unique_ptr<McpSubscription> subscription_;
};

}  // namespace repomap
