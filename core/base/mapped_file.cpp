// SPDX-License-Identifier: Apache-2.0
#include "core/base/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace repomap {
namespace {

/// The mapping of an open descriptor, which may be closed afterwards.
Result<std::span<const std::byte>> map_descriptor(int descriptor, const std::string& path) {
  struct stat info{};
  if (::fstat(descriptor, &info) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("stat {}", path)));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: not a regular file", path));
  }
  const auto size_bytes = static_cast<std::size_t>(info.st_size);
  if (size_bytes == 0) {
    return std::span<const std::byte>();
  }
  void* address = ::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, descriptor, 0);
  if (address == MAP_FAILED) {
    return std::unexpected(errno_error(errno, fmt::format("map {}", path)));
  }
  return std::span<const std::byte>(static_cast<const std::byte*>(address), size_bytes);
}

void unmap(std::span<const std::byte> bytes) {
  if (!bytes.empty()) {
    ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
  }
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; fstat then refuses it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, fmt::format("open {}", path)));
  }
  const auto bytes = map_descriptor(descriptor, path);
  ::close(descriptor);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  return MappedFile(*bytes);
}

MappedFile::~MappedFile() { unmap(bytes_); }

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    unmap(bytes_);
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

}  // namespace repomap
