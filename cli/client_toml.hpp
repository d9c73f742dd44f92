// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap::cli {

enum class TomlKind : std::uint8_t { kTable, kArrayTable, kPair };

/// A table header or a key with its value, and where it stands: text[begin, end).
struct TomlStatement {
  TomlKind kind = TomlKind::kPair;
  std::vector<std::string> key;  ///< of a pair, below the table it stands in
  std::size_t begin = 0;         ///< of the header or key
  std::size_t end = 0;           ///< behind the header or value
  std::size_t value_begin = 0;   ///< of a pair
};

/// The statements of a TOML document (toml.io, 1.0), in their order. Values are delimited, and not read.
/// Errors: kInvalidArgument, "LINE:COLUMN: what is wrong".
Result<std::vector<TomlStatement>> parse_toml(std::string_view text);

/// What a value says that is a string on one line; "" for any other. `value` is its text, with quotes.
std::string toml_string(std::string_view value);

}  // namespace repomap::cli
