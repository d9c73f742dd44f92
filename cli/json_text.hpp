// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/model/file_tags.hpp"

namespace repomap::cli {

/// Appends `text` as a JSON string (RFC 8259), quotes included. What is not UTF-8 becomes U+FFFD, one for each longest
/// beginning of a sequence (Unicode 15, section 3.9, "substitution of maximal subparts").
void append_json_string(std::string& out, std::string_view text);

/// Writes the tags of one file as JSON lines, without building values: there are millions of them.
class TagLineWriter {
 public:
  /// `tags` outlives this.
  TagLineWriter(std::string_view path, const FileTags& tags);

  /// Appends the line of one tag of the file, newline included. The keys are those of to_json() in answer_json.hpp.
  void append(std::string& out, const Tag& tag) const;

 private:
  const FileTags& tags_;
  std::string beginning_;  // up to the name
  std::string end_;        // from the language on
};

}  // namespace repomap::cli
