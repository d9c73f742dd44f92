// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap::cli {

// JSON as editors write it (RFC 8259 with // and /* */ comments, trailing commas and a byte order mark), as places in
// its text: what an edit does not touch stays byte for byte.

enum class JsoncKind : std::uint8_t { kObject, kArray, kString, kOther };

struct JsoncItem;

/// A value and where it stands: text[begin, end).
struct JsoncValue {
  JsoncKind kind = JsoncKind::kOther;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<JsoncItem> items;  ///< of an object its members, of an array its elements

  /// The members of that name; more than one where a key is repeated.
  std::vector<const JsoncItem*> members(std::string_view key) const;
};

/// A member of an object or an element of an array.
struct JsoncItem {
  std::string key;        ///< decoded; "" of an element
  std::size_t begin = 0;  ///< of the key, or of the element
  JsoncValue value;
};

inline constexpr std::size_t kMaxJsoncBytes = std::size_t{16} << 20U;
inline constexpr std::size_t kMaxJsoncValues = 1'000'000;
inline constexpr std::size_t kMaxJsoncDepth = 64;

/// The value of a text; nothing if it holds white space and comments only.
/// Errors: kInvalidArgument, "LINE:COLUMN: what is wrong" (both from 1, columns in bytes); kLimitExceeded beyond the
/// limits above.
Result<std::optional<JsoncValue>> parse_jsonc(std::string_view text);

/// "LINE:COLUMN" of a place in a text.
std::string place_in_text(std::string_view text, std::size_t offset);

/// What a string says. REQUIRES: `value` is a string of the parsed `text`.
std::string jsonc_string(std::string_view text, const JsoncValue& value);

/// The place behind the last comment, or behind the last thing that is not white space, of text[begin, end).
/// REQUIRES: only white space, commas and comments stand there.
std::size_t last_content_end(std::string_view text, std::size_t begin, std::size_t end);

/// The place of the comma in text[begin, end), or nothing. REQUIRES: as above.
std::optional<std::size_t> find_comma(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace repomap::cli
