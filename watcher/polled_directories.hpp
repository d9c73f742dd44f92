// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "watcher/open_directory.hpp"
#include "watcher/path_cover.hpp"

namespace repomap {

/// Directories whose changes are found by comparing: for each, what its entries were when they were last read.
/// Thread-compatible.
///
/// An entry whose ctime lies within a tick of the file system's clock before it was examined is told again by the next
/// comparison, since a later change may have left size and times equal.
class PolledDirectories {
 public:
  /// `root` is absolute and resolved.
  explicit PolledDirectories(std::string root);

  /// Reads the entries of the directory at `path`; from now on changes of them are told.
  void watch(const std::string& path, const OpenDirectory& directory);

  bool is_watched(std::string_view path) const { return directories_.contains(path); }

  /// Ends the comparing of `path` alone.
  void remove(std::string_view path);

  /// Ends the comparing of `path`, and of what is below.
  void forget(std::string_view path);

  /// Reads all directories again. Adds the paths that may have changed, and the directories that are not there any
  /// more, or are others.
  void compare(PathCover& changed, std::vector<std::string>& gone);

  std::size_t size() const { return directories_.size(); }

 private:
  struct Entry {
    std::string name;
    FileStat stat;
    bool is_racy = false;
  };
  struct Snapshot {
    bool is_readable = false;
    OpenDirectory::Identity identity;
    Entry self;                  // the directory
    std::vector<Entry> entries;  // sorted by name
    bool is_first = false;       // taken before somebody lists the directory
  };

  Snapshot read(const OpenDirectory& directory);
  bool reread(const OpenDirectory& root, const std::string& path, Snapshot& snapshot, PathCover& changed,
              std::vector<std::string>& gone);
  void compare_entries(const std::string& path, const Snapshot& before, const Snapshot& after, PathCover& changed,
                       std::vector<std::string>& gone) const;
  bool is_changed(const std::string& path, const Entry& before, const Entry& after) const;

  std::string root_;
  std::vector<char> buffer_;
  DirectoryListing listing_;
  std::map<std::string, Snapshot, std::less<>> directories_;
};

}  // namespace repomap
