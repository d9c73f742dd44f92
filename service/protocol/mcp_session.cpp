// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_session.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/mcp_progress.hpp"
#include "service/protocol/mcp_resources.hpp"
#include "service/protocol/mcp_texts.hpp"
#include "service/protocol/mcp_tool_schemas.hpp"

namespace repomap {
namespace {

constexpr std::size_t kSubscriptions = 64;
constexpr std::size_t kUriBytes = 1024;
constexpr int kStableMs = 3'600'000;  // what changes with the program only
constexpr int kBriefMs = 5'000;

std::unexpected<RpcError> refuse(int code, std::string message, Json data = Json()) {
  RpcError error(code, std::move(message));
  error.data = data.is_null() ? nullptr : std::make_shared<const Json>(std::move(data));
  return std::unexpected(std::move(error));
}

std::unexpected<RpcError> refuse_params(std::string message) {
  return refuse(rpc_code::kInvalidParams, std::move(message));
}

bool is_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string();
}

/// What every modern request says of itself (2026-07-28, "_meta").
std::expected<McpVersion, RpcError> read_meta(const Json& meta) {
  if (!is_text(meta, mcp_key::kProtocolVersion)) {
    return refuse_params(fmt::format("\"{}\" in \"_meta\": expected a string", mcp_key::kProtocolVersion));
  }
  const auto name = meta.at(mcp_key::kProtocolVersion).get<std::string>();
  const auto version = mcp_version_from_name(name);
  if (!version || !is_modern(*version)) {
    Json data;
    data["supported"] = all_mcp_versions();
    data["requested"] = to_valid_utf8(name.substr(0, 64));
    return refuse(mcp_code::kUnsupportedVersion, "Unsupported protocol version", std::move(data));
  }
  const auto capabilities = meta.find(mcp_key::kClientCapabilities);
  if (capabilities == meta.end() || !capabilities->is_object()) {
    return refuse_params(fmt::format("\"{}\" in \"_meta\": expected an object", mcp_key::kClientCapabilities));
  }
  const auto info = meta.find(mcp_key::kClientInfo);
  if (info != meta.end() && (!info->is_object() || !is_text(*info, "name") || !is_text(*info, "version"))) {
    return refuse_params(
        fmt::format("\"{}\" in \"_meta\": expected an object with \"name\" and \"version\"", mcp_key::kClientInfo));
  }
  return *version;
}

void set_cache(Json& result, McpVersion version, int ttl_ms, const char* scope) {
  if (is_modern(version)) {
    result["ttlMs"] = ttl_ms;
    result["cacheScope"] = scope;
  }
}

/// There is one page of everything.
std::optional<RpcError> refuse_cursor(const Json& params) {
  if (const auto cursor = params.find("cursor"); cursor != params.end() && !cursor->is_null()) {
    return RpcError(rpc_code::kInvalidParams, "unknown \"cursor\": there is only one page");
  }
  return std::nullopt;
}

Json tool_result(McpVersion version, McpToolResult answer) {
  Json result;
  result["content"] = Json::array();
  result["content"].push_back({{"type", "text"}, {"text", std::move(answer.text)}});
  if (!answer.structured.is_null() && version >= McpVersion::kJune2025) {
    result["structuredContent"] = std::move(answer.structured);
  }
  result["isError"] = false;
  return result;
}

Json tool_failure(const Error& error) {
  Json result;
  result["content"] = Json::array();
  result["content"].push_back({{"type", "text"}, {"text", to_valid_utf8(error.message)}});
  result["isError"] = true;
  return result;
}

RpcError unknown_resource(const std::string& uri) {
  RpcError error(rpc_code::kInvalidParams,
                 "unknown resource; resources/list and the tool index_status give the URIs of those that there are");
  error.data = std::make_shared<const Json>(Json::object({{"uri", to_valid_utf8(uri.substr(0, kUriBytes))}}));
  return error;
}

}  // namespace

/// A request whose revision is known.
struct McpSession::Request {
  McpVersion version;
  Json id;
  Json params;
  std::shared_ptr<McpChannel> channel;
};

McpReply McpSession::on_request(const std::string& method, const Json& id, Json params,
                                const std::shared_ptr<McpChannel>& channel) {
  if (params.is_null()) {
    params = Json::object();
  }
  if (!params.is_object()) {
    return RpcResult(refuse_params("\"params\": expected an object"));
  }
  if (const auto meta = params.find("_meta"); meta != params.end() && !meta->is_object() && !meta->is_null()) {
    return RpcResult(refuse_params("\"_meta\": expected an object"));
  }
  if (method == "initialize") {
    return initialize(params);
  }
  const auto version = version_of(method, params);
  if (!version) {
    return RpcResult(std::unexpected(version.error()));
  }
  const Method found = method_of(method, *version);
  if (found == nullptr) {
    return RpcResult(
        refuse(rpc_code::kUnknownMethod, fmt::format("no method named \"{}\" in revision {}",
                                                     to_valid_utf8(method.substr(0, 64)), mcp_version_name(*version))));
  }
  return (this->*found)({*version, id, std::move(params), channel});
}

std::expected<McpVersion, RpcError> McpSession::version_of(const std::string& method, const Json& params) const {
  const auto meta = params.find("_meta");
  const bool is_meta = meta != params.end() && meta->is_object();
  if (is_meta && meta->contains(mcp_key::kProtocolVersion)) {
    return read_meta(*meta);
  }
  const bool is_modern_only = method == "server/discover" || method == "subscriptions/listen";
  if (legacy_ && !is_modern_only) {
    return *legacy_;
  }
  if (method == "ping") {
    return kLatestLegacyMcp;  // is allowed before "initialize"
  }
  return refuse_params(
      fmt::format("\"_meta\" says no \"{}\" (revision 2026-07-28), and there was no \"initialize\" (older revisions)",
                  mcp_key::kProtocolVersion));
}

McpSession::Method McpSession::method_of(const std::string& name, McpVersion version) {
  enum class Era : std::uint8_t { kBoth, kLegacy, kModern };
  struct Entry {
    std::string_view name;
    Era era;
    Method method;
  };
  static constexpr std::array<Entry, 10> kMethods = {
      {{"server/discover", Era::kModern, &McpSession::discover},
       {"ping", Era::kLegacy, &McpSession::ping},
       {"tools/list", Era::kBoth, &McpSession::list_tools},
       {"tools/call", Era::kBoth, &McpSession::call_tool},
       {"resources/list", Era::kBoth, &McpSession::list_resources},
       {"resources/templates/list", Era::kBoth, &McpSession::list_templates},
       {"resources/read", Era::kBoth, &McpSession::read_resource},
       {"resources/subscribe", Era::kLegacy, &McpSession::subscribe},
       {"resources/unsubscribe", Era::kLegacy, &McpSession::unsubscribe},
       {"subscriptions/listen", Era::kModern, &McpSession::listen}}};
  const Era era = is_modern(version) ? Era::kModern : Era::kLegacy;
  for (const Entry& entry : kMethods) {
    if (entry.name == name && (entry.era == Era::kBoth || entry.era == era)) {
      return entry.method;
    }
  }
  return nullptr;
}

Json McpSession::server_info(McpVersion version) const {
  Json info = {{"name", "repomap"}, {"version", server_.version()}};
  if (version >= McpVersion::kJune2025) {
    info["title"] = "repomap";
  }
  return info;
}

/// A result with what every result of the revision has.
Json McpSession::finished(McpVersion version, Json result) const {
  if (is_modern(version)) {
    result["resultType"] = "complete";
    result["_meta"][mcp_key::kServerInfo] = server_info(version);
  }
  return result;
}

McpReply McpSession::initialize(const Json& params) {
  if (!is_text(params, "protocolVersion")) {
    return RpcResult(refuse_params("\"protocolVersion\": expected a string, like \"2025-11-25\""));
  }
  const auto asked = mcp_version_from_name(params.at("protocolVersion").get<std::string>());
  legacy_ = asked && !is_modern(*asked) ? *asked : kLatestLegacyMcp;
  Json result;
  result["protocolVersion"] = mcp_version_name(*legacy_);
  result["capabilities"] = {{"tools", Json::object()}, {"resources", {{"subscribe", true}}}};
  result["serverInfo"] = server_info(*legacy_);
  result["instructions"] = mcp_instructions();
  return RpcResult(std::move(result));
}

McpReply McpSession::discover(Request&& request) {
  Json result;
  result["supportedVersions"] = all_mcp_versions();
  result["capabilities"] = {{"tools", Json::object()}, {"resources", {{"subscribe", true}}}};
  result["instructions"] = mcp_instructions();
  set_cache(result, request.version, kStableMs, "public");
  return RpcResult(finished(request.version, std::move(result)));
}

McpReply McpSession::ping(Request&& /*request*/) { return RpcResult(Json::object()); }

McpReply McpSession::list_tools(Request&& request) {
  if (auto refusal = refuse_cursor(request.params)) {
    return RpcResult(std::unexpected(std::move(*refusal)));
  }
  Json result = mcp_tool_list(request.version);
  set_cache(result, request.version, kStableMs, "public");
  return RpcResult(finished(request.version, std::move(result)));
}

McpReply McpSession::call_tool(Request&& request) {
  if (!is_text(request.params, "name")) {
    return RpcResult(refuse_params("\"name\": expected the name of a tool"));
  }
  const auto name = request.params.at("name").get<std::string>();
  if (mcp_input_schema(name) == nullptr) {
    const std::string nearest = nearest_mcp_tool(name);
    return RpcResult(refuse_params(fmt::format("unknown tool \"{}\"{}", to_valid_utf8(name.substr(0, 128)),
                                               nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?")));
  }
  return RpcWork([this, name, request = std::move(request)](const std::atomic<bool>& cancelled) -> RpcResult {
    RequestContext context;
    context.cancelled = &cancelled;
    context.progress = make_mcp_progress(request.params, request.channel, cancelled);
    const auto arguments = request.params.find("arguments");
    const bool has_none = arguments == request.params.end() || arguments->is_null();
    auto answer = server_.tools().call(name, has_none ? Json::object() : *arguments, std::move(context));
    if (!answer && answer.error().code == ErrorCode::kCancelled) {
      return std::unexpected(RpcError(std::move(answer).error()));
    }
    return finished(request.version,
                    answer ? tool_result(request.version, std::move(*answer)) : tool_failure(answer.error()));
  });
}

McpReply McpSession::list_resources(Request&& request) {
  if (auto refusal = refuse_cursor(request.params)) {
    return RpcResult(std::unexpected(std::move(*refusal)));
  }
  return RpcWork([this, version = request.version](const std::atomic<bool>& /*cancelled*/) -> RpcResult {
    Json result = mcp_resource_list(server_.roots(), version);
    set_cache(result, version, kBriefMs, "private");
    return finished(version, std::move(result));
  });
}

McpReply McpSession::list_templates(Request&& request) {
  if (auto refusal = refuse_cursor(request.params)) {
    return RpcResult(std::unexpected(std::move(*refusal)));
  }
  Json result = mcp_resource_templates(request.version);
  set_cache(result, request.version, kStableMs, "public");
  return RpcResult(finished(request.version, std::move(result)));
}

McpReply McpSession::read_resource(Request&& request) {
  if (!is_text(request.params, "uri")) {
    return RpcResult(refuse_params("\"uri\": expected the URI of a resource"));
  }
  return RpcWork([this, request = std::move(request)](const std::atomic<bool>& cancelled) -> RpcResult {
    const auto uri = request.params.at("uri").get<std::string>();
    const auto id = root_id_of(uri);
    const auto root = id ? server_.roots().find_id(*id) : std::nullopt;
    if (!root) {
      return std::unexpected(unknown_resource(uri));
    }
    RequestContext context;
    context.cancelled = &cancelled;
    context.progress = make_mcp_progress(request.params, request.channel, cancelled);
    context.completeness = Completeness::kPartial;
    auto text = server_.tools().map_text(root->path, context);
    if (!text) {
      return std::unexpected(RpcError(rpc_code::kInternal, to_valid_utf8(text.error().message),
                                      std::string(error_code_name(text.error().code))));
    }
    Json result;
    result["contents"] = Json::array();
    result["contents"].push_back({{"uri", uri}, {"mimeType", kMcpMapType}, {"text", std::move(*text)}});
    set_cache(result, request.version, 0, "private");
    return finished(request.version, std::move(result));
  });
}

RpcResult McpSession::add_subscription(const std::string& uri) {
  const auto id = root_id_of(uri);
  const auto root = id ? server_.roots().find_id(*id) : std::nullopt;
  if (!root) {
    return std::unexpected(unknown_resource(uri));
  }
  {
    MutexLock lock(mutex_);
    if (subscriptions_.contains(uri)) {
      return Json::object();
    }
    if (subscriptions_.size() >= kSubscriptions) {
      return refuse(rpc_code::kInternal, fmt::format("more than {} subscriptions", kSubscriptions));
    }
  }
  auto made = std::make_unique<McpSubscription>(server_.events(), updates_,
                                                std::vector<McpSubscription::Resource>{{uri, root->path}}, Json());
  made->begin();
  MutexLock lock(mutex_);
  subscriptions_.try_emplace(uri, std::move(made));
  return Json::object();
}

McpReply McpSession::subscribe(Request&& request) {
  if (!is_text(request.params, "uri")) {
    return RpcResult(refuse_params("\"uri\": expected the URI of a resource"));
  }
  return RpcWork([this, uri = request.params.at("uri").get<std::string>()](
                     const std::atomic<bool>& /*cancelled*/) -> RpcResult { return add_subscription(uri); });
}

McpReply McpSession::unsubscribe(Request&& request) {
  if (!is_text(request.params, "uri")) {
    return RpcResult(refuse_params("\"uri\": expected the URI of a resource"));
  }
  return RpcWork(
      [this, uri = request.params.at("uri").get<std::string>()](const std::atomic<bool>& /*cancelled*/) -> RpcResult {
        std::unique_ptr<McpSubscription> ended;
        MutexLock lock(mutex_);
        if (const auto found = subscriptions_.find(uri); found != subscriptions_.end()) {
          ended = std::move(found->second);
          subscriptions_.erase(found);
        }
        return Json::object();
      });
}

McpReply McpSession::listen(Request&& request) {
  const auto filter = request.params.find("notifications");
  if (filter == request.params.end() || !filter->is_object()) {
    return RpcResult(refuse_params("\"notifications\": expected an object that says which are wanted"));
  }
  const Json uris = filter->value("resourceSubscriptions", Json::array());
  if (!uris.is_array() || uris.size() > kSubscriptions) {
    return RpcResult(
        refuse_params(fmt::format("\"resourceSubscriptions\": expected an array of at most {} URIs", kSubscriptions)));
  }
  for (const Json& uri : uris) {
    if (!uri.is_string()) {
      return RpcResult(refuse_params("\"resourceSubscriptions\": expected an array of strings"));
    }
  }
  return McpListen{[this, uris, id = request.id, channel = request.channel] {
    const Json meta = {{mcp_key::kSubscriptionId, id}};
    std::vector<McpSubscription::Resource> resources;
    Json honoured = Json::object();
    for (const Json& uri : uris) {
      const auto root_id = root_id_of(uri.get_ref<const std::string&>());
      if (const auto root = root_id ? server_.roots().find_id(*root_id) : std::nullopt) {
        resources.push_back({uri.get<std::string>(), root->path});
        honoured["resourceSubscriptions"].push_back(uri);
      }
    }
    auto subscription = std::make_unique<McpSubscription>(server_.events(), channel, resources, meta);
    channel->notify("notifications/subscriptions/acknowledged", {{"_meta", meta}, {"notifications", honoured}});
    subscription->begin();
    return subscription;
  }};
}

}  // namespace repomap
