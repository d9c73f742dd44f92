// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap {

/// Reads the arguments of a tool, which a language model has written: an error names the argument, what is expected in
/// its place, with an example, and what came. An argument of null counts as not given. The first error is kept, and
/// nothing is read after it. Borrows the arguments. Used by one thread.
class McpArguments {
 public:
  static constexpr std::size_t kTextBytes = 65'536;
  static constexpr std::size_t kListItems = 1000;

  /// `schema` is the tool's input schema; an argument that it does not have is an error that names the nearest it has.
  McpArguments(const Json& arguments, const Json& schema);

  /// Of at most kTextBytes; "" if it is not given.
  std::string text(std::string_view name);

  /// The same, but it must be given, and not empty.
  std::string required_text(std::string_view name);

  /// A whole number from the schema's minimum to its maximum; `otherwise` if it is not given.
  std::size_t number(std::string_view name, std::size_t otherwise);

  bool flag(std::string_view name);

  /// At most kListItems texts.
  std::vector<std::string> texts(std::string_view name);

  /// One of the schema's enum; nothing if it is not given.
  std::optional<std::string> choice(std::string_view name);

  /// Takes over an error found elsewhere.
  void check(Status status);

  /// Errors: kInvalidArgument.
  Status status() const { return status_; }

 private:
  const Json* find(std::string_view name) const;
  void check_names();
  void refuse(std::string_view name, std::string_view expected, const Json& found);
  bool take_text(std::string_view name, const Json& value, std::string_view expected, std::string& text);

  const Json& arguments_;
  const Json& properties_;
  Status status_;
};

}  // namespace repomap
