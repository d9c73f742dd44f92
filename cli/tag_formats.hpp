// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"
#include "core/model/file_tags.hpp"

namespace repomap::cli {

/// Prints tags in one of the formats of `repomap tags`. Used by one thread.
class TagFormat {
 public:
  virtual ~TagFormat() = default;

  /// Takes in a file's tags of one role, or of both. Files come in the order of their paths.
  virtual void add(const std::string& path, const FileTags& tags, std::optional<Role> role) = 0;

  /// Prints what is still held back.
  virtual void finish() {}
};

/// "table" (for people), "jsonl", "ctags" (universal-ctags' extended format 2, sorted by byte value, for vim and
/// readtags) or "etags" (Emacs). Null for another name. Tables and etags show a root-relative path once per file.
/// ctags and etags hold definitions only, as their readers expect; etags reads the files below `root` for offsets.
std::unique_ptr<TagFormat> make_tag_format(std::string_view name, const std::string& root, const Painter& painter);

}  // namespace repomap::cli
