// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/mutex.hpp"

namespace repomap {

/// Files in memory, some of which fail to be read. Counts reads. Thread-safe.
class FakeFileSystem final : public FileSystem {
 public:
  void put(const std::string& path, std::string content);
  void fail_with(const std::string& path, Error error);
  void remove(const std::string& path);

  /// The paths that have been read, in the order of reading.
  std::vector<std::string> reads() const;

  Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) const override;
  Result<FileStat> stat(const std::string& path) const override;

  /// The entries that are files; this file system knows no directories of its own.
  Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) const override;

 private:
  mutable Mutex mutex_;
  std::map<std::string, Result<std::string>> files_ GUARDED_BY(mutex_);
  mutable std::vector<std::string> reads_ GUARDED_BY(mutex_);
};

}  // namespace repomap
