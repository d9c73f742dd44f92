// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/cache/sqlite.hpp"

namespace repomap {

/// How the columns of a row hold a value (docs/CACHE_FORMAT.md, "Values").
enum class ValueType : std::uint8_t {
  kEncoded = 0,  ///< bytes that went through the store's codec
  kInteger = 1,
  kReal = 2,
  kPlain = 3,  ///< bytes as they are, whatever the codec: those that were streamed
};

/// The five columns that hold a value in any table of a store: type, size, checksum, file, value. A small value lies in
/// the row, a large one in a file of its own, whose digest is then the row's `value`.
/// `file` and `bytes` are views: of the row being read, or of what was stored.
struct ValueColumns {
  ValueType type = ValueType::kEncoded;
  std::int64_t size_bytes = 0;  ///< as stored, after the codec
  std::uint64_t checksum = 0;   ///< of the value alone; the table `entries` adds key, tags and expiry to it
  std::string_view file;        ///< name of the value file, "" for a value in the row
  std::string_view bytes;       ///< the value, or the digest of the file
  std::int64_t integer = 0;
  double real = 0;
};

/// Binds the columns to the parameters first … first + 4. REQUIRES: the views outlive the run.
void bind_value(SqliteQuery& query, int first, const ValueColumns& value);

/// The columns first … first + 4 of the present row. Foreign types come out as kEncoded and fail their checksum.
ValueColumns read_value(const SqliteQuery& query, int first);

}  // namespace repomap
