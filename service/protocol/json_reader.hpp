// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap {

/// What a reader does about a member that is not there.
enum class Absent : std::uint8_t {
  kRefuse,  ///< an error, as of another type
  kKeep,    ///< the value stays what it is
};

/// Reads the members of a JSON object into values, strictly: a member of another type is an error, never converted. The
/// first error is kept, and nothing is read after it. Borrows the object. Used by one thread.
class JsonReader {
 public:
  JsonReader(const Json& object, Absent absent);

  /// A string, or {"base64": "…"} for bytes that are not UTF-8.
  void text(std::string_view key, std::string& value);
  void texts(std::string_view key, std::vector<std::string>& values);
  void flag(std::string_view key, bool& value);
  void real(std::string_view key, double& value);

  /// A line or column: 1-based in JSON, 0-based in `value`.
  void position(std::string_view key, std::uint32_t& value);
  void positions(std::string_view key, std::vector<std::uint32_t>& values);

  /// A whole number that is not negative.
  template <std::unsigned_integral T>
  void number(std::string_view key, T& value) {
    if (const auto found = whole_number(key, std::numeric_limits<T>::max())) {
      value = static_cast<T>(*found);
    }
  }

  /// A string that names a value; `from_name` gives it, or nothing. `allowed` lists the names for people.
  template <typename T, typename FromName>
  void name(std::string_view key, T& value, const FromName& from_name, std::string_view allowed) {
    std::string word;
    if (member(key) == nullptr) {
      return;
    }
    text(key, word);
    if (!status_) {
      return;
    }
    if (const auto found = from_name(word)) {
      value = *found;
    } else {
      refuse(key, allowed);
    }
  }

  /// The elements of an array, one after the other, each by `read_one(const Json&) -> Status`.
  template <typename ReadOne>
  void array(std::string_view key, const ReadOne& read_one) {
    const Json* elements = array_of(key);
    for (std::size_t i = 0; elements != nullptr && status_ && i < elements->size(); ++i) {
      check(read_one((*elements)[i]));
    }
  }

  /// An object, by `read(const Json&) -> Status`.
  template <typename Read>
  void object(std::string_view key, const Read& read) {
    if (const Json* found = object_of(key)) {
      check(read(*found));
    }
  }

  /// Takes over an error found elsewhere.
  void check(Status status);

  /// That the member is not of what it should be.
  void refuse(std::string_view key, std::string_view expected);

  /// That all these are there, whatever the reader does otherwise.
  void require(std::initializer_list<std::string_view> keys);

  /// That there is no key but these.
  void allow_only(std::span<const std::string_view> known);

  bool has(std::string_view key) const;
  bool is_null(std::string_view key) const;

  /// Errors: kInvalidArgument, naming the key.
  Status status() const { return status_; }

 private:
  const Json* member(std::string_view key);
  const Json* array_of(std::string_view key);
  const Json* object_of(std::string_view key);
  std::optional<std::uint64_t> whole_number(std::string_view key, std::uint64_t limit);

  const Json& object_;
  const Absent absent_;
  Status status_;
};

/// The bytes of a string or of {"base64": "…"}; nothing for anything else.
std::optional<std::string> text_from_json(const Json& json);

}  // namespace repomap
