// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/store_types.hpp"
#include "core/cache/stored_value.hpp"
#include "core/cache/value_codec.hpp"
#include "core/cache/value_files.hpp"

namespace repomap {

/// What the views of packed columns refer to. Reused from one value to the next.
struct ValueScratch {
  std::string encoded;
  std::string file;
  std::string digest;
};

/// Turns values into the columns of a row and back: codec, checksum, and a file for what is large. Thread-safe.
class ValueStorage {
 public:
  ValueStorage(std::string directory, std::shared_ptr<const ValueCodec> codec, Synchronous synchronous)
      : files_(std::move(directory)), codec_(std::move(codec)), synchronous_(synchronous) {}

  /// The columns of these bytes; from `min_file_bytes` on (after the codec) they are in a new file afterwards.
  Result<ValueColumns> pack(std::string_view bytes, std::uint64_t min_file_bytes, ValueScratch& scratch) const;
  static ValueColumns pack(std::int64_t value);
  static ValueColumns pack(double value);

  /// The columns of a file that was streamed.
  static ValueColumns pack_file(std::uint64_t size_bytes, ValueScratch& scratch);

  /// The value in the columns. Errors: kCorrupt for what does not have its checksum, kNotFound for a missing file, and
  /// what reading a file can give.
  Result<CacheValue> unpack(const ValueColumns& columns) const;

  const ValueFiles& files() const { return files_; }
  /// Null: values are stored as they are.
  const ValueCodec* codec() const { return codec_.get(); }

 private:
  ValueFiles files_;
  std::shared_ptr<const ValueCodec> codec_;
  Synchronous synchronous_;
};

/// What ValueColumns::checksum must be for the other columns.
std::uint64_t checksum_of(const ValueColumns& columns);

/// What key, tags and expiry add to the checksum of an entry. A sum, so that a new expiry needs no reading of the
/// value.
std::uint64_t checksum_of_name(std::string_view key, std::string_view tags);
std::uint64_t checksum_of_expiry(std::optional<std::int64_t> expires_us);

}  // namespace repomap
