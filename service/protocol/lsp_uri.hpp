// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// The absolute path that a file URI names (RFC 8089), its bytes as the file system has them, whether or not they are
/// UTF-8; without "." and "..", double and final slashes. Nothing for another scheme, another host, and what is no
/// path.
std::optional<std::string> path_from_uri(std::string_view uri);

/// The file URI of an absolute path: all bytes but unreserved ones and '/' are escaped (RFC 3986).
std::string uri_from_path(std::string_view path);

}  // namespace repomap
