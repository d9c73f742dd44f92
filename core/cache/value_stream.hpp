// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/cache/value_files.hpp"

namespace repomap {

/// Takes a value piece by piece into a value file, so that it need not be in memory as a whole. Made by
/// DiskStore::new_value(), which it must not outlive; handed over to set_streamed(), or else its file is removed.
/// Used by one thread.
class ValueWriter {
 public:
  static Result<ValueWriter> create(const ValueFiles& files, const Clock& clock);
  ValueWriter(ValueWriter&& other) noexcept;
  ~ValueWriter();
  ValueWriter(const ValueWriter&) = delete;
  ValueWriter& operator=(const ValueWriter&) = delete;
  ValueWriter& operator=(ValueWriter&&) = delete;

  /// Errors: kNoSpace, kIo; then the writer is of no more use.
  Status append(std::string_view bytes);
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  friend class StoreTransaction;
  ValueWriter(const ValueFiles& files, int descriptor, std::string name, std::chrono::nanoseconds created);
  /// Writes the header. Afterwards the file is as set_streamed() adopts it.
  Status finish(Synchronous synchronous);
  /// The file is the store's now.
  void let_go() { name_.clear(); }

  const ValueFiles* files_;
  int descriptor_;
  std::string name_;  // "": nothing to remove
  std::chrono::nanoseconds created_;
  std::uint64_t size_bytes_ = 0;
  DigestBuilder digest_;
};

/// Gives a value piece by piece, also while its entry is replaced or removed. Used by one thread.
class ValueReader {
 public:
  /// A value that is in memory.
  explicit ValueReader(std::string value);
  /// A value file. Errors: kNotFound; kCorrupt if its length or header is not as the row says.
  static Result<ValueReader> open(const ValueFiles& files, const std::string& name, std::uint64_t size_bytes,
                                  const Digest& digest);
  ValueReader(ValueReader&& other) noexcept;
  ~ValueReader();
  ValueReader(const ValueReader&) = delete;
  ValueReader& operator=(const ValueReader&) = delete;
  ValueReader& operator=(ValueReader&&) = delete;

  std::uint64_t size_bytes() const { return size_bytes_; }

  /// The next bytes, at most as many as there is room for; 0: all were read. Errors: kIo; kCorrupt where the file ends
  /// too soon or, with the call that would give 0, if the bytes were not those that were stored.
  Result<std::size_t> read(std::span<char> room);

 private:
  ValueReader(int descriptor, std::uint64_t size_bytes, const Digest& digest);

  std::string memory_;
  int descriptor_ = -1;  // -1: the value is in memory
  std::uint64_t size_bytes_ = 0;
  std::uint64_t position_ = 0;
  Digest expected_;
  DigestBuilder digest_;
};

}  // namespace repomap
