// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"

namespace repomap {

/// The entries of a directory in the order in which their paths sort as bytes: a directory counts as its name with a
/// slash behind it. Names lie in one block of memory that is used again for the next directory.
class DirectoryListing {
 public:
  struct Entry {
    const char* name = nullptr;  ///< ends with NUL
    std::uint32_t length = 0;
    FileType type = FileType::kOther;

    std::string_view view() const { return {name, length}; }
  };

  void clear();
  void add(std::string_view name, FileType type);
  void sort();

  /// REQUIRES: sort() came after the last add().
  const std::vector<Entry>& entries() const { return entries_; }

  /// The entry of that name, or null.
  const Entry* find(std::string_view name) const;

 private:
  std::string names_;
  std::vector<std::size_t> starts_;
  std::vector<Entry> entries_;
};

/// An open directory of the operating system, reached from its parent and not by path, so that neither depth nor a
/// rename above it matters. Owns its descriptor. Used by one thread. Errors carry the name as given.
class OpenDirectory {
 public:
  /// Which file a descriptor is, whatever its name.
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    friend bool operator==(const Identity&, const Identity&) = default;
  };

  OpenDirectory() = default;
  ~OpenDirectory();
  OpenDirectory(OpenDirectory&& other) noexcept;
  OpenDirectory& operator=(OpenDirectory&& other) noexcept;

  /// Opens a directory by path; links on the way are followed.
  static Result<OpenDirectory> open(const std::string& path);

  /// Opens a directory inside this one. A link is not followed: it is kInvalidArgument, as is any other file.
  Result<OpenDirectory> open_child(const char* name) const;

  /// Opens a directory by a path below this one, step by step, so that PATH_MAX does not bind. As open_child().
  Result<OpenDirectory> open_below(std::string_view path) const;

  /// The directory that holds this one.
  Result<OpenDirectory> open_parent() const;

  bool is_open() const { return descriptor_ >= 0; }
  void close();

  Result<Identity> identity() const;

  /// A path that leads the kernel to this very directory, whatever is at the place where it was opened. Valid as long
  /// as the directory is open.
  std::string self_path() const;

  /// Replaces `listing` by the sorted entries. `buffer` is scratch space of at least 32 KiB.
  Status read(std::vector<char>& buffer, DirectoryListing& listing) const;

  /// lstat(2) of an entry.
  Result<FileStat> stat(const char* name) const;

  /// The content of a regular file in this directory; a link is not followed.
  Result<std::string> read_file(const char* name, std::size_t limit_bytes) const;

  /// One clause that says where a symbolic link in this directory leads, and that it is therefore not followed:
  /// "leads to nothing". `root` is the absolute, resolved path of the tree.
  std::string describe_link(const char* name, std::string_view root) const;

 private:
  explicit OpenDirectory(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace repomap
