// SPDX-License-Identifier: Apache-2.0
#include "core/cache/value_stream.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace repomap {

ValueWriter::ValueWriter(const ValueFiles& files, int descriptor, std::string name, std::chrono::nanoseconds created)
    : files_(&files), descriptor_(descriptor), name_(std::move(name)), created_(created) {}

ValueWriter::ValueWriter(ValueWriter&& other) noexcept
    : files_(other.files_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::exchange(other.name_, {})),
      created_(other.created_),
      size_bytes_(other.size_bytes_),
      digest_(std::move(other.digest_)) {}

ValueWriter::~ValueWriter() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  if (!name_.empty()) {
    static_cast<void>(files_->remove(name_));
  }
}

Result<ValueWriter> ValueWriter::create(const ValueFiles& files, const Clock& clock) {
  std::string name;
  REPOMAP_ASSIGN(const int descriptor, files.create(name));
  ValueWriter writer(files, descriptor, std::move(name), clock.monotonic());
  // Length and digest are not known yet; until they are, this is no header.
  REPOMAP_TRY(write_fully(descriptor, std::string(kValueFileHeaderBytes, '\0'), writer.name_));
  return writer;
}

Status ValueWriter::append(std::string_view bytes) {
  REPOMAP_TRY(write_fully(descriptor_, bytes, name_));
  digest_.add(bytes);
  size_bytes_ += bytes.size();
  return {};
}

Status ValueWriter::finish(Synchronous synchronous) {
  const std::string header = value_file_header(size_bytes_, digest_.digest());
  if (::pwrite(descriptor_, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) {
    return std::unexpected(errno_error(errno, fmt::format("pwrite {}", name_)));
  }
  if (synchronous == Synchronous::kFull && ::fdatasync(descriptor_) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("fdatasync {}", name_)));
  }
  return {};
}

ValueReader::ValueReader(std::string value) : memory_(std::move(value)), size_bytes_(memory_.size()) {}

ValueReader::ValueReader(int descriptor, std::uint64_t size_bytes, const Digest& digest)
    : descriptor_(descriptor), size_bytes_(size_bytes), expected_(digest) {}

ValueReader::ValueReader(ValueReader&& other) noexcept
    : memory_(std::move(other.memory_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(other.size_bytes_),
      position_(other.position_),
      expected_(other.expected_),
      digest_(std::move(other.digest_)) {}

ValueReader::~ValueReader() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Result<ValueReader> ValueReader::open(const ValueFiles& files, const std::string& name, std::uint64_t size_bytes,
                                      const Digest& digest) {
  REPOMAP_ASSIGN(const int descriptor, files.open(name));
  ValueReader reader(descriptor, size_bytes, digest);
  std::array<char, kValueFileHeaderBytes> header{};
  struct stat info{};
  if (::fstat(descriptor, &info) != 0 || ::read(descriptor, header.data(), header.size()) < 0) {
    return std::unexpected(errno_error(errno, fmt::format("read {}", files.path_of(name))));
  }
  if (static_cast<std::uint64_t>(info.st_size) != size_bytes + kValueFileHeaderBytes ||
      std::string_view(header.data(), header.size()) != value_file_header(size_bytes, digest)) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: not the file that its row says", files.path_of(name)));
  }
  return reader;
}

Result<std::size_t> ValueReader::read(std::span<char> room) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), size_bytes_ - position_));
  if (descriptor_ < 0) {
    std::copy_n(memory_.data() + position_, wanted, room.data());
    position_ += wanted;
    return wanted;
  }
  if (wanted == 0) {
    if (position_ == size_bytes_ && digest_.digest() != expected_) {
      return fail(ErrorCode::kCorrupt, "a value file does not have the content that was stored");
    }
    return 0;
  }
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, room.data(), wanted);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return std::unexpected(errno_error(errno, "read of a value file"));
  }
  if (got == 0) {
    return fail(ErrorCode::kCorrupt, "a value file ends too soon");
  }
  digest_.add({room.data(), static_cast<std::size_t>(got)});
  position_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

}  // namespace repomap
