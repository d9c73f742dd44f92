// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/utf8.hpp"
#include "service/protocol/closest_word.hpp"

namespace repomap {
namespace {

constexpr std::size_t kShownBytes = 60;

/// What came, in a few words.
std::string shown(const Json& value) {
  if (value.is_object()) {
    return "an object";
  }
  if (value.is_array()) {
    return fmt::format("an array of {}", value.size());
  }
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= kShownBytes ? text : text.substr(0, utf8_floor(text, kShownBytes)) + "…";
}

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + name;
  }
  return list;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& names) {
  const std::string nearest = closest_word(word, names);
  return nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest);
}

/// A number that has no fraction, however it is written: models write 50.0 too.
std::optional<double> whole(const Json& value) {
  if (!value.is_number()) {
    return std::nullopt;
  }
  const double number = value.get<double>();
  return std::isfinite(number) && std::trunc(number) == number ? std::optional(number) : std::nullopt;
}

}  // namespace

McpArguments::McpArguments(const Json& arguments, const Json& schema)
    : arguments_(arguments), properties_(schema.at("properties")) {
  if (!arguments.is_object()) {
    status_ =
        fail(ErrorCode::kInvalidArgument,
             fmt::format("\"arguments\": expected an object with the tool's arguments, got {}", shown(arguments)));
    return;
  }
  check_names();
}

void McpArguments::check_names() {
  std::vector<std::string> known;
  for (const auto& [name, schema] : properties_.items()) {
    known.push_back(name);
  }
  for (const auto& [name, value] : arguments_.items()) {
    if (std::ranges::find(known, name) == known.end()) {
      const std::string given = shown(Json(name));
      status_ = fail(
          ErrorCode::kInvalidArgument,
          fmt::format("unknown argument {}{} Known are: {}", given,
                      suggestion(name, known).empty() ? std::string(".") : suggestion(name, known), list_of(known)));
      return;
    }
  }
}

const Json* McpArguments::find(std::string_view name) const {
  if (!status_) {
    return nullptr;
  }
  const auto found = arguments_.find(std::string(name));
  return found == arguments_.end() || found->is_null() ? nullptr : &*found;
}

void McpArguments::refuse(std::string_view name, std::string_view expected, const Json& found) {
  check(fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\": expected {}, got {}", name, expected, shown(found))));
}

void McpArguments::check(Status status) {
  if (status_ && !status) {
    status_ = std::move(status);
  }
}

bool McpArguments::take_text(std::string_view name, const Json& value, std::string_view expected, std::string& text) {
  if (!value.is_string()) {
    refuse(name, expected, value);
    return false;
  }
  text = value.get<std::string>();
  if (text.size() > kTextBytes || text.contains('\0')) {
    check(fail(ErrorCode::kInvalidArgument,
               fmt::format("\"{}\": longer than {} bytes, or with a NUL in it", name, kTextBytes)));
    return false;
  }
  return true;
}

std::string McpArguments::text(std::string_view name) {
  std::string text;
  if (const Json* value = find(name)) {
    take_text(name, *value, "a string", text);
  }
  return text;
}

std::string McpArguments::required_text(std::string_view name) {
  std::string value = text(name);
  if (value.empty()) {
    check(
        fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is missing: a string, like {}", name,
                                                      shown(properties_.at(std::string(name)).at("examples").at(0)))));
  }
  return value;
}

std::size_t McpArguments::number(std::string_view name, std::size_t otherwise) {
  const Json* value = find(name);
  if (value == nullptr) {
    return otherwise;
  }
  const Json& schema = properties_.at(std::string(name));
  const auto least = schema.at("minimum").get<std::size_t>();
  const auto most = schema.at("maximum").get<std::size_t>();
  const auto number = whole(*value);
  if (!number || *number < static_cast<double>(least) || *number > static_cast<double>(most)) {
    refuse(name, fmt::format("a whole number from {} to {}", least, most), *value);
    return otherwise;
  }
  return static_cast<std::size_t>(*number);
}

bool McpArguments::flag(std::string_view name) {
  const Json* value = find(name);
  if (value != nullptr && !value->is_boolean()) {
    refuse(name, "true or false", *value);
    return false;
  }
  return value != nullptr && value->get<bool>();
}

std::vector<std::string> McpArguments::texts(std::string_view name) {
  std::vector<std::string> texts;
  const Json* value = find(name);
  if (value == nullptr) {
    return texts;
  }
  const std::string expected =
      fmt::format("an array of strings, like {}", properties_.at(std::string(name)).at("examples").at(0).dump());
  if (!value->is_array() || value->size() > kListItems) {
    refuse(name, fmt::format("{}, of at most {}", expected, kListItems), *value);
    return texts;
  }
  for (const Json& item : *value) {
    if (!take_text(name, item, expected, texts.emplace_back())) {
      break;
    }
  }
  return texts;
}

std::optional<std::string> McpArguments::choice(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto names = properties_.at(std::string(name)).at("enum").get<std::vector<std::string>>();
  std::string word;
  if (!take_text(name, *value, "one of: " + list_of(names), word)) {
    return std::nullopt;
  }
  if (std::ranges::find(names, word) == names.end()) {
    refuse(name, "one of: " + list_of(names) + suggestion(word, names), *value);
    return std::nullopt;
  }
  return word;
}

}  // namespace repomap
