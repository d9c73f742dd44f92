// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "service/protocol/json_value.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// A request of JSON-RPC 2.0 that has all its parts (https://www.jsonrpc.org/specification).
struct RpcRequest {
  Json id;  ///< a string or a whole number; null: a notification
  std::string method;
  Json params;  ///< an object

  bool is_notification() const { return id.is_null(); }
};

/// Why a message is no request, and of which request it was meant to be, as far as can be told; else null.
struct RpcRefusal {
  Json id;
  RpcError error;
};

/// Reads a message from anyone. Its size is for the caller to limit; the numbers of its keys and values are limited
/// here, so that the time for it grows with its size.
std::expected<RpcRequest, RpcRefusal> parse_request(std::string_view message);

/// Reads a message of either side: a request, a notification or an answer. What comes back is an object whose "jsonrpc"
/// is "2.0", with a "method" that is a string or with an "id", which is a whole number or a string, and whose "params",
/// if any, are an object or an array. Its size is for the caller to limit; the number of its values, and that of the
/// keys of each object, are limited here, as above. Half a surrogate pair that stands alone as an escape is read as
/// U+FFFD.
std::expected<Json, RpcRefusal> parse_message(std::string_view text);

// Messages as lines, newline included.
std::string result_line(const Json& id, Json result);
std::string error_line(const Json& id, const RpcError& error);
std::string notification_line(const std::string& method, Json params);

}  // namespace repomap
