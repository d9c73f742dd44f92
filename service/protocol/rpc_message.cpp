// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_message.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace repomap {
namespace {

// Objects find their keys one by one, so many keys would cost time by the square of their number.
constexpr std::size_t kMaxKeys = 1000;
constexpr std::size_t kMaxMessageKeys = 20'000;  // what an editor says of itself takes hundreds
constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kMaxIdBytes = 256;

std::unexpected<RpcRefusal> refuse(Json id, int code, std::string message) {
  return std::unexpected(RpcRefusal{std::move(id), RpcError(code, std::move(message))});
}

struct Shape {
  std::size_t keys = 0;
  std::size_t values = 0;
};

/// Of a text that is JSON: no fewer than it has.
Shape shape_of(std::string_view text) {
  Shape shape;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      i += c == '\\' ? 1 : 0;
      is_in_string = c != '"';
      continue;
    }
    is_in_string = c == '"';
    shape.keys += c == ':' ? 1 : 0;
    shape.values += c == ',' || c == '[' || c == '{' ? 1 : 0;
  }
  return shape;
}

bool is_id(const Json& id) {
  return id.is_number_integer() || (id.is_string() && id.get_ref<const std::string&>().size() <= kMaxIdBytes);
}

/// The id of a message that is an object, or null if it has none that can be used.
Json id_of(const Json& message) {
  const auto found = message.find("id");
  return found != message.end() && is_id(*found) ? *found : Json();
}

std::expected<RpcRequest, RpcRefusal> request_of(Json message) {
  if (!message.is_object()) {
    return refuse({}, rpc_code::kInvalidRequest,
                  message.is_array() ? "batches are not supported: send one object a line" : "not an object");
  }
  RpcRequest request{.id = id_of(message), .method = {}, .params = Json::object()};
  if (message.contains("id") && request.id.is_null()) {
    return refuse({}, rpc_code::kInvalidRequest,
                  fmt::format("\"id\" is neither a whole number nor a string of at most {} bytes", kMaxIdBytes));
  }
  if (const auto version = message.find("jsonrpc"); version == message.end() || *version != "2.0") {
    return refuse(std::move(request.id), rpc_code::kInvalidRequest, "\"jsonrpc\" is not \"2.0\"");
  }
  const auto method = message.find("method");
  if (method == message.end() || !method->is_string()) {
    return refuse(std::move(request.id), rpc_code::kInvalidRequest, "\"method\" is not a string");
  }
  request.method = method->get<std::string>();
  if (const auto params = message.find("params"); params != message.end()) {
    if (!params->is_object()) {
      return refuse(std::move(request.id), rpc_code::kInvalidParams, "\"params\" is not an object");
    }
    request.params = std::move(*params);
  }
  return request;
}

}  // namespace

std::expected<RpcRequest, RpcRefusal> parse_request(std::string_view message) {
  if (const Shape shape = shape_of(message); shape.keys > kMaxKeys || shape.values > kMaxValues) {
    return refuse({}, rpc_code::kInvalidRequest,
                  fmt::format("more than {} keys or {} values in one request", kMaxKeys, kMaxValues));
  }
  Result<Json> json = parse_json(message);
  if (!json) {
    return refuse({}, rpc_code::kParseError, std::move(json).error().message);
  }
  return request_of(std::move(*json));
}

std::expected<Json, RpcRefusal> parse_message(std::string_view text) {
  if (const Shape shape = shape_of(text); shape.keys > kMaxMessageKeys || shape.values > kMaxValues) {
    return refuse({}, rpc_code::kInvalidRequest,
                  fmt::format("more than {} keys or {} values in one message", kMaxMessageKeys, kMaxValues));
  }
  Result<Json> message = parse_json(text);
  if (!message) {
    return refuse({}, rpc_code::kParseError, std::move(message).error().message);
  }
  if (!message->is_object()) {
    return refuse({}, rpc_code::kInvalidRequest,
                  message->is_array() ? "batches are not supported: send one object a message" : "not an object");
  }
  Json id = id_of(*message);
  if (const auto version = message->find("jsonrpc"); version == message->end() || *version != "2.0") {
    return refuse(std::move(id), rpc_code::kInvalidRequest, "\"jsonrpc\" is not \"2.0\"");
  }
  const auto method = message->find("method");
  if (method == message->end() ? id.is_null() && !message->contains("error") : !method->is_string()) {
    return refuse(std::move(id), rpc_code::kInvalidRequest, "neither a request nor an answer");
  }
  if (method != message->end() && message->contains("id") && id.is_null()) {
    return refuse({}, rpc_code::kInvalidRequest,
                  fmt::format("\"id\" is neither a whole number nor a string of at most {} bytes", kMaxIdBytes));
  }
  const auto params = message->find("params");
  if (params != message->end() && !params->is_object() && !params->is_array() && !params->is_null()) {
    return refuse(std::move(id), rpc_code::kInvalidParams, "\"params\" is neither an object nor an array");
  }
  return std::move(*message);
}

std::string result_line(const Json& id, Json result) {
  Json message = {{"jsonrpc", "2.0"}, {"id", id}};
  message["result"] = std::move(result);
  return json_line(message);
}

std::string error_line(const Json& id, const RpcError& error) {
  return json_line({{"jsonrpc", "2.0"}, {"id", id}, {"error", to_json(error)}});
}

std::string notification_line(const std::string& method, Json params) {
  Json message = {{"jsonrpc", "2.0"}, {"method", method}};
  message["params"] = std::move(params);
  return json_line(message);
}

}  // namespace repomap
