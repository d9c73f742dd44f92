// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/protocol/mcp_resources.hpp"
#include "service/protocol/mcp_tool_schemas.hpp"
#include "tests/service/protocol/mcp_rig.hpp"

namespace repomap {
namespace {

using McpSessionTest = McpRig;

TEST_F(McpSessionTest, AnswersDiscoverAsTheModernEraHasIt) {
  const Json result = ask("server/discover").value();
  EXPECT_EQ(result["resultType"], "complete");
  EXPECT_EQ(result["supportedVersions"],
            Json::parse(R"(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])"));
  EXPECT_EQ(result["capabilities"], Json::parse(R"({"tools": {}, "resources": {"subscribe": true}})"));
  EXPECT_EQ(result["cacheScope"], "public");
  EXPECT_GE(result["ttlMs"].get<int>(), 0);
  EXPECT_EQ(result["_meta"][mcp_key::kServerInfo]["version"], "1.2.3");
}

TEST_F(McpSessionTest, AgreesOnTheClientsLegacyRevisionOrOffersTheLatest) {
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    EXPECT_EQ(initialize(version).value()["protocolVersion"], version);
  }
  for (const char* version : {"2026-07-28", "1999-01-01", ""}) {
    EXPECT_EQ(initialize(version).value()["protocolVersion"], "2025-11-25") << version;
  }
  EXPECT_EQ(ask_plain("initialize").error().code, rpc_code::kInvalidParams);
}

TEST_F(McpSessionTest, RefusesModernRequestsThatDoNotSayWhatTheyNeed) {
  const std::vector<std::string> metas{
      R"({})",
      R"({"io.modelcontextprotocol/clientCapabilities": {}})",
      R"({"io.modelcontextprotocol/protocolVersion": "2026-07-28"})",
      R"({"io.modelcontextprotocol/protocolVersion": 7, "io.modelcontextprotocol/clientCapabilities": {}})",
      R"({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": []})",
      R"({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
          "io.modelcontextprotocol/clientInfo": {"name": "x"}})"};
  for (const std::string& meta : metas) {
    const RpcResult result = ask_plain("tools/list", {{"_meta", Json::parse(meta)}});
    ASSERT_FALSE(result.has_value()) << meta;
    EXPECT_EQ(result.error().code, rpc_code::kInvalidParams) << meta;
  }
  EXPECT_EQ(ask_plain("tools/list").error().code, rpc_code::kInvalidParams);
  EXPECT_EQ(ask_plain("tools/list", Json::array()).error().code, rpc_code::kInvalidParams);
}

TEST_F(McpSessionTest, RefusesAMetaThatIsNoObject) {
  ASSERT_TRUE(initialize("2025-06-18").has_value());
  for (const char* meta : {"[]", "[1]", "\"x\"", "7", "true"}) {
    const RpcResult result = ask_plain("tools/call", {{"name", "index_status"}, {"_meta", Json::parse(meta)}});
    ASSERT_FALSE(result.has_value()) << meta;
    EXPECT_EQ(result.error().code, rpc_code::kInvalidParams) << meta;
  }
  for (const char* meta : {"null", "{}", R"({"progressToken": []})"}) {
    EXPECT_TRUE(ask_plain("tools/call", {{"name", "index_status"}, {"_meta", Json::parse(meta)}}).has_value()) << meta;
  }
}

TEST_F(McpSessionTest, NamesTheRevisionsThatItSpeaksToWhoAsksForAnother) {
  for (const char* version : {"1900-01-01", "2025-11-25"}) {
    Json said = meta();
    said[mcp_key::kProtocolVersion] = version;
    const RpcResult result = ask_plain("server/discover", {{"_meta", said}});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, -32022);
    const Json error = to_json(result.error());
    EXPECT_EQ(error["data"]["requested"], version);
    EXPECT_EQ(error["data"]["supported"][0], "2026-07-28");
  }
}

TEST_F(McpSessionTest, KeepsTheErasApart) {
  EXPECT_EQ(ask("ping").error().code, rpc_code::kUnknownMethod);
  EXPECT_EQ(ask("resources/subscribe", {{"uri", "x"}}).error().code, rpc_code::kUnknownMethod);
  EXPECT_EQ(ask("logging/setLevel").error().code, rpc_code::kUnknownMethod);
  EXPECT_TRUE(ask_plain("ping").has_value());
  ASSERT_TRUE(initialize("2025-06-18").has_value());
  EXPECT_EQ(ask_plain("server/discover").error().code, rpc_code::kInvalidParams);
  EXPECT_EQ(ask_plain("prompts/list").error().code, rpc_code::kUnknownMethod);
  EXPECT_FALSE(ask_plain("tools/list").value().contains("resultType"));
  EXPECT_EQ(ask("tools/list").value()["resultType"], "complete") << "modern requests go on beside";
}

TEST_F(McpSessionTest, TellsOldRevisionsNothingThatTheyDoNotKnow) {
  queries_.hits = {hit("parse")};
  const Json call = {{"name", "find_symbol"}, {"arguments", {{"name", "parse"}}}};
  ASSERT_TRUE(initialize("2024-11-05").has_value());
  for (const Json& tool : ask_plain("tools/list").value()["tools"]) {
    EXPECT_FALSE(tool.contains("annotations") || tool.contains("outputSchema") || tool.contains("title")) << tool;
  }
  EXPECT_FALSE(ask_plain("tools/call", call).value().contains("structuredContent"));
  ASSERT_TRUE(initialize("2025-03-26").has_value());
  EXPECT_TRUE(ask_plain("tools/list").value()["tools"][0].contains("annotations"));
  ASSERT_TRUE(initialize("2025-06-18").has_value());
  EXPECT_TRUE(ask_plain("tools/call", call).value().contains("structuredContent"));
}

TEST_F(McpSessionTest, ListsTheSameToolsToEveryone) {
  const Json first = ask("tools/list").value();
  ASSERT_EQ(first["tools"].size(), 5U);
  EXPECT_EQ(first.dump(), ask("tools/list").value().dump());
  for (const Json& tool : first["tools"]) {
    EXPECT_LT(tool["description"].get<std::string>().size(), 2048U);
    EXPECT_EQ(tool["inputSchema"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(tool["annotations"]["readOnlyHint"], true);
    EXPECT_EQ(tool["annotations"]["openWorldHint"], false);
    EXPECT_TRUE(tool["inputSchema"]["properties"].contains("project_root"));
  }
  EXPECT_LT(mcp_instructions().size(), 2048U);
  EXPECT_EQ(ask("tools/list", {{"cursor", "next"}}).error().code, rpc_code::kInvalidParams);
}

TEST_F(McpSessionTest, AnswersAnUnknownToolWithTheNearest) {
  const RpcResult result = ask("tools/call", {{"name", "find_symbols"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, rpc_code::kInvalidParams);
  EXPECT_NE(result.error().message.find("find_symbol\"?"), std::string::npos) << result.error().message;
  EXPECT_EQ(ask("tools/call").error().code, rpc_code::kInvalidParams);
}

TEST_F(McpSessionTest, GivesTheMapAsAResource) {
  const Json listed = ask("resources/list").value();
  ASSERT_EQ(listed["resources"].size(), 1U);
  const std::string uri = listed["resources"][0]["uri"];
  const Json read = ask("resources/read", {{"uri", uri}}).value();
  EXPECT_EQ(read["contents"][0]["uri"], uri);
  EXPECT_NE(read["contents"][0]["text"].get<std::string>().find("int parse"), std::string::npos);
  EXPECT_EQ(read["cacheScope"], "private");
  EXPECT_EQ(ask("resources/templates/list").value()["resourceTemplates"].size(), 1U);
  for (const char* unknown : {"repomap://other-123/map", "repomap:///map", "file:///etc/passwd", ""}) {
    EXPECT_EQ(ask("resources/read", {{"uri", unknown}}).error().code, rpc_code::kInvalidParams) << unknown;
  }
}

TEST_F(McpSessionTest, AcknowledgesASubscriptionBeforeItTellsOfChanges) {
  const std::string uri = ask("resources/list").value()["resources"][0]["uri"];
  const Json wanted = {{"resourceSubscriptions", {uri, "repomap://other/map"}}, {"toolsListChanged", true}};
  ASSERT_TRUE(ask("subscriptions/listen", {{"notifications", wanted}}).has_value());
  queries_.change(8);
  queries_.change(8);
  queries_.change(9);
  ASSERT_EQ(notes_->all.size(), 3U) << "one of each generation";
  EXPECT_EQ(notes_->all[0].first, "notifications/subscriptions/acknowledged");
  EXPECT_EQ(notes_->all[0].second["notifications"], (Json{{"resourceSubscriptions", Json::array({uri})}}));
  for (const auto& [method, params] : notes_->all) {
    EXPECT_EQ(params["_meta"][mcp_key::kSubscriptionId], 5) << method;
  }
  EXPECT_EQ(notes_->all[1].first, "notifications/resources/updated");
  EXPECT_EQ(notes_->all[1].second["uri"], uri);
  subscription_.reset();
  queries_.change(10);
  EXPECT_EQ(notes_->all.size(), 3U);
}

TEST_F(McpSessionTest, RefusesFiltersThatAreNone) {
  for (const char* params : {R"({})", R"({"notifications": []})", R"({"notifications": {"resourceSubscriptions": 7}})",
                             R"({"notifications": {"resourceSubscriptions": [7]}})"}) {
    EXPECT_EQ(ask("subscriptions/listen", Json::parse(params)).error().code, rpc_code::kInvalidParams) << params;
  }
}

TEST_F(McpSessionTest, TellsLegacyClientsOfChangesUntilTheyUnsubscribe) {
  ASSERT_TRUE(initialize("2025-11-25").has_value());
  const Json uri = {{"uri", ask_plain("resources/list").value()["resources"][0]["uri"]}};
  ASSERT_TRUE(ask_plain("resources/subscribe", uri).has_value());
  ASSERT_TRUE(ask_plain("resources/subscribe", uri).has_value());
  queries_.change(8);
  ASSERT_EQ(notes_->all.size(), 1U) << "subscribed twice is subscribed once";
  EXPECT_FALSE(notes_->all[0].second.contains("_meta"));
  ASSERT_TRUE(ask_plain("resources/unsubscribe", uri).has_value());
  queries_.change(9);
  EXPECT_EQ(notes_->all.size(), 1U);
  EXPECT_EQ(ask_plain("resources/subscribe", {{"uri", "x"}}).error().code, rpc_code::kInvalidParams);
}

TEST_F(McpSessionTest, ReportsRisingProgressToWhoAsksForIt) {
  queries_.progress = 100;
  Json params = {{"name", "repo_map"}, {"_meta", {{"progressToken", "t"}}}};
  ASSERT_TRUE(ask("tools/call", params).has_value());
  ASSERT_GE(notes_->all.size(), 2U);
  double last = -1;
  for (const auto& [method, note] : notes_->all) {
    EXPECT_EQ(method, "notifications/progress");
    EXPECT_EQ(note["progressToken"], "t");
    EXPECT_GT(note["progress"].get<double>(), last);
    last = note["progress"];
  }
  notes_->all.clear();
  text("repo_map");
  EXPECT_TRUE(notes_->all.empty());
}

TEST_F(McpSessionTest, FindsOnlyUrisOfMapsInUris) {
  EXPECT_EQ(root_id_of("repomap://a-1/map"), "a-1");
  for (const char* other :
       {"", "repomap://", "repomap:///map", "repomap://map", "http://a-1/map", "repomap://a-1/tree"}) {
    EXPECT_FALSE(root_id_of(other)) << other;
  }
}

}  // namespace
}  // namespace repomap
