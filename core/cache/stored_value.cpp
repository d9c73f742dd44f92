// SPDX-License-Identifier: Apache-2.0
#include "core/cache/stored_value.hpp"

namespace repomap {
namespace {

constexpr int kSize = 1;
constexpr int kChecksum = 2;
constexpr int kFile = 3;
constexpr int kValue = 4;

}  // namespace

void bind_value(SqliteQuery& query, int first, const ValueColumns& value) {
  query.bind(first, static_cast<std::int64_t>(value.type));
  query.bind(first + kSize, value.size_bytes);
  query.bind(first + kChecksum, static_cast<std::int64_t>(value.checksum));
  if (value.file.empty()) {
    query.bind_null(first + kFile);
  } else {
    query.bind_text(first + kFile, value.file);
  }
  switch (value.type) {
    case ValueType::kInteger: query.bind(first + kValue, value.integer); break;
    case ValueType::kReal: query.bind(first + kValue, value.real); break;
    case ValueType::kEncoded:
    case ValueType::kPlain: query.bind(first + kValue, value.bytes); break;
  }
}

ValueColumns read_value(const SqliteQuery& query, int first) {
  ValueColumns value;
  const std::int64_t type = query.integer(first);
  if (type >= 0 && type <= static_cast<std::int64_t>(ValueType::kPlain)) {
    value.type = static_cast<ValueType>(type);
  }
  value.size_bytes = query.integer(first + kSize);
  value.checksum = static_cast<std::uint64_t>(query.integer(first + kChecksum));
  value.file = query.bytes(first + kFile);
  if (value.type == ValueType::kInteger) {
    value.integer = query.integer(first + kValue);
  } else if (value.type == ValueType::kReal) {
    value.real = query.real(first + kValue);
  } else {
    value.bytes = query.bytes(first + kValue);
  }
  return value;
}

}  // namespace repomap
