// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/http/fields.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// Whether a Host or an Origin names the loopback interface, as 127.0.0.1, [::1] or localhost, at any port. Web pages
/// that have got a name of theirs to lead here have another.
bool is_loopback_host(std::string_view host);
bool is_loopback_origin(std::string_view origin);

/// Whether the value of Authorization is "Bearer " and the token. Takes as long for one wrong token as for another.
bool is_authorized(std::string_view authorization, std::string_view token);

/// 256 bits from the operating system, in hexadecimal. Errors: kIo.
Result<std::string> make_http_token();

/// Whether one of the Accept headers, if there is any, lets the type through, "application/json" for instance.
bool accepts(const boost::beast::http::fields& headers, std::string_view type);

/// Whether a request of the modern era says in its headers what it says in its body (2026-07-28, "Server Validation");
/// the error is that of kHeaderMismatch. `version` is the body's.
std::optional<RpcError> check_routing_headers(const boost::beast::http::fields& headers, const std::string& version,
                                              const std::string& method, const Json& params);

}  // namespace repomap
