// SPDX-License-Identifier: Apache-2.0
#include "watcher/open_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

namespace repomap {
namespace {

FileType type_of_mode(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return FileType::kRegular;
    case S_IFDIR: return FileType::kDirectory;
    case S_IFLNK: return FileType::kSymlink;
    default: return FileType::kOther;
  }
}

FileType type_of_entry(int directory, const char* name, unsigned char type) {
  switch (type) {
    case DT_REG: return FileType::kRegular;
    case DT_DIR: return FileType::kDirectory;
    case DT_LNK: return FileType::kSymlink;
    case DT_UNKNOWN: break;  // a file system that keeps no types in its directories
    default: return FileType::kOther;
  }
  struct stat info{};
  return ::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 ? type_of_mode(info.st_mode) : FileType::kOther;
}

/// What getdents64(2) writes for each entry; the name follows, ends with NUL, and is padded.
struct RawEntry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t length;
  std::uint8_t type;
};
constexpr std::size_t kNameOffset = offsetof(RawEntry, type) + 1;

bool sorts_before(const DirectoryListing::Entry& left, const DirectoryListing::Entry& right) {
  const std::size_t common = std::min(left.length, right.length);
  const int order = std::memcmp(left.name, right.name, common);
  if (order != 0) {
    return order < 0;
  }
  const auto next = [common](const DirectoryListing::Entry& entry) -> unsigned {
    if (entry.length > common) {
      return static_cast<unsigned char>(entry.name[common]);
    }
    return entry.type == FileType::kDirectory ? '/' : 0U;
  };
  return next(left) < next(right);
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec; }

}  // namespace

void DirectoryListing::clear() {
  names_.clear();
  starts_.clear();
  entries_.clear();
}

void DirectoryListing::add(std::string_view name, FileType type) {
  starts_.push_back(names_.size());
  names_.append(name).push_back('\0');
  entries_.push_back({nullptr, static_cast<std::uint32_t>(name.size()), type});
}

void DirectoryListing::sort() {
  for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
    entries_[entry].name = names_.data() + starts_[entry];
  }
  std::ranges::sort(entries_, sorts_before);
}

const DirectoryListing::Entry* DirectoryListing::find(std::string_view name) const {
  // The order depends on the type, so a name may stand in two places.
  for (const FileType type : {FileType::kRegular, FileType::kDirectory}) {
    const Entry wanted{name.data(), static_cast<std::uint32_t>(name.size()), type};
    const auto found = std::ranges::lower_bound(entries_, wanted, sorts_before);
    if (found != entries_.end() && found->view() == name) {
      return &*found;
    }
  }
  return nullptr;
}

OpenDirectory::~OpenDirectory() { close(); }
OpenDirectory::OpenDirectory(OpenDirectory&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OpenDirectory& OpenDirectory::operator=(OpenDirectory&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void OpenDirectory::close() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

Result<OpenDirectory> OpenDirectory::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, path));
  }
  return OpenDirectory(descriptor);
}

Result<OpenDirectory> OpenDirectory::open_child(const char* name) const {
  const int descriptor = ::openat(descriptor_, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor >= 0) {
    return OpenDirectory(descriptor);
  }
  if (errno == ENOTDIR || errno == ELOOP) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: not a directory", name));
  }
  return std::unexpected(errno_error(errno, name));
}

Result<OpenDirectory> OpenDirectory::open_below(std::string_view path) const {
  REPOMAP_ASSIGN(OpenDirectory directory, open_child("."));
  while (!path.empty()) {
    const std::string name(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    auto child = directory.open_child(name.c_str());
    if (!child) {
      return child;
    }
    directory = std::move(*child);
  }
  return directory;
}

Result<OpenDirectory> OpenDirectory::open_parent() const { return open_child(".."); }

Result<OpenDirectory::Identity> OpenDirectory::identity() const {
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) {
    return std::unexpected(errno_error(errno, "stat"));
  }
  return Identity{info.st_dev, info.st_ino};
}

std::string OpenDirectory::self_path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

Status OpenDirectory::read(std::vector<char>& buffer, DirectoryListing& listing) const {
  listing.clear();
  while (true) {
    const long got = ::syscall(SYS_getdents64, descriptor_, buffer.data(), buffer.size());
    if (got < 0) {
      return std::unexpected(errno_error(errno, "list"));
    }
    if (got == 0) {
      listing.sort();
      return {};
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      RawEntry raw{};
      std::memcpy(&raw, buffer.data() + at, kNameOffset);
      const char* const name = buffer.data() + at + kNameOffset;
      const std::string_view view = name;
      if (view != "." && view != "..") {
        listing.add(view, type_of_entry(descriptor_, name, raw.type));
      }
      at += raw.length;
    }
  }
}

Result<FileStat> OpenDirectory::stat(const char* name) const {
  struct stat info{};
  if (::fstatat(descriptor_, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return std::unexpected(errno_error(errno, name));
  }
  return FileStat{.type = type_of_mode(info.st_mode),
                  .size_bytes = static_cast<std::uint64_t>(info.st_size),
                  .mtime_ns = nanoseconds(info.st_mtim),
                  .ctime_ns = nanoseconds(info.st_ctim),
                  .inode = info.st_ino,
                  .device = info.st_dev};
}

Result<std::string> OpenDirectory::read_file(const char* name, std::size_t limit_bytes) const {
  // O_NONBLOCK: the entry may have become a FIFO since it was listed.
  const OpenDirectory file(::openat(descriptor_, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat info{};
  if (!file.is_open() || ::fstat(file.descriptor_, &info) != 0) {
    return std::unexpected(errno_error(errno, name));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: not a regular file", name));
  }
  std::string content;
  std::array<char, 16384> chunk{};
  while (content.size() <= limit_bytes) {
    const ssize_t got = ::read(file.descriptor_, chunk.data(), chunk.size());
    if (got < 0 && errno != EINTR) {
      return std::unexpected(errno_error(errno, name));
    }
    if (got == 0) {
      return content;
    }
    content.append(chunk.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
  }
  return fail(ErrorCode::kLimitExceeded, fmt::format("{}: larger than {} bytes", name, limit_bytes));
}

std::string OpenDirectory::describe_link(const char* name, std::string_view root) const {
  const OpenDirectory target(::openat(descriptor_, name, O_PATH | O_CLOEXEC));
  struct stat info{};
  if (!target.is_open() || ::fstat(target.descriptor_, &info) != 0) {
    switch (errno) {
      case ELOOP: return "leads in a loop";
      case ENOENT:
      case ENOTDIR: return "leads to nothing";
      default: return fmt::format("cannot be followed: {}", errno_error(errno, name).message);
    }
  }
  std::array<char, PATH_MAX> resolved{};
  const ssize_t length = ::readlink(target.self_path().c_str(), resolved.data(), resolved.size());
  const std::string_view path(resolved.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  const bool inside =
      path == root || root == "/" || (path.starts_with(root) && path.substr(root.size()).starts_with('/'));
  if (!inside) {
    return "leads out of the tree";
  }
  switch (type_of_mode(info.st_mode)) {
    case FileType::kRegular: return "leads to a file of the tree";
    case FileType::kDirectory: return "leads to a directory";
    default: return "leads to a special file";
  }
}

}  // namespace repomap
