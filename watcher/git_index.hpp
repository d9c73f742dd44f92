// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap {

/// The paths that a git index tracks. Immutable once read; any thread may ask.
///
/// Reads versions 2 to 4 (git's Documentation/gitformat-index). Entries of a sparse index that stand for a whole
/// directory are left out: nothing below them is in the work tree.
class GitIndex {
 public:
  /// An index that tracks nothing, as that of a new repository.
  GitIndex() = default;

  /// Decodes the bytes of an index file whose object names are `hash_bytes` long (20, or 32 for SHA-256). As in git
  /// itself the checksum at the end is not verified; the structure and the order of the entries are.
  /// Errors: kCorrupt; kUnsupported for a version or an extension that changes the meaning of the entries (a split
  /// index).
  static Result<GitIndex> decode(std::string_view bytes, std::size_t hash_bytes);

  std::size_t size() const { return entries_.size(); }

  /// The path of an entry, relative to the work tree; paths rise as bytes and are distinct. REQUIRES: entry < size().
  std::string_view path(std::size_t entry) const {
    return std::string_view(bytes_).substr(entries_[entry].start, entries_[entry].length);
  }

  /// Whether `path` is tracked as a submodule.
  bool is_submodule(std::string_view path) const;

 private:
  class Decoder;
  struct Entry {
    std::size_t start = 0;  // in bytes_
    std::size_t length = 0;
  };

  std::string bytes_;
  std::vector<Entry> entries_;
  std::vector<std::string> submodules_;  // sorted
};

}  // namespace repomap
