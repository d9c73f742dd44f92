// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "service/protocol/base64.hpp"
#include "service/protocol/closest_word.hpp"

namespace repomap {
namespace {

/// Numbers that a parser has read are unsigned where they can be; those of a program need not be.
std::optional<std::uint64_t> number_from_json(const Json& json) {
  const bool is_whole = json.is_number_unsigned() || (json.is_number_integer() && json.get<std::int64_t>() >= 0);
  return is_whole ? std::optional(json.get<std::uint64_t>()) : std::nullopt;
}

}  // namespace

std::optional<std::string> text_from_json(const Json& json) {
  if (json.is_string()) {
    return json.get_ref<const std::string&>();
  }
  const auto bytes = json.is_object() && json.size() == 1 ? json.find("base64") : json.end();
  if (!json.is_object() || bytes == json.end() || !bytes->is_string()) {
    return std::nullopt;
  }
  return bytes_of_base64(bytes->get_ref<const std::string&>());
}

JsonReader::JsonReader(const Json& object, Absent absent) : object_(object), absent_(absent) {
  if (!object.is_object()) {
    status_ = fail(ErrorCode::kInvalidArgument, "an object is expected");
  }
}

void JsonReader::text(std::string_view key, std::string& value) {
  if (const Json* found = member(key)) {
    auto bytes = text_from_json(*found);
    if (!bytes) {
      return refuse(key, "a string");
    }
    value = std::move(*bytes);
  }
}

void JsonReader::texts(std::string_view key, std::vector<std::string>& values) {
  std::vector<std::string> all;
  const Json* elements = array_of(key);
  for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i) {
    auto bytes = text_from_json((*elements)[i]);
    if (!bytes) {
      return refuse(key, "an array of strings");
    }
    all.push_back(std::move(*bytes));
  }
  if (elements != nullptr) {
    values = std::move(all);
  }
}

void JsonReader::flag(std::string_view key, bool& value) {
  if (const Json* found = member(key)) {
    if (!found->is_boolean()) {
      return refuse(key, "true or false");
    }
    value = found->get<bool>();
  }
}

void JsonReader::real(std::string_view key, double& value) {
  if (const Json* found = member(key)) {
    if (!found->is_number()) {
      return refuse(key, "a number");
    }
    value = found->get<double>();
  }
}

void JsonReader::position(std::string_view key, std::uint32_t& value) {
  if (const auto number = whole_number(key, std::numeric_limits<std::uint32_t>::max())) {
    if (*number == 0) {
      return refuse(key, "a number from 1");
    }
    value = static_cast<std::uint32_t>(*number - 1);
  }
}

void JsonReader::positions(std::string_view key, std::vector<std::uint32_t>& values) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> all;
  const Json* elements = array_of(key);
  for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i) {
    const std::uint64_t number = number_from_json((*elements)[i]).value_or(0);
    if (number == 0 || number > kLast) {
      return refuse(key, "an array of numbers from 1");
    }
    all.push_back(static_cast<std::uint32_t>(number - 1));
  }
  if (elements != nullptr) {
    values = std::move(all);
  }
}

void JsonReader::check(Status status) {
  if (status_ && !status) {
    status_ = std::move(status);
  }
}

void JsonReader::refuse(std::string_view key, std::string_view expected) {
  check(fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\": {} is expected", key, expected)));
}

void JsonReader::require(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (status_ && !has(key)) {
      check(fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is missing", key)));
    }
  }
}

void JsonReader::allow_only(std::span<const std::string_view> known) {
  if (!object_.is_object()) {
    return;
  }
  for (const auto& [key, value] : object_.items()) {
    if (std::ranges::find(known, key) == known.end()) {
      const std::string meant = closest_word(key, {known.begin(), known.end()});
      check(fail(ErrorCode::kInvalidArgument,
                 fmt::format("\"{}\" is not known here{}", key,
                             meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant))));
    }
  }
}

bool JsonReader::has(std::string_view key) const { return object_.is_object() && object_.contains(key); }

bool JsonReader::is_null(std::string_view key) const { return has(key) && object_.at(std::string(key)).is_null(); }

const Json* JsonReader::member(std::string_view key) {
  if (!status_) {
    return nullptr;
  }
  const auto found = object_.find(key);
  if (found != object_.end()) {
    return &*found;
  }
  if (absent_ == Absent::kRefuse) {
    check(fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is missing", key)));
  }
  return nullptr;
}

const Json* JsonReader::array_of(std::string_view key) {
  const Json* found = member(key);
  if (found != nullptr && !found->is_array()) {
    refuse(key, "an array");
    return nullptr;
  }
  return found;
}

const Json* JsonReader::object_of(std::string_view key) {
  const Json* found = member(key);
  if (found != nullptr && !found->is_object()) {
    refuse(key, "an object");
    return nullptr;
  }
  return found;
}

std::optional<std::uint64_t> JsonReader::whole_number(std::string_view key, std::uint64_t limit) {
  const Json* found = member(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto number = number_from_json(*found);
  if (!number || *number > limit) {
    refuse(key, fmt::format("a whole number from 0 to {}", limit));
    return std::nullopt;
  }
  return number;
}

}  // namespace repomap
