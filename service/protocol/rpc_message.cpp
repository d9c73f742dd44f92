// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace repomap {
namespace {

// Objects find their keys one by one, so many keys of one object would cost time by the square of their number. A
// request to the daemon has few keys in all; a message of an editor may tell of many changes, each in objects of some
// ten values.
constexpr std::size_t kMaxKeys = 1000;
constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kMaxMessageValues = 2'000'000;
constexpr std::size_t kMaxIdBytes = 256;

std::unexpected<RpcRefusal> refuse(Json id, int code, std::string message) {
  return std::unexpected(RpcRefusal{std::move(id), RpcError(code, std::move(message))});
}

struct Shape {
  std::size_t keys = 0;
  std::size_t keys_of_one = 0;  // object: the greatest number
  std::size_t values = 0;
};

/// Of a text that is JSON: no fewer than it has; of any other, no fewer than a parser reads. Ends where the text is
/// deeper than a parser goes.
Shape shape_of(std::string_view text) {
  Shape shape;
  std::array<std::size_t, kMaxJsonDepth + 1> keys{};  // of the objects that are open, outermost first
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      i += c == '\\' ? 1 : 0;
      is_in_string = c != '"';
      continue;
    }
    is_in_string = c == '"';
    shape.values += c == ',' || c == '[' || c == '{' ? 1 : 0;
    if (c == ':') {
      ++shape.keys;
      shape.keys_of_one = std::max(shape.keys_of_one, ++keys[depth]);
    } else if (c == '[' || c == '{') {
      if (++depth == keys.size()) {
        break;
      }
      keys[depth] = 0;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return shape;
}

/// The unit of UTF-16 that a text begins with as an escape, "\uD83D".
std::optional<std::uint16_t> escaped_unit(std::string_view text) {
  constexpr std::size_t kDigits = 4;
  if (!text.starts_with("\\u") || text.size() < 2 + kDigits) {
    return std::nullopt;
  }
  std::uint16_t unit = 0;
  const char* end = text.data() + 2 + kDigits;
  const auto read = std::from_chars(text.data() + 2, end, unit, 16);
  return read.ec == std::errc() && read.ptr == end ? std::optional(unit) : std::nullopt;
}

/// The same JSON with U+FFFD for each half of a surrogate pair that stands alone as an escape. Editors send what their
/// users type, and half a pair is no JSON that can be read; one unit of UTF-16 for another keeps positions right.
std::string without_lone_surrogates(std::string_view text) {
  constexpr std::size_t kEscapeBytes = 6;
  std::string whole(text);
  std::size_t at = text.find('\\');
  while (at != std::string_view::npos) {
    const auto unit = escaped_unit(text.substr(at));
    std::size_t size = unit ? kEscapeBytes : 2;
    if (unit && (*unit & 0xF800U) == 0xD800U) {
      const auto next = escaped_unit(text.substr(at + size));
      if (*unit < 0xDC00U && next && (*next & 0xFC00U) == 0xDC00U) {
        size += kEscapeBytes;
      } else {
        whole.replace(at, kEscapeBytes, "\\ufffd");
      }
    }
    at = text.find('\\', at + size);
  }
  return whole;
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
  if (const Shape shape = shape_of(text); shape.keys_of_one > kMaxKeys || shape.values > kMaxMessageValues) {
    return refuse(
        {}, rpc_code::kInvalidRequest,
        fmt::format("more than {} keys in one object or {} values in one message", kMaxKeys, kMaxMessageValues));
  }
  Result<Json> message = parse_json(without_lone_surrogates(text));
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
