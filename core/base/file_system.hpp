// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace repomap {

enum class FileType : std::uint8_t { kRegular, kDirectory, kSymlink, kOther };

/// What lstat(2) says of a path. Times in nanoseconds since the epoch, sizes in bytes.
struct FileStat {
  FileType type = FileType::kOther;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;

  friend bool operator==(const FileStat&, const FileStat&) = default;
};

/// One entry of a directory. The name is the raw bytes of the file system: any byte but '/' and NUL.
struct DirectoryEntry {
  std::string name;
  FileType type = FileType::kOther;
};

/// Reading access to files. Paths are raw bytes, absolute or relative to the working directory.
/// Thread-safe. Failures carry the path and the reason of the operating system.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// The content of a regular file of at most `limit_bytes`. Never blocks on a FIFO or device.
  /// Errors: kNotFound, kPermissionDenied, kUnsupported (not a regular file), kLimitExceeded, kIo.
  virtual Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) const = 0;

  /// lstat(2): a symbolic link is reported as itself.
  virtual Result<FileStat> stat(const std::string& path) const = 0;

  /// The entries of a directory without "." and "..", sorted by name as bytes.
  virtual Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) const = 0;
};

/// The operating system's files.
std::unique_ptr<FileSystem> make_posix_file_system();

/// `directory` + '/' + `name`, without doubling the separator; `name` alone if `directory` is empty.
std::string join_path(std::string_view directory, std::string_view name);

/// The part behind the last '/': "c.h" of "a/b/c.h".
std::string_view base_name(std::string_view path);

}  // namespace repomap
