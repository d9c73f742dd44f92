// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/jsonc_document.hpp"
#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap::cli {

// Edits of JSON with comments, in its text: order, indentation, line ends, comments, trailing commas and everything
// else stays. What is put in follows the indentation and the line ends that are there.

/// Keys from the root to a member.
using JsoncPath = std::vector<std::string>;

/// A text after something was put in.
struct JsoncEdit {
  std::string text;
  std::vector<JsoncPath> made;  ///< the objects and arrays that had to be made for it, outermost first
};

/// The value at a path; null if there is none. The document must be that of `text`.
/// Errors: kInvalidArgument, "LINE:COLUMN: …", if what stands on the way is no object or a key of the path is repeated.
Result<const JsoncValue*> find_jsonc(std::string_view text, const std::optional<JsoncValue>& document,
                                     const JsoncPath& path);

/// Sets a member, in its place if it is there, else as the last one; makes the objects on the way, and the root.
/// Errors: those of parse_jsonc() and of find_jsonc(); kInvalidArgument for a line that ends with \r alone.
Result<JsoncEdit> set_jsonc_member(std::string_view text, const JsoncPath& path, const Json& value);

/// Puts an element behind the others of the array at a path, which is made if it is not there. Errors: as above, and
/// kInvalidArgument if it is no array.
Result<JsoncEdit> append_jsonc_element(std::string_view text, const JsoncPath& path, const Json& value);

/// Puts a value in the place of another. REQUIRES: `value` is of the parsed `text`.
std::string replace_jsonc_value(std::string_view text, const JsoncValue& value, const Json& replacement);

/// Takes the item of that number out of an object or array, with its comma; a comment is left. REQUIRES: `container` is
/// of the parsed `text`, and has the item.
std::string erase_jsonc_item(std::string_view text, const JsoncValue& container, std::size_t index);

/// Takes a member out if it is there. Errors: as set_jsonc_member().
Result<std::string> erase_jsonc_member(std::string_view text, const JsoncPath& path);

}  // namespace repomap::cli
