// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace repomap {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

FileType type_of_mode(mode_t mode) {
  if (S_ISREG(mode)) {
    return FileType::kRegular;
  }
  if (S_ISDIR(mode)) {
    return FileType::kDirectory;
  }
  return S_ISLNK(mode) ? FileType::kSymlink : FileType::kOther;
}

FileStat to_file_stat(const struct stat& info) {
  constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
  FileStat result;
  result.type = type_of_mode(info.st_mode);
  result.size_bytes = static_cast<std::uint64_t>(info.st_size);
  result.mtime_ns = info.st_mtim.tv_sec * kNanosecondsPerSecond + info.st_mtim.tv_nsec;
  result.ctime_ns = info.st_ctim.tv_sec * kNanosecondsPerSecond + info.st_ctim.tv_nsec;
  result.inode = info.st_ino;
  result.device = info.st_dev;
  return result;
}

Status read_to_end(int descriptor, const std::string& path, std::uint64_t limit_bytes, std::string& content) {
  // A file may grow while it is read: one byte of room past the size that fstat gave detects that.
  std::size_t used = 0;
  while (true) {
    if (used > limit_bytes) {
      return fail(ErrorCode::kLimitExceeded, fmt::format("{}: larger than {} bytes", path, limit_bytes));
    }
    if (used == content.size()) {
      content.resize(content.size() * 2);
    }
    const ssize_t got = ::read(descriptor, content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return std::unexpected(errno_error(errno, fmt::format("read {}", path)));
    }
    if (got == 0) {
      content.resize(used);
      return {};
    }
    used += static_cast<std::size_t>(got);
  }
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) const override {
    // O_NONBLOCK: opening a FIFO must not wait for a writer; fstat then refuses it.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0 && errno == ENXIO) {
      return fail(ErrorCode::kUnsupported, fmt::format("{}: not a regular file", path));  // a socket does not open
    }
    if (file.get() < 0) {
      return std::unexpected(errno_error(errno, fmt::format("open {}", path)));
    }
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) {
      return std::unexpected(errno_error(errno, fmt::format("stat {}", path)));
    }
    if (!S_ISREG(info.st_mode)) {
      return fail(ErrorCode::kUnsupported, fmt::format("{}: not a regular file", path));
    }
    const auto size_bytes = static_cast<std::uint64_t>(info.st_size);
    if (size_bytes > limit_bytes) {
      return fail(ErrorCode::kLimitExceeded,
                  fmt::format("{}: {} bytes, limit {} bytes", path, size_bytes, limit_bytes));
    }
    // Files of the kernel have no size, and some of them give all they have to the first read, or lose it.
    constexpr std::uint64_t kKernelFileBytes = 4096;
    std::string content(size_bytes == 0 ? kKernelFileBytes : size_bytes + 1, '\0');
    REPOMAP_TRY(read_to_end(file.get(), path, limit_bytes, content));
    return content;
  }

  Result<FileStat> stat(const std::string& path) const override {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) {
      return std::unexpected(errno_error(errno, fmt::format("stat {}", path)));
    }
    return to_file_stat(info);
  }

  Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) const override {
    const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir(path.c_str()));
    if (!directory) {
      return std::unexpected(errno_error(errno, fmt::format("list {}", path)));
    }
    std::vector<DirectoryEntry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(directory.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") {
        entries.push_back({std::string(name), type_of_entry(path, *entry)});
      }
      errno = 0;
    }
    if (errno != 0) {
      return std::unexpected(errno_error(errno, fmt::format("list {}", path)));
    }
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
  }

 private:
  FileType type_of_entry(const std::string& directory, const dirent& entry) const {
    switch (entry.d_type) {
      case DT_REG: return FileType::kRegular;
      case DT_DIR: return FileType::kDirectory;
      case DT_LNK: return FileType::kSymlink;
      case DT_UNKNOWN: break;
      default: return FileType::kOther;
    }
    const auto info = stat(join_path(directory, entry.d_name));
    return info ? info->type : FileType::kOther;
  }
};

}  // namespace

std::unique_ptr<FileSystem> make_posix_file_system() { return std::make_unique<PosixFileSystem>(); }

std::string join_path(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') {
    path += '/';
  }
  path += name;
  return path;
}

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace repomap
