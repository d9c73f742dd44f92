// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_file_system.hpp"

#include <utility>

namespace repomap {

void FakeFileSystem::put(const std::string& path, std::string content) {
  MutexLock lock(mutex_);
  files_.insert_or_assign(path, std::move(content));
}

void FakeFileSystem::fail_with(const std::string& path, Error error) {
  MutexLock lock(mutex_);
  files_.insert_or_assign(path, std::unexpected(std::move(error)));
}

void FakeFileSystem::remove(const std::string& path) {
  MutexLock lock(mutex_);
  files_.erase(path);
}

std::vector<std::string> FakeFileSystem::reads() const {
  MutexLock lock(mutex_);
  return reads_;
}

Result<std::string> FakeFileSystem::read_file(const std::string& path, std::uint64_t limit_bytes) const {
  MutexLock lock(mutex_);
  reads_.push_back(path);
  const auto found = files_.find(path);
  if (found == files_.end()) {
    return fail(ErrorCode::kNotFound, "open " + path + ": it was never there");
  }
  if (found->second && found->second->size() > limit_bytes) {
    return fail(ErrorCode::kLimitExceeded, path + ": too large");
  }
  return found->second;
}

Result<FileStat> FakeFileSystem::stat(const std::string& path) const {
  MutexLock lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) {
    return fail(ErrorCode::kNotFound, "stat " + path + ": it was never there");
  }
  FileStat stat;
  stat.type = FileType::kRegular;
  stat.size_bytes = found->second ? found->second->size() : 0;
  return stat;
}

Result<std::vector<DirectoryEntry>> FakeFileSystem::list_directory(const std::string& path) const {
  MutexLock lock(mutex_);
  std::vector<DirectoryEntry> entries;
  for (const auto& [file, content] : files_) {
    const std::string prefix = path + '/';
    if (file.starts_with(prefix) && file.find('/', prefix.size()) == std::string::npos) {
      entries.push_back({file.substr(prefix.size()), FileType::kRegular});
    }
  }
  return entries;
}

}  // namespace repomap
