// SPDX-License-Identifier: Apache-2.0
#include "cli/install_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

#include "cli/jsonc_document.hpp"
#include "core/base/file_system.hpp"

namespace repomap::cli {
namespace {

/// Closes a descriptor, and removes the temporary file unless it was renamed.
class TemporaryFile {
 public:
  static Result<std::unique_ptr<TemporaryFile>> create(const std::string& beside) {
    std::string name = beside + ".repomap-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) {
      return std::unexpected(errno_error(errno, fmt::format("writing beside {}", beside)));
    }
    return std::unique_ptr<TemporaryFile>(new TemporaryFile(descriptor, std::move(name)));
  }
  ~TemporaryFile() {
    ::close(descriptor_);
    if (!name_.empty()) {
      ::unlink(name_.c_str());
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// Gives it the owner and the group of the file that it is to replace.
  Status adopt_owner(const InstallFile& file) const {
    struct stat own{};
    if (::fstat(descriptor_, &own) != 0) {
      return std::unexpected(errno_error(errno, name_));
    }
    const bool is_same = own.st_uid == file.owner && own.st_gid == file.group;
    if (!is_same && ::fchown(descriptor_, file.owner, file.group) != 0) {
      return std::unexpected(errno_error(errno, fmt::format("{}: keeping its owner and group", file.path)));
    }
    return {};
  }

  Status write(std::string_view text, mode_t mode) const {
    if (::fchmod(descriptor_, mode) != 0) {
      return std::unexpected(errno_error(errno, name_));
    }
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno != EINTR) {
        return std::unexpected(errno_error(errno, name_));
      }
      text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    if (::fsync(descriptor_) != 0) {
      return std::unexpected(errno_error(errno, name_));
    }
    return {};
  }

  Status rename_to(const std::string& target) {
    if (::rename(name_.c_str(), target.c_str()) != 0) {
      return std::unexpected(errno_error(errno, target));
    }
    name_.clear();
    return {};
  }

 private:
  TemporaryFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  const int descriptor_;
  std::string name_;  // "" once renamed
};

Status check_unchanged(const InstallFile& file) {
  REPOMAP_ASSIGN(const InstallFile current, read_install_file(file.path));
  if (current.target != file.target || current.text != file.text) {
    return fail(ErrorCode::kBusy, fmt::format("{}: another program has just changed it; try again", file.path));
  }
  return {};
}

}  // namespace

Result<InstallFile> read_install_file(const std::string& path) {
  InstallFile file;
  file.path = path;
  file.target = path;
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) {
      return file;
    }
    return std::unexpected(errno_error(errno, path));
  }
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) {
    return errno == ENOENT ? fail(ErrorCode::kUnsupported, fmt::format("{}: a symbolic link to nothing", path))
                           : std::unexpected(errno_error(errno, path));
  }
  file.target = resolved.get();
  REPOMAP_ASSIGN(file.text, make_posix_file_system()->read_file(file.target, kMaxJsoncBytes));
  if (::stat(file.target.c_str(), &found) != 0) {
    return std::unexpected(errno_error(errno, path));
  }
  file.mode = found.st_mode & 07777U;
  file.owner = found.st_uid;
  file.group = found.st_gid;
  return file;
}

Status write_install_file(const InstallFile& file, std::string_view text, mode_t new_mode) {
  std::error_code error;
  const std::string directory = std::filesystem::path(file.target).parent_path();
  std::filesystem::create_directories(directory, error);
  if (error) {
    return std::unexpected(errno_error(error.value(), directory));
  }
  if (file.text && ::access(file.target.c_str(), W_OK) != 0) {
    return std::unexpected(errno_error(errno, file.path));
  }
  REPOMAP_ASSIGN(const auto temporary, TemporaryFile::create(file.target));
  // Before the mode: a change of owner takes the set-id bits away.
  REPOMAP_TRY(file.text ? temporary->adopt_owner(file) : Status());
  REPOMAP_TRY(temporary->write(text, file.text ? file.mode : new_mode));
  REPOMAP_TRY(check_unchanged(file));
  return temporary->rename_to(file.target);
}

Status remove_install_file(const InstallFile& file) {
  REPOMAP_TRY(check_unchanged(file));
  if (::unlink(file.path.c_str()) != 0) {
    return std::unexpected(errno_error(errno, file.path));
  }
  return {};
}

}  // namespace repomap::cli
