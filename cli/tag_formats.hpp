// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output_stream.hpp"
#include "cli/terminal.hpp"
#include "core/model/file_tags.hpp"

namespace repomap::cli {

/// Prints tags in one of the formats of `repomap tags`. Used by one thread.
class TagFormat {
 public:
  virtual ~TagFormat() = default;

  /// Takes in a file's tags of one role, or of both; how many. Files come in the order of their paths.
  virtual std::size_t add(const std::string& path, const FileTags& tags, std::optional<Role> role) = 0;

  /// Prints what is still held back.
  virtual void finish() {}

  /// Tags that the format cannot hold, such as those of a file with a line feed in its name.
  virtual std::size_t left_out() const { return 0; }
};

/// Where a format prints to, and how.
struct TagFormatTarget {
  OutputStream& out;
  const Painter& paint;
  const std::string& root;  ///< absolute; etags reads the files below it for their byte offsets
};

/// A table for people, with each path once.
std::unique_ptr<TagFormat> make_table_format(const TagFormatTarget& target);

/// One JSON object a line (docs/CLI.md).
std::unique_ptr<TagFormat> make_json_lines_format(const TagFormatTarget& target);

/// The extended format 2 of tags(5), definitions only, sorted by byte value, for vim and readtags. Addresses are line
/// numbers. A scope's field is named for the scope's kind ("class:Parser") where its definition is among the tags, else
/// "scope".
std::unique_ptr<TagFormat> make_ctags_format(const TagFormatTarget& target);

/// Emacs' TAGS, definitions only.
std::unique_ptr<TagFormat> make_etags_format(const TagFormatTarget& target);

}  // namespace repomap::cli
