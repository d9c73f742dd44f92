// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_http_checks.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstddef>

#include "core/base/utf8.hpp"
#include "service/protocol/base64.hpp"
#include "service/protocol/mcp_version.hpp"

namespace repomap {
namespace {

namespace http = boost::beast::http;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

RpcError mismatch(const std::string& text) { return {mcp_code::kHeaderMismatch, "Header mismatch: " + text}; }

/// The value of a header that must be there once; nothing if it is missing or there again.
std::optional<std::string> only_value(const http::fields& headers, std::string_view name) {
  const auto [first, last] = headers.equal_range(boost::beast::string_view(name.data(), name.size()));
  if (first == last || std::next(first) != last) {
    return std::nullopt;
  }
  return std::string(first->value().data(), first->value().size());
}

/// What a header value stands for: "=?base64?…?=" holds what headers cannot.
std::optional<std::string> decoded(const std::string& value) {
  constexpr std::string_view kBegin = "=?base64?";
  constexpr std::string_view kEnd = "?=";
  if (!value.starts_with(kBegin) || !value.ends_with(kEnd) || value.size() < kBegin.size() + kEnd.size()) {
    return value;
  }
  return bytes_of_base64(std::string_view(value).substr(kBegin.size(), value.size() - kBegin.size() - kEnd.size()));
}

std::optional<RpcError> check_header(const http::fields& headers, std::string_view name, const std::string& wanted) {
  const auto value = only_value(headers, name);
  if (!value) {
    return mismatch(fmt::format("one {} header is required", name));
  }
  const auto meant = name == "Mcp-Name" ? decoded(*value) : value;
  if (meant != wanted) {
    return mismatch(fmt::format("{} is not that of the body", name));
  }
  return std::nullopt;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const bool is_bracketed = host.starts_with('[');
  const auto end = is_bracketed ? host.find(']') : host.rfind(':');
  const std::string name = lower_case(host.substr(0, is_bracketed && end != std::string_view::npos ? end + 1 : end));
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

bool is_loopback_origin(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      return is_loopback_host(origin.substr(scheme.size()));
    }
  }
  return false;
}

bool is_authorized(std::string_view authorization, std::string_view token) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size() || lower_case(authorization.substr(0, kScheme.size())) != kScheme) {
    return false;
  }
  const std::string_view given = authorization.substr(kScheme.size());
  unsigned difference = given.size() == token.size() ? 0U : 1U;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = i < given.size() ? given[i] : '\0';
    difference |= static_cast<unsigned char>(c) ^ static_cast<unsigned char>(token[i]);
  }
  return difference == 0;
}

Result<std::string> make_http_token() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return std::unexpected(errno_error(errno, "random bytes for a token"));
  }
  std::string token;
  for (const unsigned char byte : bytes) {
    token += fmt::format("{:02x}", byte);
  }
  return token;
}

bool accepts(const http::fields& headers, std::string_view type) {
  const auto [first, last] = headers.equal_range(http::field::accept);
  if (first == last) {
    return true;
  }
  const std::string family = std::string(type.substr(0, type.find('/'))) + "/*";
  return std::any_of(first, last, [&](const auto& header) {
    const std::string value = lower_case({header.value().data(), header.value().size()});
    return value.contains(type) || value.contains("*/*") || value.contains(family);
  });
}

std::optional<RpcError> check_routing_headers(const http::fields& headers, const std::string& version,
                                              const std::string& method, const Json& params) {
  if (auto error = check_header(headers, "MCP-Protocol-Version", version)) {
    return error;
  }
  if (auto error = check_header(headers, "Mcp-Method", method)) {
    return error;
  }
  const bool is_named = method == "tools/call" || method == "prompts/get";
  if (!is_named && method != "resources/read") {
    return std::nullopt;
  }
  const auto name = params.find(is_named ? "name" : "uri");
  if (name == params.end() || !name->is_string()) {
    return std::nullopt;  // which is an error of the body
  }
  return check_header(headers, "Mcp-Name", name->get<std::string>());
}

}  // namespace repomap
