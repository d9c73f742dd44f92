// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"

namespace repomap {

/// Bytes of the header in front of the value in its file (docs/CACHE_FORMAT.md, "Value files").
inline constexpr std::uint64_t kValueFileHeaderBytes = 32;

/// A file as a directory scan finds it.
struct FoundFile {
  std::string name;  ///< "ab/cdef….val"
  std::uint64_t size_bytes = 0;
  std::chrono::seconds age{};
};

/// The directory "values" of a store: one file for each large value, in up to 256 directories. Thread-safe, and safe
/// against other processes that make and remove files and directories at the same time.
class ValueFiles {
 public:
  explicit ValueFiles(std::string directory) : directory_(std::move(directory)) {}

  /// Writes a new file of a random name for a value that has this digest. Errors: kNoSpace, kPermissionDenied, kIo;
  /// then nothing is left behind.
  Result<std::string> write(std::string_view value, const Digest& digest, Synchronous synchronous) const;

  /// Makes a new file of a random name, for writing; gives its descriptor.
  Result<int> create(std::string& name) const;
  /// Opens a file for reading.
  Result<int> open(std::string_view name) const;

  /// The whole value. Errors: kNotFound; kCorrupt if length or digest are not these.
  Result<std::string> read(std::string_view name, std::uint64_t size_bytes, const Digest& digest) const;

  bool exists(std::string_view name) const;

  /// Removes a file, and its directory if that is empty then. A missing file is none of the failures.
  Status remove(std::string_view name) const;

  /// Calls `found` for every file, whatever its name, and `empty` for every empty directory.
  Status scan(const std::function<void(const FoundFile&)>& found,
              const std::function<void(const std::string& name)>& empty) const;

  /// Removes an empty directory that scan() has found.
  void remove_directory(const std::string& name) const;

  std::string path_of(std::string_view name) const;

 private:
  std::string directory_;
};

/// The 32 bytes in front of a value.
std::string value_file_header(std::uint64_t size_bytes, const Digest& digest);

/// The bytes of a digest in a row, and back.
std::string digest_bytes(const Digest& digest);
Digest digest_from_bytes(std::string_view bytes);

/// Writes all of the bytes at the descriptor's position. `name` is for the message.
Status write_fully(int descriptor, std::string_view bytes, std::string_view name);

}  // namespace repomap
