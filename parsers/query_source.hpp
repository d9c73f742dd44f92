// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap {

/// The text of a query with those it inherits behind it, and where each part of it comes from.
class QuerySource {
 public:
  /// Reads the query at `path` and, from the same directory, what its first line "; inherits: …" names: own patterns
  /// come first and win. Errors: those of FileSystem::read_file; kInvalidArgument for a circle.
  static Result<QuerySource> load(const std::string& path);

  /// A text that was not read from a file; `name` stands for it in messages.
  static QuerySource of_text(const std::string& name, std::string text);

  const std::string& text() const { return text_; }

  /// "path:line:column" of a byte of text(), line and column counted from 1 in the file that the byte comes from.
  std::string place_of(std::size_t offset) const;

  /// The expressions of all lines "; hide: …" as alternatives; "" for none.
  std::string hidden_pattern() const;

 private:
  struct Part {
    std::size_t begin = 0;  // in text_
    std::string path;
  };

  void append(const std::string& path, std::string_view text);

  std::string text_;
  std::vector<Part> parts_;  // by begin
};

}  // namespace repomap
