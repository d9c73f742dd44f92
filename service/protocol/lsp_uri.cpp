// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_uri.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace repomap {
namespace {

constexpr std::string_view kScheme = "file:";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

int hex_value(char digit) {
  const auto found = kHexDigits.find(static_cast<char>(std::toupper(static_cast<unsigned char>(digit))));
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// Nothing for a '%' without two hexadecimal digits, and for a NUL, which no path holds.
std::optional<std::string> unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char byte = text[i];
    if (byte == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
      if (low < 0) {
        return std::nullopt;
      }
      byte = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (byte == '\0') {
      return std::nullopt;
    }
    bytes += byte;
  }
  return bytes;
}

bool is_unreserved(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '-' || byte == '.' || byte == '_' ||
         byte == '~' || byte == '/';
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == static_cast<unsigned char>(b);
  });
}

}  // namespace

std::optional<std::string> path_from_uri(std::string_view uri) {
  if (!equals_ignoring_case(uri.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  uri = uri.substr(kScheme.size(), uri.find_first_of("?#") - kScheme.size());
  if (uri.starts_with("//")) {
    const std::size_t path = std::min(uri.find('/', 2), uri.size());
    const std::string_view host = uri.substr(2, path - 2);
    if (!host.empty() && !equals_ignoring_case(host, "localhost")) {
      return std::nullopt;
    }
    uri.remove_prefix(path);
  }
  auto path = unescape(uri);
  if (!path || !path->starts_with('/')) {
    return std::nullopt;
  }
  std::string normal = std::filesystem::path(*path).lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) {
    normal.pop_back();
  }
  return normal;
}

std::string uri_from_path(std::string_view path) {
  std::string uri = "file://";
  for (const char byte : path) {
    if (is_unreserved(byte)) {
      uri += byte;
    } else {
      const auto value = static_cast<unsigned char>(byte);
      uri += {'%', kHexDigits[value >> 4U], kHexDigits[value & 15U]};
    }
  }
  return uri;
}

}  // namespace repomap
