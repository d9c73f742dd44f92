// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// JSON with the keys in the order in which they are set. Its strings hold bytes: what a path or a source line holds,
/// UTF-8 or not.
using Json = nlohmann::ordered_json;

/// How deep arrays and objects of a message may lie in each other.
inline constexpr std::size_t kMaxJsonDepth = 64;

/// The value that a text holds, which may come from anyone: its size is for the caller to limit.
/// Errors: kInvalidArgument for what is not one JSON value in UTF-8, naming the byte, or is deeper than kMaxJsonDepth.
Result<Json> parse_json(std::string_view text);

/// The value on one line, newline included, as the protocol has it: a string that is not UTF-8 becomes
/// {"base64": "…"}. REQUIRES: keys in UTF-8.
std::string json_line(const Json& json);

}  // namespace repomap
