// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/json_value.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/base64.hpp"

namespace repomap {
namespace {

/// Where the text is deeper than allowed: the offset of that bracket. Of a text that is not JSON nothing can be said,
/// so it may give any answer.
std::optional<std::size_t> find_excess_depth(std::string_view text) {
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      i += c == '\\' ? 1 : 0;
      is_in_string = c != '"';
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) {
        return i;
      }
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return std::nullopt;
}

/// The same with every string that is not UTF-8 replaced.
Json with_base64(Json json) {
  std::vector<Json*> left{&json};
  while (!left.empty()) {
    Json& next = *left.back();
    left.pop_back();
    if (next.is_structured()) {
      for (Json& element : next) {
        left.push_back(&element);
      }
    } else if (next.is_string() && !is_valid_utf8(next.get_ref<const std::string&>())) {
      const std::string text = base64_text(next.get_ref<const std::string&>());
      next = Json::object({{"base64", text}});
    }
  }
  return json;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (const auto offset = find_excess_depth(text)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("byte {}: deeper than {} arrays and objects", *offset + 1, kMaxJsonDepth));
  }
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("byte {}: not JSON", error.byte));
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("not JSON: {}", error.what()));
  }
}

std::string json_line(const Json& json) {
  try {
    return json.dump() + '\n';
  } catch (const Json::type_error&) {
    return with_base64(json).dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  }
}

}  // namespace repomap
