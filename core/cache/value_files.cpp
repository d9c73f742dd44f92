// SPDX-License-Identifier: Apache-2.0
#include "core/cache/value_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>

#include "core/base/byte_codec.hpp"
#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::string_view kMagic = "RMVF";
constexpr std::uint32_t kFormatVersion = 1;
constexpr int kAttempts = 16;  // a neighbour may remove the directory between our mkdir and our open
constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirectoryCloser>;

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() { ::close(descriptor_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// "ab/cdef….val" with 128 random bits.
Result<std::string> random_name() {
  std::array<std::uint64_t, 2> bits{};
  if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) {
    return std::unexpected(errno_error(errno, "getrandom"));
  }
  const std::string hex = to_hex(Digest{bits[0], bits[1]});
  return fmt::format("{}/{}.val", hex.substr(0, 2), hex.substr(2));
}

Result<std::string> read_fully(int descriptor, std::uint64_t limit, const std::string& path) {
  std::string content(limit, '\0');
  std::size_t used = 0;
  while (used < content.size()) {
    const ssize_t got = ::read(descriptor, content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return std::unexpected(errno_error(errno, fmt::format("read {}", path)));
    }
    if (got == 0) {
      break;
    }
    used += static_cast<std::size_t>(got);
  }
  content.resize(used);
  return content;
}

}  // namespace

std::string value_file_header(std::uint64_t size_bytes, const Digest& digest) {
  ByteWriter writer;
  writer.add_raw(kMagic);
  writer.add_u32(kFormatVersion);
  writer.add_u64(size_bytes);
  writer.add_digest(digest);
  return writer.take();
}

std::string digest_bytes(const Digest& digest) {
  ByteWriter writer;
  writer.add_digest(digest);
  return writer.take();
}

Digest digest_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  return reader.read_digest();
}

Status write_fully(int descriptor, std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return std::unexpected(errno_error(errno, fmt::format("write {}", name)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string ValueFiles::path_of(std::string_view name) const { return join_path(directory_, name); }

Result<int> ValueFiles::create(std::string& name) const {
  // 128 random bits are not met twice.
  REPOMAP_ASSIGN(name, random_name());
  for (int attempt = 0;; ++attempt) {
    const std::string path = path_of(name);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile);
    if (descriptor >= 0) {
      return descriptor;
    }
    const int reason = errno;
    if (reason != ENOENT || attempt == kAttempts) {
      return std::unexpected(errno_error(reason, fmt::format("create {}", path)));
    }
    ::mkdir(directory_.c_str(), kPrivateDirectory);
    const std::string parent = path.substr(0, path.rfind('/'));
    if (::mkdir(parent.c_str(), kPrivateDirectory) != 0 && errno != EEXIST && errno != ENOENT) {
      return std::unexpected(errno_error(errno, fmt::format("mkdir {}", parent)));
    }
  }
}

Result<std::string> ValueFiles::write(std::string_view value, const Digest& digest, Synchronous synchronous) const {
  std::string name;
  REPOMAP_ASSIGN(const int raw, create(name));
  const Descriptor descriptor(raw);
  auto fill = [&]() -> Status {
    REPOMAP_TRY(write_fully(raw, value_file_header(value.size(), digest), name));
    REPOMAP_TRY(write_fully(raw, value, name));
    if (synchronous == Synchronous::kFull && ::fdatasync(raw) != 0) {
      return std::unexpected(errno_error(errno, fmt::format("fdatasync {}", name)));
    }
    return {};
  };
  if (Status filled = fill(); !filled) {
    static_cast<void>(remove(name));
    return std::unexpected(std::move(filled).error());
  }
  return name;
}

Result<int> ValueFiles::open(std::string_view name) const {
  const std::string path = path_of(name);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, fmt::format("open {}", path)));
  }
  return descriptor;
}

Result<std::string> ValueFiles::read(std::string_view name, std::uint64_t size_bytes, const Digest& digest) const {
  REPOMAP_ASSIGN(const int raw, open(name));
  const Descriptor descriptor(raw);
  struct stat info{};
  if (::fstat(raw, &info) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("fstat {}", path_of(name))));
  }
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != size_bytes + kValueFileHeaderBytes) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: not of the length that its row says", path_of(name)));
  }
  REPOMAP_ASSIGN(const std::string header, read_fully(raw, kValueFileHeaderBytes, path_of(name)));
  REPOMAP_ASSIGN(std::string value, read_fully(raw, size_bytes, path_of(name)));
  if (value.size() != size_bytes || header != value_file_header(size_bytes, digest) || digest_of(value) != digest) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: not the content that its row says", path_of(name)));
  }
  return value;
}

bool ValueFiles::exists(std::string_view name) const { return ::access(path_of(name).c_str(), F_OK) == 0; }

Status ValueFiles::remove(std::string_view name) const {
  const std::string path = path_of(name);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return std::unexpected(errno_error(errno, fmt::format("unlink {}", path)));
  }
  ::rmdir(path.substr(0, path.rfind('/')).c_str());  // fails while there are other files in it
  return {};
}

void ValueFiles::remove_directory(const std::string& name) const { ::rmdir(path_of(name).c_str()); }

namespace {

/// Calls `each(entry name)` for the entries of a directory; a missing one has none.
Status for_each_entry(const std::string& path, const std::function<void(const std::string&)>& each) {
  const Directory directory(::opendir(path.c_str()));
  if (!directory) {
    return errno == ENOENT ? Status{} : Status(std::unexpected(errno_error(errno, fmt::format("opendir {}", path))));
  }
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      each(name);
    }
  }
  return {};
}

FoundFile found_file(std::string name, const struct stat& info) {
  const std::time_t age = std::time(nullptr) - info.st_mtim.tv_sec;
  return {std::move(name), static_cast<std::uint64_t>(info.st_size), std::chrono::seconds(age)};
}

}  // namespace

Status ValueFiles::scan(const std::function<void(const FoundFile&)>& found,
                        const std::function<void(const std::string& name)>& empty) const {
  Status status;
  auto visit = [&](const std::string& name) {
    struct stat info{};
    if (::lstat(path_of(name).c_str(), &info) != 0) {
      return;
    }
    if (!S_ISDIR(info.st_mode)) {
      found(found_file(name, info));
      return;
    }
    std::size_t entries = 0;
    Status listed = for_each_entry(path_of(name), [&](const std::string& file) {
      ++entries;
      struct stat file_info{};
      const std::string file_name = join_path(name, file);
      if (::lstat(path_of(file_name).c_str(), &file_info) == 0) {
        found(found_file(file_name, file_info));
      }
    });
    if (!listed) {
      status = std::move(listed);
    } else if (entries == 0) {
      empty(name);
    }
  };
  REPOMAP_TRY(for_each_entry(directory_, visit));
  return status;
}

}  // namespace repomap
