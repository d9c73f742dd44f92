// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// The bytes of a regular file, mapped read-only: nothing is read before it is touched.
///
/// Owns the mapping, which stays valid when the file is renamed or deleted. A file that is shortened in place while it
/// is mapped ends the process with SIGBUS on the next access, so writers of such files must replace them by rename(2).
/// Movable. Thread-safe: the bytes do not change.
class MappedFile {
 public:
  /// Errors: kNotFound, kPermissionDenied, kUnsupported (not a regular file), kIo.
  static Result<MappedFile> open(const std::string& path);

  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// The whole file, aligned to a page; empty for an empty file. Lives as long as this object or what it is moved to.
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace repomap
